// The two parts of a cache key's text, `NAME:BASE64`, as Nix splits and decodes them, and how the spelling departs from
// the canonical one. What the bytes are is decided in cacheKey.ts.

import { decodeBase64Lax, encodeBase64, fromUrlSafe } from "./base64";
import type { CacheKeyDeparture, CacheKeyProblem, CacheKeyProblemKind } from "./cacheKey";
import { type TextPart, type TextRange, trimmedPart } from "./textPart";

export interface UnreadablePayload {
  readonly kind: "problem";
  readonly problem: CacheKeyProblem;
}

export interface CacheKeyPayload {
  readonly kind: "payload";
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly payload: TextRange;
  readonly departures: readonly CacheKeyDeparture[];
}

/** Splits at the first colon and decodes what follows, whatever its length. */
export function readCacheKeyPayload(text: string): CacheKeyPayload | UnreadablePayload {
  const inner = trimmedPart(text);
  if (inner.text === "") return problem("empty", { start: 0, end: text.length });
  const colon = inner.text.indexOf(":");
  if (colon < 0) return problem("no-colon", inner);
  const at = inner.start + colon;
  if (colon === 0) return problem("empty-name", { start: at, end: at + 1 });
  const payload = { start: at + 1, end: inner.end };
  const encoded = inner.text.slice(colon + 1);
  const decoded = decodeBase64Lax(encoded);
  if (decoded.kind === "bad-character") {
    return badBase64(inner.text.slice(0, colon), encoded, payload.start, decoded.at);
  }
  if (decoded.bytes.length === 0)
    return problem("empty-payload", payload.start < payload.end ? payload : inner);
  const departures = departuresOf(text, inner, encoded, decoded);
  return { kind: "payload", name: inner.text.slice(0, colon), bytes: decoded.bytes, payload, departures };
}

function badBase64(name: string, encoded: string, start: number, at: number): UnreadablePayload {
  const range = { start: start + at, end: start + at + 1 };
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(encoded)) return problem("bad-base64", range);
  const decoded = decodeBase64Lax(fromUrlSafe(encoded));
  if (decoded.kind === "bad-character" || decoded.bytes.length !== 32) {
    return problem("bad-base64", range);
  }
  return problem("bad-base64", range, { instead: [`${name}:${encodeBase64(decoded.bytes)}`] });
}

function departuresOf(
  text: string,
  inner: TextPart,
  encoded: string,
  decoded: { readonly bytes: Uint8Array; readonly end: number; readonly looseBits: boolean },
): CacheKeyDeparture[] {
  const start = inner.end - encoded.length;
  const found: CacheKeyDeparture[] = [];
  if (inner.text !== text) found.push({ kind: "surrounding-blank", start: 0, end: text.length });
  const digits = encoded.slice(0, decoded.end);
  const lineBreak = digits.indexOf("\n");
  if (lineBreak >= 0) {
    found.push({ kind: "line-break", start: start + lineBreak, end: start + lineBreak + 1 });
  }
  if (decoded.looseBits) {
    found.push({ kind: "loose-bits", start: start + digits.length - 1, end: start + digits.length });
  }
  const padding = /^=*/.exec(encoded.slice(decoded.end))?.[0].length ?? 0;
  const wanted = (3 - (decoded.bytes.length % 3)) % 3;
  const end = start + decoded.end;
  if (padding < wanted) found.push({ kind: "missing-padding", start: end, end: end + padding });
  const rest = end + Math.min(padding, wanted);
  if (rest < inner.end) found.push({ kind: "text-after-payload", start: rest, end: inner.end });
  return found;
}

function problem(
  kind: CacheKeyProblemKind,
  at: TextRange,
  more?: Pick<CacheKeyProblem, "instead">,
): UnreadablePayload {
  return { kind: "problem", problem: { kind, start: at.start, end: at.end, ...more } };
}
