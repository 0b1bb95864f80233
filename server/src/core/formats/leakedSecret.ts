// Finds secret binary cache keys in any text, without false alarms: of the 64 bytes the second half must be the Ed25519
// public key of the first (RFC 8032, 5.1.5). Signatures look the same and fail that test.

import { decodeBase64Lax } from "./base64";
import { type CacheSecretKey, PUBLIC_KEY_BYTES, SECRET_KEY_BYTES, sameBytes } from "./cacheKey";
import { sha512 } from "./sha512";
import type { TextRange } from "./textPart";

export interface LeakedSecret extends TextRange {
  readonly key: CacheSecretKey;
}

/** All secret cache keys in the text, wherever they stand in it. Costs a few milliseconds for each candidate only. */
export function findLeakedSecrets(text: string): LeakedSecret[] {
  const found: LeakedSecret[] = [];
  for (const match of text.matchAll(/:([A-Za-z0-9+/]{86})(?![A-Za-z0-9+/])={0,2}/g)) {
    const [whole, payload = ""] = match;
    const name = nameBefore(text, match.index);
    const decoded = decodeBase64Lax(payload);
    if (name === "" || decoded.kind === "bad-character" || !isSecretPayload(decoded.bytes)) continue;
    const seed = decoded.bytes.slice(0, PUBLIC_KEY_BYTES);
    const key = { name, seed, publicBytes: decoded.bytes.slice(PUBLIC_KEY_BYTES) };
    found.push({ start: match.index - name.length, end: match.index + whole.length, key });
  }
  return found;
}

/** The key's name that ends at `end`: what stands there without blanks, quotes and separators. */
function nameBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < 255 && !/[\s:"'=,;]/.test(text.charAt(start - 1))) start--;
  return text.slice(start, end);
}

/** Whether 64 bytes are a seed and its public key, and so certainly a secret key. */
function isSecretPayload(bytes: Uint8Array): boolean {
  if (bytes.length !== SECRET_KEY_BYTES) return false;
  const seed = bytes.subarray(0, PUBLIC_KEY_BYTES);
  return sameBytes(ed25519PublicKey(seed), bytes.subarray(PUBLIC_KEY_BYTES));
}

/** The public key of a seed. Not constant in time: only for seeds that stand in the open already. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const hash = sha512(seed);
  const scalar = littleEndian(hash.subarray(0, 32));
  const clamped = (scalar & ((1n << 254n) - 8n)) | (1n << 254n);
  return encodePoint(multiply(BASE, clamped));
}

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** Extended coordinates: x = X/Z, y = Y/Z, T = XY/Z. */
interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
  readonly t: bigint;
}

const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BASE_Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960n;
const BASE: Point = { x: BASE_X, y: BASE_Y, z: 1n, t: (BASE_X * BASE_Y) % P };
const IDENTITY: Point = { x: 0n, y: 1n, z: 1n, t: 0n };

function add(p: Point, q: Point): Point {
  const a = ((p.y - p.x) * (q.y - q.x)) % P;
  const b = ((p.y + p.x) * (q.y + q.x)) % P;
  const c = (((2n * p.t * q.t) % P) * D) % P;
  const d = (2n * p.z * q.z) % P;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: (e * f) % P, y: (g * h) % P, z: (f * g) % P, t: (e * h) % P };
}

function multiply(point: Point, scalar: bigint): Point {
  let result = IDENTITY;
  let power = point;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = add(result, power);
    power = add(power, power);
  }
  return result;
}

function encodePoint(point: Point): Uint8Array {
  const inverse = power(point.z, P - 2n);
  const x = modulo(point.x * inverse);
  const y = modulo(point.y * inverse);
  const bytes = new Uint8Array(32);
  for (let i = 0, rest = y; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
  bytes[31] = (bytes[31] ?? 0) | Number((x & 1n) << 7n);
  return bytes;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function modulo(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
