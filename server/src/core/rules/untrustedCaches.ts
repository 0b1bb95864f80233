// Caches that a Nix asks although it certainly trusts none of the keys that they sign with.

import type { Condition } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import {
  cachixCacheOfKey,
  cachixCacheOfUrl,
  findCacheByUrl,
  type WellKnownCache,
} from "../knowledge/wellKnownCaches";
import { contradict, type EffectiveSettings, implied } from "./effectiveSettings";
import { httpServerOf, signsOverHttp } from "./httpServers";
import type { ListEntry } from "./listEntries";
import { isPublicCacheKey, type TrustedKey, trustedKeys, wantsSignatures } from "./signatures";

/** A cache of whose signing keys something is known. */
export interface SigningCache {
  readonly entry: ListEntry;
  readonly url: StoreUrl;
  readonly wellKnown: WellKnownCache | undefined;
  readonly cachix: string | undefined;
  /** The host of the fleet that serves it over HTTP and signs, with a key that is only on that host. */
  readonly server: Host | undefined;
}

export interface Untrusted {
  readonly cache: SigningCache;
  readonly conditions: readonly Condition[];
}

/** The caches that are asked, of whose keys none is certainly trusted. */
export function untrustedCaches(
  settings: EffectiveSettings,
  serverOf: (url: StoreUrl) => Host | undefined = () => undefined,
): readonly Untrusted[] {
  const { keys, complete } = trustedKeys(settings);
  if (!complete) return [];
  return settings.list("substituters").entries.flatMap(entry => {
    const { url } = parseStoreUrl(entry.datum.text);
    if (url === undefined || !wantsSignatures(settings, url)) return [];
    const cache = {
      entry,
      url,
      wellKnown: findCacheByUrl(url),
      cachix: cachixCacheOfUrl(url),
      server: serverOf(url),
    };
    if ((cache.wellKnown ?? cache.cachix ?? cache.server) === undefined) return [];
    // Nix trusts its own default where nothing replaces the list.
    if (cache.wellKnown?.full === true && settings.host === undefined && !replacesKeys(settings)) return [];
    const conditions = whereMissing(
      entry.conditions,
      keys.filter(each => signs(cache, each)),
    );
    return conditions === undefined ? [] : [{ cache, conditions }];
  });
}

function replacesKeys({ facts }: EffectiveSettings): boolean {
  return facts.some(fact => fact.name === "trusted-public-keys" && !fact.extra);
}

function signs({ wellKnown, cachix, server }: SigningCache, { key, entry }: TrustedKey): boolean {
  // any key that is not known to be another's may be the one of that host
  if (server !== undefined) return !isPublicCacheKey(key);
  const names = wellKnown?.keys.map(text => text.split(":")[0]) ?? [];
  if (names.includes(key.name) || entry.datum.text.includes("\uFFFC")) return true;
  return cachix !== undefined && cachixCacheOfKey(key.name) === cachix;
}

/** Under which conditions none of the keys is there although the cache is; undefined if there is no such case for certain. */
function whereMissing(
  asked: readonly Condition[],
  keys: readonly TrustedKey[],
): readonly Condition[] | undefined {
  const possible = keys.filter(({ entry }) => !contradict(entry.conditions, asked));
  const [first, second] = possible;
  if (first === undefined) return asked;
  const { conditions } = first.entry;
  if (second !== undefined || implied(conditions, asked)) return undefined;
  const open = conditions.filter(one => !implied([one], asked));
  const [only, other] = open;
  return only === undefined || other !== undefined
    ? undefined
    : [...asked, { ...only, negated: !only.negated }];
}

/** Another host of the fleet that serves and signs what is behind the URL. */
export function signingServer(fleet: Fleet, url: StoreUrl, client: Host): Host | undefined {
  const server = httpServerOf(fleet, url, client);
  return server !== undefined && server !== client && signsOverHttp(server) ? server : undefined;
}
