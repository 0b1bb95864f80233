// Public binary caches with the keys that their owners publish, and the naming of Cachix. Each entry names the file in
// which its owner publishes the key; `secondHand` ones were only seen in configurations of users, all agreeing.

import { type CacheKey, parseCacheKey, sameBytes } from "../formats/cacheKey";
import { parseStoreUrl, type StoreUrl, storeIdentity } from "../formats/storeUrl";

export interface WellKnownCache {
  /** Who runs it, for messages. */
  readonly owner: string;
  /** Absent for a key whose cache is gone. */
  readonly url?: string;
  /** `NAME:BASE64`, all that are valid. */
  readonly keys: readonly string[];
  /** Holds all of nixpkgs, so that it can stand alone. */
  readonly full?: boolean;
  /** Answers only with credentials. */
  readonly needsLogin?: boolean;
  /** No longer fed; its successor stands in this table too. */
  readonly retired?: boolean;
  /** The pairing of URL and key does not come from the owner: good for hints, not for errors. */
  readonly secondHand?: boolean;
}

export const WELL_KNOWN_CACHES: readonly WellKnownCache[] = [
  // NixOS/nix globals.hh (default)
  {
    owner: "NixOS",
    url: "https://cache.nixos.org",
    keys: ["cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="],
    full: true,
  },
  // nix-community/infra docs/cache.md
  {
    owner: "nix-community",
    url: "https://nix-community.cachix.org",
    keys: ["nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs="],
  },
  // cachix/cachix README.md, cachix/devenv flake.nix
  {
    owner: "Cachix",
    url: "https://cachix.cachix.org",
    keys: ["cachix.cachix.org-1:eWNHQldwUO7G2VkjpnjDbWwy4KQ/HNxht7H4SSoMckM="],
  },
  // cachix/devenv flake.nix
  {
    owner: "devenv",
    url: "https://devenv.cachix.org",
    keys: ["devenv.cachix.org-1:w1cLUi8dv3hnoSPGAuibQv+f9TZLr6cv/Hm9XgU50cw="],
  },
  // numtide/llm-agents.nix flake.nix
  {
    owner: "numtide",
    url: "https://cache.numtide.com",
    keys: ["niks3.numtide.com-1:DTx8wZduET09hRmMtKdQDxNNthLQETkc/yaX7M4qK0g="],
  },
  // hyprwm/hyprland-wiki content/Nix/Cachix.md
  {
    owner: "Hyprland",
    url: "https://hyprland.cachix.org",
    keys: ["hyprland.cachix.org-1:a7pgxzMz7+chwVL3/pzj6jIBMioiJM7ypFP8PwtkuGc="],
  },
  // zhaofengli/colmena flake.nix
  {
    owner: "Colmena",
    url: "https://colmena.cachix.org",
    keys: ["colmena.cachix.org-1:7BzpDnjjH8ki2CT3f6GdOk7QAzPOl+1t3LvTLXqYcSg="],
  },
  // astro/microvm.nix flake.nix
  {
    owner: "microvm.nix",
    url: "https://microvm.cachix.org",
    keys: ["microvm.cachix.org-1:oXnBc6hRE3eX5rSYdRyMYXnfzcCxC7yKPTbZXALsqys="],
  },
  // garnix.io/docs/caching
  {
    owner: "garnix",
    url: "https://cache.garnix.io",
    keys: ["cache.garnix.io:CTFPyKSLcx5RMJKfLo5EEPUObbA78b0YQ2DTCJXqr9g="],
  },
  // flox/flox flake.nix
  {
    owner: "flox",
    url: "https://cache.flox.dev",
    keys: ["flox-cache-public-1:7F4OyH7ZCnFhcze3fJdfyXYLQw/aV7GEed86nQ7IsOs="],
  },
  // DeterminateSystems/fh src/cli/cmd/login/mod.rs
  {
    owner: "FlakeHub",
    url: "https://cache.flakehub.com",
    keys: [
      "cache.flakehub.com-3:hJuILl5sVK4iKm86JzgdXW12Y2Hwd5G07qKtHTOcDCM=",
      "cache.flakehub.com-4:Asi8qIv291s0aYLyH6IOnr5Kf6+OF14WVjkE6t3xMio=",
      "cache.flakehub.com-5:zB96CRlL7tiPtzA9/WKyPkp3A2vqxqgdgyTVNGShPDU=",
      "cache.flakehub.com-6:W4EGFwAGgBj3he7c5fNh9NkOXw0PUVaxygCVKeuvaqU=",
      "cache.flakehub.com-7:mvxJ2DZVHn/kRxlIaxYNMuDG1OvMckZu32um1TadOR8=",
      "cache.flakehub.com-8:moO+OVS0mnTjBTcOUh2kYLQEd59ExzyoW1QgQ8XAARQ=",
      "cache.flakehub.com-9:wChaSeTI6TeCuV/Sg2513ZIM9i0qJaYsF+lZCXg0J6o=",
      "cache.flakehub.com-10:2GqeNlIp6AKp4EF2MVbE1kBOp9iBSyo0UPR9KoR0o1Y=",
    ],
    needsLogin: true,
  },
  // configurations of users; the owner does not confirm the pairing
  {
    owner: "Determinate",
    url: "https://install.determinate.systems",
    keys: ["cache.flakehub.com-3:hJuILl5sVK4iKm86JzgdXW12Y2Hwd5G07qKtHTOcDCM="],
    secondHand: true,
  },
  // lix-project/lix misc/upgrade-lix.sh
  {
    owner: "Lix",
    url: "https://cache.lix.systems",
    keys: ["cache.lix.systems:aBnZUw8zA7H35Cz2RyKFVs3H4PlGTLawyY5KRbvJR8o="],
  },
  // clan-lol/clan-core clanServices/trusted-nix-caches/default.nix
  {
    owner: "clan",
    url: "https://cache.clan.lol",
    keys: ["cache.clan.lol-1:3KztgSAB5R1M+Dz7vzkBGzXdodizbgLXGXKXlcQLA28="],
  },
  // clan-lol/clan-core clanServices/ncps/README.md
  {
    owner: "cuda-maintainers",
    url: "https://cuda-maintainers.cachix.org",
    keys: ["cuda-maintainers.cachix.org-1:0dq3bujKpuEPMCX6U4WylrUDZ9JyUG0VpVZa7CNfq5E="],
    retired: true,
  },
  // clan-lol/clan-core clanServices/ncps/README.md
  {
    owner: "nixpkgs-unfree",
    url: "https://nixpkgs-unfree.cachix.org",
    keys: ["nixpkgs-unfree.cachix.org-1:hqvoInulhbV4nJ9yJOEr+4wxhDV4xq2d1DK7S6Nj6rs="],
  },
  // clan-lol/clan-core clanServices/ncps/README.md
  {
    owner: "nix-gaming",
    url: "https://nix-gaming.cachix.org",
    keys: ["nix-gaming.cachix.org-1:nbjlureqMbRAxR1gJ/f3hxemL9svXaZF/Ees8vCUUs4="],
  },
  // configurations of users
  {
    owner: "niri",
    url: "https://niri.cachix.org",
    keys: ["niri.cachix.org-1:Wv0OmO7PsuocRKzfDoJ3mulSl7Z6oezYhGhR+3W2964="],
    secondHand: true,
  },
  // ten configurations of users, all agreeing
  {
    owner: "nixos-cuda",
    url: "https://cache.nixos-cuda.org",
    keys: ["cache.nixos-cuda.org:74DUi4Ye579gUqzH4ziL9IyiJBlDpMRn9MBN8oNan9M="],
    secondHand: true,
  },
  // ten configurations of users, all agreeing
  {
    owner: "numtide",
    url: "https://numtide.cachix.org",
    keys: ["numtide.cachix.org-1:2ps1kLBUWjxIneOy1Ik6cQjb41X0iXVXeHigGmycPPE="],
    retired: true,
    secondHand: true,
  },
  // nixpkgs option example
  {
    owner: "hydra.nixos.org",
    keys: ["hydra.nixos.org-1:CNHJZBh9K4tP3EKF6FkkgeVYsS3ohTl+oS0Qa8bezVs="],
    retired: true,
  },
];

export const DEFAULT_CACHE_URL = "https://cache.nixos.org/";

/** The well-known cache at that URL, however it is spelt. */
export function findCacheByUrl(url: StoreUrl): WellKnownCache | undefined {
  return indexed().byIdentity.get(
    storeIdentity({ ...url, scheme: url.scheme === "http" ? "https" : url.scheme }),
  );
}

/** The well-known cache that signs under that key name. */
export function findCacheByKeyName(name: string): WellKnownCache | undefined {
  return indexed().byKeyName.get(name);
}

/** The key of that name as its owner publishes it. */
export function publishedKey(name: string): CacheKey | undefined {
  return indexed().published.get(name);
}

/** Whether a key bears a published name but is not the published key. */
export function contradictsPublishedKey(key: CacheKey): boolean {
  const published = indexed().published.get(key.name);
  return published !== undefined && !sameBytes(published.bytes, key.bytes);
}

/** `NAME` of `https://NAME.cachix.org`; undefined for other caches and for Cachix's own pages. */
export function cachixCacheOfUrl(url: StoreUrl): string | undefined {
  if (url.family !== "http") return undefined;
  const name = /^([a-z0-9][a-z0-9-]*)\.cachix\.org$/.exec(url.host?.text.toLowerCase() ?? "")?.[1];
  return name === "app" || name === "docs" || name === "www" ? undefined : name;
}

/** `NAME` of the key name `NAME.cachix.org-1`. */
export function cachixCacheOfKey(name: string): string | undefined {
  return /^([a-z0-9][a-z0-9-]*)\.cachix\.org-\d+$/.exec(name)?.[1];
}

export function cachixUrl(cache: string): string {
  return `https://${cache}.cachix.org`;
}

/** The name of the first key that Cachix gives a cache; the payload cannot be derived. */
export function cachixKeyName(cache: string): string {
  return `${cache}.cachix.org-1`;
}

interface Index {
  readonly byIdentity: ReadonlyMap<string, WellKnownCache>;
  readonly byKeyName: ReadonlyMap<string, WellKnownCache>;
  readonly published: ReadonlyMap<string, CacheKey>;
}

/** The table by what is looked up. Made when it is first asked: reading every URL and key takes milliseconds of a start. */
let index: Index | undefined;

function indexed(): Index {
  index ??= makeIndex();
  return index;
}

function makeIndex(): Index {
  const urls = WELL_KNOWN_CACHES.flatMap(cache => {
    const url = cache.url === undefined ? undefined : parseStoreUrl(cache.url).url;
    return url === undefined ? [] : [[storeIdentity(url), cache] as const];
  });
  const keys = WELL_KNOWN_CACHES.flatMap(cache =>
    cache.keys.flatMap(text => {
      const reading = parseCacheKey(text);
      return reading.kind === "key" ? [{ cache, key: reading.key }] : [];
    }),
  );
  const published = keys.filter(({ cache }) => cache.secondHand !== true);
  return {
    byIdentity: new Map(urls),
    // where two caches sign with one key, the first in the table is its home
    byKeyName: new Map(keys.toReversed().map(({ cache, key }) => [key.name, cache])),
    published: new Map(published.map(({ key }) => [key.name, key])),
  };
}
