// Caches and keys as a host's configuration has them already, in whatever spelling.

import { sameCacheKeyText } from "../../../server/src/core/formats/cacheKey";
import { parseStoreUrl, storeIdentity } from "../../../server/src/core/formats/storeUrl";
import type { HostSnapshot } from "../../../server/src/protocol";

/** The same store, whatever the parameters that only tune its use. */
export function sameStore(a: string, b: string): boolean {
  const [left, right] = [parseStoreUrl(a).url, parseStoreUrl(b).url];
  return left !== undefined && right !== undefined && storeIdentity(left) === storeIdentity(right);
}

/** How a host writes this cache; undefined where it does not ask it. */
export function cacheOn(host: HostSnapshot | undefined, url: string): string | undefined {
  return host?.substituters.find(each => sameStore(each, url));
}

/** How a host writes this key; undefined where it does not trust it. */
export function keyOn(host: HostSnapshot | undefined, key: string): string | undefined {
  return host?.trustedPublicKeys.find(each => sameCacheKeyText(each, key));
}
