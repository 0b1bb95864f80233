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
    const der = Buffer.concat([SPKI_HEAD, publicKey]);
    return verify(null, message, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
  },
};

/** 32 bytes of the system's randomness for a new key. */
export function randomSeed(): Uint8Array {
  return Uint8Array.from(randomBytes(KEY_BYTES));
}

function privateKey(seed: Uint8Array): KeyObject {
  if (seed.length !== KEY_BYTES) throw new RangeError("an Ed25519 seed has 32 bytes");
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
}
