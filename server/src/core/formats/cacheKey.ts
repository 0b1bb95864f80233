// Binary cache keys as text: `NAME:BASE64`, 32 bytes in the public half, 64 (seed and public half) in the secret one.
// Reading tells what is wrong and where; signing and generating are in cacheSignature.ts.

import { decodeBase64Lax, encodeBase64 } from "./base64";
import { readCacheKeyPayload, type UnreadablePayload } from "./cacheKeyPayload";
import { foreignKind } from "./foreignKey";
import { holdsUnknown, type TextRange, trimmedPart, wordsOf } from "./textPart";

export interface CacheKey {
  readonly name: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

export interface CacheSecretKey {
  readonly name: string;
  /** The 32-byte Ed25519 seed. */
  readonly seed: Uint8Array;
  /** The public half stored behind the seed; Nix never compares it with the seed, `secretKeyIsConsistent` does. */
  readonly publicBytes: Uint8Array;
}

export type CacheKeyProblemKind =
  | "empty"
  | "no-colon"
  | "empty-name"
  | "empty-payload"
  | "bad-base64"
  | "wrong-length"
  /** Blanks inside: Nix splits the entry there. `instead` is given when every word is a whole key. */
  | "blank-inside"
  /** `K1,K2` or `K1;K2`: Nix decodes the first and loses the others without a word. */
  | "joined-keys"
  /** Quotes, brackets or commas around the key that became part of it. */
  | "wrapped"
  | "is-url"
  | "is-ssh-key"
  | "is-age"
  | "is-pgp"
  | "is-private-key"
  /** A hash such as `sha256-…`. */
  | "is-hash"
  /** 64 bytes where 32 belong: the secret half, or a signature, which looks the same. */
  | "is-secret"
  /** 32 bytes where 64 belong. */
  | "is-public";

export interface CacheKeyProblem extends TextRange {
  readonly kind: CacheKeyProblemKind;
  /** The entries that certainly were meant, in canonical form; for `is-secret` the public half. */
  readonly instead?: readonly string[];
  /** How many bytes the payload has, for `wrong-length`. */
  readonly byteCount?: number;
}

/** What Nix's lax decoder accepts although the text is not canonical. */
export interface CacheKeyDeparture extends TextRange {
  readonly kind: "missing-padding" | "text-after-payload" | "loose-bits" | "line-break" | "surrounding-blank";
}

export type CacheKeyReading<K> =
  | { readonly kind: "key"; readonly key: K; readonly departures: readonly CacheKeyDeparture[] }
  | { readonly kind: "problem"; readonly problem: CacheKeyProblem }
  /** The text holds an unknown piece. */
  | { readonly kind: "unknown" };

export const PUBLIC_KEY_BYTES = 32;
export const SECRET_KEY_BYTES = 64;

/** Reads one entry of `trusted-public-keys`. */
export function parseCacheKey(text: string): CacheKeyReading<CacheKey> {
  if (holdsUnknown(text)) return { kind: "unknown" };
  const early = foreign(text) ?? joined(text) ?? wrapped(text);
  if (early !== undefined) return { kind: "problem", problem: early };
  const reading = readCacheKeyPayload(text);
  if (reading.kind === "problem") return reading;
  const { name, bytes, payload, departures } = reading;
  if (bytes.length === PUBLIC_KEY_BYTES) return { kind: "key", key: { name, bytes }, departures };
  if (bytes.length === SECRET_KEY_BYTES) {
    const instead = [formatCacheKey({ name, bytes: bytes.slice(PUBLIC_KEY_BYTES) })];
    return problem("is-secret", payload, { instead });
  }
  return problem("wrong-length", payload, { byteCount: bytes.length });
}

/** Reads the text of a secret key file; what follows the first line (as Nix reads it) must be blank. */
export function parseCacheSecretKey(text: string): CacheKeyReading<CacheSecretKey> {
  if (holdsUnknown(text)) return { kind: "unknown" };
  const early = foreign(text) ?? joined(text) ?? wrapped(text);
  if (early !== undefined) return { kind: "problem", problem: early };
  const reading = readCacheKeyPayload(text);
  if (reading.kind === "problem") return reading;
  const { name, bytes, payload, departures } = reading;
  if (bytes.length === SECRET_KEY_BYTES) {
    const key = { name, seed: bytes.slice(0, PUBLIC_KEY_BYTES), publicBytes: bytes.slice(PUBLIC_KEY_BYTES) };
    return { kind: "key", key, departures };
  }
  if (bytes.length === PUBLIC_KEY_BYTES) return problem("is-public", payload);
  return problem("wrong-length", payload, { byteCount: bytes.length });
}

/** The canonical text. */
export function formatCacheKey(key: CacheKey): string {
  return `${key.name}:${encodeBase64(key.bytes)}`;
}

export function formatCacheSecretKey(key: CacheSecretKey): string {
  const bytes = new Uint8Array(SECRET_KEY_BYTES);
  bytes.set(key.seed);
  bytes.set(key.publicBytes, PUBLIC_KEY_BYTES);
  return `${key.name}:${encodeBase64(bytes)}`;
}

/** The half that may be shown, as the secret key file claims it. */
export function publicHalf(key: CacheSecretKey): CacheKey {
  return { name: key.name, bytes: key.publicBytes };
}

function sameCacheKey(a: CacheKey, b: CacheKey): boolean {
  return a.name === b.name && sameBytes(a.bytes, b.bytes);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Why a name cannot be used for a new key; undefined if it can. Nix itself generates broken keys from such names. */
export function cacheKeyNameProblem(name: string): "empty" | "colon" | "blank" | "not-printable" | undefined {
  if (name === "") return "empty";
  if (name.includes(":")) return "colon";
  if (/\s/.test(name)) return "blank";
  return /^[!-~]+$/.test(name) ? undefined : "not-printable";
}

function problem(
  kind: CacheKeyProblemKind,
  at: TextRange,
  more?: Pick<CacheKeyProblem, "instead" | "byteCount">,
): UnreadablePayload {
  return { kind: "problem", problem: { kind, start: at.start, end: at.end, ...more } };
}

function foreign(text: string): CacheKeyProblem | undefined {
  const inner = trimmedPart(text);
  const kind = foreignKind(inner.text);
  // A payload may begin with `//`: what decodes to a key of the right length is one.
  if (kind === undefined || (kind === "is-url" && hasKeyLength(inner.text))) return undefined;
  return { kind, start: inner.start, end: inner.end };
}

function hasKeyLength(text: string): boolean {
  const decoded = decodeBase64Lax(text.slice(text.indexOf(":") + 1));
  return (
    decoded.kind === "bytes" &&
    (decoded.bytes.length === PUBLIC_KEY_BYTES || decoded.bytes.length === SECRET_KEY_BYTES)
  );
}

/** Several keys in one entry, or blanks inside one. */
function joined(text: string): CacheKeyProblem | undefined {
  const inner = trimmedPart(text);
  const separator = /[,;]\s*(?=[^:,;\s]+:)/.exec(inner.text);
  if (separator !== null) {
    const start = inner.start + separator.index;
    const range = { start, end: start + separator[0].length };
    return { kind: "joined-keys", ...range, ...wholeKeys(inner.text.split(/[,;\s]+/)) };
  }
  const words = wordsOf(inner.text);
  const [first, second] = words;
  if (first === undefined || second === undefined) return undefined;
  const range = { start: inner.start + first.end, end: inner.start + second.start };
  return { kind: "blank-inside", ...range, ...wholeKeys(words.map(word => word.text)) };
}

/** `instead` with the pieces in canonical form, if every piece is a key by itself. */
function wholeKeys(pieces: readonly string[]): Pick<CacheKeyProblem, "instead"> {
  const instead: string[] = [];
  for (const piece of pieces.filter(text => text !== "")) {
    const reading = readCacheKeyPayload(piece);
    if (reading.kind === "problem" || reading.bytes.length !== PUBLIC_KEY_BYTES) return {};
    instead.push(formatCacheKey({ name: reading.name, bytes: reading.bytes }));
  }
  return instead.length === 0 ? {} : { instead };
}

function wrapped(text: string): CacheKeyProblem | undefined {
  const match = /^\s*(["'[({<]+)([^"'[\](){}<>,;\s]*)["'\](){}>,;]*\s*$/.exec(text);
  if (match === null) return undefined;
  const inner = trimmedPart(text);
  return { kind: "wrapped", start: inner.start, end: inner.end, ...wholeKeys([match[2] ?? ""]) };
}

/** Whether two texts are the same public key, however Nix's lax decoder lets them be written. */
export function sameCacheKeyText(a: string, b: string): boolean {
  const [left, right] = [parseCacheKey(a), parseCacheKey(b)];
  return left.kind === "key" && right.kind === "key" && sameCacheKey(left.key, right.key);
}
