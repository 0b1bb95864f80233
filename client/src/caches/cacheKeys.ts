// The public keys of a cache, from those who must know: our table of public caches, Cachix's and Attic's own answers.
// Where nobody tells, the user is asked.

import {
  cacheKeyNameProblem,
  formatCacheKey,
  parseCacheKey,
} from "../../../server/src/core/formats/cacheKey";
import type { StoreUrl } from "../../../server/src/core/formats/storeUrl";
import { cachixCacheOfUrl, findCacheByUrl } from "../../../server/src/core/knowledge/wellKnownCaches";
import { isRecord, parseJson } from "../json";
import { t } from "../l10n";
import type { Http } from "../ports/http";

export type CacheKeys =
  | {
      readonly kind: "found";
      readonly keys: readonly string[];
      /** Who said so, for people. */
      readonly from: string;
    }
  /** `why` is for people. */
  | { readonly kind: "unknown"; readonly why: string | undefined };

export async function findCacheKeys(http: Http, url: StoreUrl, signal?: AbortSignal): Promise<CacheKeys> {
  const known = findCacheByUrl(url);
  if (known !== undefined && known.secondHand !== true)
    return { kind: "found", keys: known.keys, from: t("the table of public caches ({0})", known.owner) };
  const cachix = cachixCacheOfUrl(url);
  if (cachix !== undefined) return askCachix(http, cachix, signal);
  return url.family === "http" ? askAttic(http, url, signal) : { kind: "unknown", why: undefined };
}

async function askCachix(http: Http, cache: string, signal: AbortSignal | undefined): Promise<CacheKeys> {
  const answer = await http.get(`https://cachix.org/api/v1/cache/${cache}`, options(signal));
  if (answer.kind === "failed") return { kind: "unknown", why: answer.message };
  if (answer.status === 404) return { kind: "unknown", why: t("Cachix knows no public cache {0}.", cache) };
  const keys = answer.status === 200 ? keysIn(parseJson(answer.body), "publicSigningKeys") : [];
  if (keys.length === 0) return { kind: "unknown", why: t("Cachix did not tell the key of {0}.", cache) };
  return { kind: "found", keys, from: "cachix.org" };
}

/** A cache of an Attic server is one segment of a path: `https://HOST/CACHE`. */
async function askAttic(http: Http, url: StoreUrl, signal: AbortSignal | undefined): Promise<CacheKeys> {
  const name = /^\/([A-Za-z0-9_-]{1,50})\/?$/.exec(url.path?.text ?? "")?.[1];
  const host = url.host?.text;
  if (name === undefined || host === undefined) return { kind: "unknown", why: undefined };
  const port = url.port === undefined ? "" : `:${url.port.text}`;
  const address = `${url.scheme}://${host}${port}/_api/v1/cache-config/${name}`;
  const answer = await http.get(address, options(signal));
  const keys =
    answer.kind === "answered" && answer.status === 200 ? keysIn(parseJson(answer.body), "public_key") : [];
  return keys.length === 0
    ? { kind: "unknown", why: undefined }
    : { kind: "found", keys, from: t("the Attic server {0}", host) };
}

function options(signal: AbortSignal | undefined) {
  const limits = { maxBytes: 64 * 1024, headers: { accept: "application/json" } };
  return signal === undefined ? limits : { ...limits, signal };
}

/** The keys in a field that is a key or a list of keys. Only whole keys with sound names count. */
function keysIn(value: unknown, field: string): readonly string[] {
  const found = isRecord(value) ? value[field] : undefined;
  const texts = (Array.isArray(found) ? found : [found]).slice(0, 20);
  return texts.flatMap(text => {
    const reading = typeof text === "string" ? parseCacheKey(text) : undefined;
    if (reading?.kind !== "key" || cacheKeyNameProblem(reading.key.name) !== undefined) return [];
    return [formatCacheKey(reading.key)];
  });
}
