// The value of `?base64-ssh-public-host-key=` in an SSH store URL: base64 of the text `TYPE BASE64`, not of the blob.

import { decodeBase64Lax, encodeBase64 } from "./base64";
import { readSshBlob } from "./sshBlob";
import { formatSshPublicKey, parseSshPublicKey, type SshPublicKey } from "./sshPublicKey";
import { holdsUnknown } from "./textPart";

export type PinnedHostKeyReading =
  | { readonly kind: "key"; readonly key: SshPublicKey }
  | { readonly kind: "unknown" }
  | {
      readonly kind: "problem";
      /** `not-encoded`: the key line itself; `blob`: the line's base64 word, not encoded again. */
      readonly problem: "not-encoded" | "blob" | "bad-base64" | "not-a-key";
      /** The value that certainly was meant. */
      readonly instead?: string;
    };

/** Reads the percent-decoded value. */
export function parsePinnedHostKey(value: string): PinnedHostKeyReading {
  if (holdsUnknown(value)) return { kind: "unknown" };
  const line = parseSshPublicKey(value);
  if (line.kind === "key") {
    return { kind: "problem", problem: "not-encoded", instead: formatPinnedHostKey(line.key) };
  }
  const decoded = decodeBase64Lax(value);
  if (decoded.kind === "bad-character") return { kind: "problem", problem: "bad-base64" };
  const blob = readSshBlob(decoded.bytes, undefined);
  if (blob.kind === "blob") {
    const key = parseSshPublicKey(`${blob.algorithm} ${encodeBase64(decoded.bytes)}`);
    return key.kind === "key"
      ? { kind: "problem", problem: "blob", instead: formatPinnedHostKey(key.key) }
      : { kind: "problem", problem: "blob" };
  }
  const inner = parseSshPublicKey(decoded.bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
  return inner.kind === "key" && inner.key.options === undefined
    ? { kind: "key", key: inner.key }
    : { kind: "problem", problem: "not-a-key" };
}

/** The value for a key, without its comment. */
export function formatPinnedHostKey(key: SshPublicKey): string {
  const line = formatSshPublicKey({ ...key, comment: "" });
  return encodeBase64(Uint8Array.from(line, c => c.charCodeAt(0)));
}
