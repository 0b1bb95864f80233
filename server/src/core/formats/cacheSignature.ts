// Signing and verifying store paths as Nix does, and making key pairs. Ed25519 is handed in, so that nothing here needs
// a platform; io/ed25519.ts has the implementation on node:crypto.

import { decodeBase64Lax, encodeBase64 } from "./base64";
import {
  type CacheKey,
  type CacheSecretKey,
  cacheKeyNameProblem,
  PUBLIC_KEY_BYTES,
  sameBytes,
} from "./cacheKey";
import { type NarInfo, pathFingerprint } from "./narInfo";

/** Ed25519 of RFC 8032, without prehash. */
export interface Ed25519 {
  /** The 32-byte public key of a 32-byte seed. */
  publicKey(seed: Uint8Array): Uint8Array;
  /** The 64-byte signature. */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  /** False for keys and signatures of the wrong length too. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** The part of a path's description that signatures cover. */
export type SignedInfo = Pick<NarInfo, "storePath" | "narHash" | "narSize" | "references">;

/** A key pair in Nix's sense from 32 random bytes. Invariant: `cacheKeyNameProblem(name)` is undefined. */
export function makeCacheKey(name: string, seed: Uint8Array, ed25519: Ed25519): CacheSecretKey {
  if (cacheKeyNameProblem(name) !== undefined) throw new RangeError("not a name for a cache key");
  if (seed.length !== PUBLIC_KEY_BYTES) throw new RangeError("a seed has 32 bytes");
  return { name, seed, publicBytes: ed25519.publicKey(seed) };
}

/** Whether the public half belongs to the seed. Nix does not look; signatures of such a key never verify. */
export function secretKeyIsConsistent(key: CacheSecretKey, ed25519: Ed25519): boolean {
  return sameBytes(ed25519.publicKey(key.seed), key.publicBytes);
}

/** `NAME:BASE64`, as `nix store sign` stores it. */
export function signPath(info: SignedInfo, key: CacheSecretKey, ed25519: Ed25519): string {
  return `${key.name}:${encodeBase64(ed25519.sign(key.seed, asciiBytes(pathFingerprint(info))))}`;
}

export type SignatureVerdict =
  | { readonly kind: "valid"; readonly key: CacheKey }
  /** Signed under a trusted name, but not by that key: another key of the same name, or a forged path. */
  | { readonly kind: "wrong-key"; readonly key: CacheKey }
  /** Signed, by nobody who is trusted; `names` signed it. */
  | { readonly kind: "untrusted"; readonly names: readonly string[] }
  | { readonly kind: "unsigned" };

/** How much is hashed at most for the signatures of one path; real paths have a handful of them, over some kilobytes. */
const MAX_HASHED = 16 * 1024 * 1024;

/** What Nix would say about a path's signatures: of several trusted keys of one name the first counts. */
export function verifyPath(
  info: SignedInfo & Pick<NarInfo, "signatures">,
  trusted: readonly CacheKey[],
  ed25519: Ed25519,
): SignatureVerdict {
  const message = asciiBytes(pathFingerprint(info));
  const names: string[] = [];
  let wrong: CacheKey | undefined;
  let left = Math.max(8, MAX_HASHED / message.length);
  for (const signature of info.signatures) {
    const colon = signature.indexOf(":");
    const name = signature.slice(0, Math.max(colon, 0));
    names.push(name);
    const key = trusted.find(candidate => candidate.name === name);
    if (key === undefined || left-- < 1) continue;
    const decoded = decodeBase64Lax(signature.slice(colon + 1));
    if (decoded.kind === "bytes" && ed25519.verify(key.bytes, message, decoded.bytes))
      return { kind: "valid", key };
    wrong ??= key;
  }
  if (wrong !== undefined) return { kind: "wrong-key", key: wrong };
  return names.length === 0 ? { kind: "unsigned" } : { kind: "untrusted", names };
}

/** Fingerprints are ASCII: store paths, hashes and numbers. */
function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, c => c.charCodeAt(0));
}
