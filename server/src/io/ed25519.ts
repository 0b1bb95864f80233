// Ed25519 on node:crypto for cache keys. Node takes raw keys only inside DER, so the fixed DER heads stand here.

import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from "node:crypto";
import type { Ed25519 } from "../core/formats/cacheSignature";

/** RFC 8410: PrivateKeyInfo and SubjectPublicKeyInfo up to the 32 raw bytes. */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

export const nodeEd25519: Ed25519 = {
  publicKey(seed) {
    const spki = createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" });
    return Uint8Array.from(spki.subarray(SPKI_HEAD.length));
  },
  sign(seed, message) {
    return Uint8Array.from(sign(null, message, privateKey(seed)));
  },
  verify(publicKey, message, signature) {
    if (publicKey.length !== KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
    if (hasSmallOrder(publicKey) || hasSmallOrder(signature.subarray(0, KEY_BYTES))) return false;
    const der = Buffer.concat([SPKI_HEAD, publicKey]);
    return verify(null, message, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
  },
};

/** Points for which anybody can make signatures. OpenSSL accepts them; libsodium, which Nix uses, does not. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

function hasSmallOrder(point: Uint8Array): boolean {
  const bytes = Buffer.from(point);
  bytes[KEY_BYTES - 1] = (bytes[KEY_BYTES - 1] ?? 0) & 0x7f;
  return SMALL_ORDER.has(bytes.toString("hex"));
}

/** 32 bytes of the system's randomness for a new key. */
export function randomSeed(): Uint8Array {
  return Uint8Array.from(randomBytes(KEY_BYTES));
}

function privateKey(seed: Uint8Array): KeyObject {
  if (seed.length !== KEY_BYTES) throw new RangeError("an Ed25519 seed has 32 bytes");
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
}
