// Inlay hints: which cache a key belongs to, and how many hosts use a cache or trust a key.

import type { Analysis } from "../analysis";
import { cacheOfKey, hostsTrustingKey, hostsUsingCache, nameOfKey } from "./cacheFacts";
import { countOf } from "./markdown";
import { type Mention, mentionsIn } from "./mentions";

/** A short text behind an offset. */
export interface InlayHint {
  readonly offset: number;
  readonly text: string;
  readonly tooltip: string;
}

export function inlayHints(
  analysis: Analysis,
  path: string,
  range: { start: number; end: number },
): InlayHint[] {
  return mentionsIn(analysis, path)
    .filter(({ span }) => span.start <= range.end && range.start <= span.end)
    .flatMap(mention => hintOf(analysis, mention) ?? []);
}

function hintOf(analysis: Analysis, mention: Mention): InlayHint | undefined {
  const { text, span } = mention;
  const keyName = mention.kind === "key" ? nameOfKey(text) : undefined;
  if (mention.kind === "key" && keyName === undefined) return undefined;
  const cache = keyName === undefined ? undefined : cacheOfKey(analysis.fleet(), keyName);
  const hosts =
    keyName === undefined
      ? hostsUsingCache(analysis.fleet(), text)
      : hostsTrustingKey(analysis.fleet(), keyName);
  const parts = [
    ...(cache === undefined ? [] : [cache.replace(/^https:\/\//, "")]),
    ...(hosts.length === 0 ? [] : [countOf(hosts.length, "host")]),
  ];
  if (parts.length === 0) return undefined;
  return { offset: span.end, text: parts.join(", "), tooltip: hosts.join(", ") };
}
