// Which signatures a Nix wants, and whose keys it trusts.

import { type CacheKey, parseCacheKey } from "../formats/cacheKey";
import { parameterOf, type StoreUrl } from "../formats/storeUrl";
import { cachixCacheOfKey, findCacheByKeyName } from "../knowledge/wellKnownCaches";
import type { EffectiveSettings } from "./effectiveSettings";
import type { ListEntry } from "./listEntries";

/** Whether paths from that cache are certainly refused without a trusted signature. */
export function wantsSignatures(settings: EffectiveSettings, url: StoreUrl): boolean {
  const trusted = parameterOf(url, "trusted");
  const isTrusted = url.parameters.some(({ name }) => name.text === "trusted") && trusted !== "false";
  return (!isTrusted || trusted === "0") && settings.boolean("require-sigs", true) === true;
}

export interface TrustedKey {
  readonly key: CacheKey;
  readonly entry: ListEntry;
}

/** The keys that it trusts, as far as they are known. */
export function trustedKeys(settings: EffectiveSettings): {
  readonly keys: readonly TrustedKey[];
  readonly complete: boolean;
} {
  const { entries, complete } = settings.list("trusted-public-keys");
  const keys = keysOf(entries);
  return { keys, complete: complete && keys.length === entries.length };
}

/** Those of the entries that are keys. */
export function keysOf(entries: readonly ListEntry[]): readonly TrustedKey[] {
  return entries.flatMap((entry): TrustedKey[] => {
    const reading = parseCacheKey(entry.datum.text);
    return reading.kind === "key" ? [{ key: reading.key, entry }] : [];
  });
}

/** Whether a key is that of a public cache, so certainly not that of a host. */
export function isPublicCacheKey({ name }: CacheKey): boolean {
  return findCacheByKeyName(name) !== undefined || cachixCacheOfKey(name) !== undefined;
}
