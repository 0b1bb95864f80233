// Where store paths are pushed to, read from what people type or from the caches of the fleet. Pure.

import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { t } from "../l10n";
import { checkedAtticCache } from "../services/attic";
import { checkedCachixCache } from "../services/cachix";
import { sameStore } from "../stores/spellings";
import { UserError } from "../userError";

export type Destination =
  /** A store that Nix itself writes to: file, s3, ssh, http with PUT. */
  | { readonly kind: "store"; readonly url: string; readonly secretKeyFile: string | undefined }
  | { readonly kind: "cachix"; readonly cache: string }
  | { readonly kind: "attic"; readonly cache: string };

/** `cachix:NAME`, `attic:[SERVER:]CACHE`, https://NAME.cachix.org, or a store URL. @throws UserError for all else */
export function parseDestination(text: string): Destination {
  const [, service, name] = /^(cachix|attic):(.*)$/.exec(text) ?? [];
  if (service === "cachix") return { kind: "cachix", cache: checkedCachixCache(name ?? "") };
  if (service === "attic") return { kind: "attic", cache: checkedAtticCache(name ?? "") };
  const cachix = /^https:\/\/([A-Za-z0-9_-]+)\.cachix\.org\/?(?:\?.*)?$/.exec(text)?.[1];
  if (cachix !== undefined) return { kind: "cachix", cache: checkedCachixCache(cachix) };
  return { kind: "store", url: checkedStoreUrl(text), secretKeyFile: undefined };
}

function checkedStoreUrl(text: string): string {
  const { url } = parseStoreUrl(text);
  if (url === undefined || !WRITABLE.test(text))
    throw new UserError(
      t("{0} is no store that can be pushed to: file://, s3://, ssh://, ssh-ng://, http(s)://.", text),
    );
  if (url.password !== undefined)
    throw new UserError(t("The address holds a password, which everybody on this machine could read."));
  return text;
}

const WRITABLE = /^(?:file|s3|ssh|ssh-ng|https?):\/\/\S+$/;

/** The URL as `nix copy --to` takes it: with the file of the key that signs, never with a key. */
export function storeUrlOf(destination: Extract<Destination, { kind: "store" }>): string {
  const { url, secretKeyFile } = destination;
  if (secretKeyFile === undefined) return url;
  return `${url}${url.includes("?") ? "&" : "?"}secret-key=${encodeURIComponent(secretKeyFile)}`;
}

/** Whether Nix signs while it writes there: binary caches, which have no Nix of their own. */
export function canSign(destination: Destination): boolean {
  return destination.kind === "store" && /^(?:file|s3|https?):/.test(destination.url);
}

export function destinationLabel(destination: Destination): string {
  switch (destination.kind) {
    case "store":
      return destination.url;
    case "cachix":
      return t("{0} at Cachix", destination.cache);
    case "attic":
      return t("{0} at Attic", destination.cache);
  }
}

/** Whether a cache is the destination itself, whatever its spelling. */
export function isSameCache(destination: Destination, url: string): boolean {
  return sameStore(addressOf(destination), url);
}

function addressOf(destination: Destination): string {
  return destination.kind === "store"
    ? destination.url
    : destination.kind === "cachix"
      ? `https://${destination.cache}.cachix.org`
      : "";
}
