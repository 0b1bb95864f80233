// The order in which Nix on a host asks its caches: by priority, lower first, and as they stand among equals.

import type { NixCacheInfo } from "../../../server/src/core/formats/nixCacheInfo";
import { parameterOf, parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { findCacheByUrl } from "../../../server/src/core/knowledge/wellKnownCaches";

export interface AskedCache {
  readonly url: string;
  /** Undefined where only the cache itself could tell; it then stands where most caches do. */
  readonly priority: number | undefined;
}

/** What cache.nixos.org and most others say of themselves. */
const USUAL = 40;

/** `infoOf` is what a cache said when it was tested. */
export function askingOrder(
  substituters: readonly string[],
  infoOf: (url: string) => NixCacheInfo | undefined,
): readonly AskedCache[] {
  const asked = [...new Set(substituters)].map(url => ({ url, priority: priorityOf(url, infoOf(url)) }));
  return asked.sort((a, b) => (a.priority ?? USUAL) - (b.priority ?? USUAL));
}

function priorityOf(text: string, info: NixCacheInfo | undefined): number | undefined {
  const { url } = parseStoreUrl(text);
  if (url === undefined) return undefined;
  const stated = parameterOf(url, "priority");
  if (stated !== undefined && /^-?\d{1,9}$/.test(stated)) return Number(stated);
  if (info !== undefined) return info.priority ?? 0;
  // an SSH store announces nothing, and nothing means first
  if (url.family === "ssh") return 0;
  return findCacheByUrl(url)?.full === true ? USUAL : undefined;
}
