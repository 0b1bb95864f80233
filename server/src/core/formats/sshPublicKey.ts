// One OpenSSH public key as text: `[options] TYPE BASE64 [comment]`, the form of authorized_keys, of `.pub` files and of
// `nix.sshServe.keys`. What is wrong comes with its place; what the blob must hold is in sshBlob.ts.

import { decodeBase64, decodeBase64Lax, encodeBase64, encodeBase64Unpadded } from "./base64";
import { findSshAlgorithm, isCertificateName, readSshBlob, type SshBlobProblem } from "./sshBlob";
import { holdsUnknown, partOf, replaceRange, type TextPart, type TextRange, trimmedPart } from "./textPart";

export interface SshPublicKey {
  /** authorized_keys options before the type, as written. */
  readonly options?: TextPart;
  /** `ssh-ed25519`, `ssh-rsa`, … */
  readonly algorithm: TextPart;
  readonly blob: Uint8Array;
  readonly blobPart: TextRange;
  readonly comment: string;
  /** Of the modulus for RSA and DSA, of the curve for the others; 0 for certificates, whose key is not read. */
  readonly bits: number;
  readonly certificate: boolean;
  /** `dsa`: refused by today's sshd; `short-rsa`: under 2048 bits. */
  readonly weakness?: "dsa" | "short-rsa";
}

export type SshKeyProblemKind =
  | SshBlobProblem
  | "empty"
  /** Commented out with `#`: sshd skips the line, which may be what is wanted. */
  | "comment"
  /** Private key text: OpenSSH, PEM or PuTTY. */
  | "private-key"
  | "fingerprint"
  /** A path such as `~/.ssh/id_ed25519.pub` instead of what the file holds. */
  | "file-path"
  | "cache-key"
  | "is-age"
  | "is-pgp"
  /** A line break inside: a wrapped key, or text after it. */
  | "line-break"
  | "several-keys"
  /** A host name in front of the type, copied from ssh-keyscan or known_hosts. */
  | "host-in-front"
  /** The blob stands alone. */
  | "no-type"
  | "unknown-type"
  | "no-blob"
  | "bad-base64"
  /** Padding missing or too long, or loose bits: OpenSSH refuses it, unlike Nix. */
  | "bad-padding"
  | "quoted";

export interface SshKeyProblem extends TextRange {
  readonly kind: SshKeyProblemKind;
  /** The lines that certainly were meant. */
  readonly instead?: readonly string[];
  /** What the blob says it is, for `other-algorithm`, or the curve's algorithm. */
  readonly algorithm?: string;
}

export type SshKeyReading =
  | { readonly kind: "key"; readonly key: SshPublicKey }
  | { readonly kind: "problem"; readonly problem: SshKeyProblem }
  | { readonly kind: "unknown" };

/** Reads one key line. Blanks and line breaks around it are accepted; `options` may stand in front. */
export function parseSshPublicKey(text: string): SshKeyReading {
  if (holdsUnknown(text)) return { kind: "unknown" };
  const line = trimmedPart(text);
  const early = notAKey(line) ?? severalKeys(line) ?? quoted(line) ?? brokenLine(line);
  if (early !== undefined) return { kind: "problem", problem: early };
  return readLine(text, line);
}

/** Private key text in any of the usual containers, anywhere in `text`. */
export function findPrivateKey(text: string): TextRange | undefined {
  const match = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d+:/.exec(text);
  if (match === null) return undefined;
  const rest = /-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/.exec(text.slice(match.index));
  const end = rest === null ? match.index + match[0].length : match.index + rest.index + rest[0].length;
  return { start: match.index, end };
}

/** `TYPE BASE64` with the comment, without options. */
export function formatSshPublicKey(key: SshPublicKey): string {
  const words = [key.algorithm.text, encodeBase64(key.blob)];
  return (key.comment === "" ? words : [...words, key.comment]).join(" ");
}

/** `SHA256:…` as ssh-keygen prints it; `sha256` hashes the blob. */
export function sshFingerprint(blob: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): string {
  return `SHA256:${encodeBase64Unpadded(sha256(blob))}`;
}

/** Written so that it cannot backtrack: keys come from files and hosts that are not trusted. */
const ANY_TYPE = "(?:ssh-(?:ed25519|rsa|dss|mldsa44)|ecdsa-sha2-nistp|sk-)[a-z0-9@.-]*";

function problem(
  kind: SshKeyProblemKind,
  at: TextRange,
  more: Pick<SshKeyProblem, "instead" | "algorithm"> = {},
) {
  return { kind, start: at.start, end: at.end, ...more } satisfies SshKeyProblem;
}

function notAKey(line: TextPart): SshKeyProblem | undefined {
  const { text } = line;
  if (text === "") return problem("empty", line);
  if (/^#[^\r\n]*$/.test(text)) return problem("comment", line);
  const secret = findPrivateKey(text);
  if (secret !== undefined) {
    return problem("private-key", { start: line.start + secret.start, end: line.start + secret.end });
  }
  if (/^(SHA256:[A-Za-z0-9+/]{43}|(MD5:)?([0-9a-f]{2}:){15}[0-9a-f]{2})/.test(text)) {
    return problem("fingerprint", line);
  }
  if (/^(age1[0-9a-z]{20,}|AGE-SECRET-KEY-1)/.test(text)) return problem("is-age", line);
  if (/^-----BEGIN PGP /.test(text)) return problem("is-pgp", line);
  if (isKeyPath(text)) return problem("file-path", line);
  if (/^[^:\s"=]+:[A-Za-z0-9+/]{43}=?$/.test(text)) return problem("cache-key", line);
  return undefined;
}

function isKeyPath(text: string): boolean {
  if (/\s/.test(text)) return false;
  return /^(~|\.{0,2})\//.test(text) || /^id_\w+(\.pub)?$/.test(text.slice(text.lastIndexOf("/") + 1));
}

function severalKeys(line: TextPart): SshKeyProblem | undefined {
  const starts = [...line.text.matchAll(new RegExp(`(?<=^|[\\s,;])${ANY_TYPE}[ \\t]+AAAA`, "g"))];
  const second = starts[1];
  if (second === undefined) return undefined;
  const instead = starts.map((match, i) =>
    line.text.slice(match.index, starts[i + 1]?.index).replace(/[\s,;]+$/, ""),
  );
  const whole = (starts[0]?.index ?? 0) === 0 && instead.every(key => parseSshPublicKey(key).kind === "key");
  const at = { start: line.start + second.index, end: line.end };
  return problem("several-keys", at, whole ? { instead } : {});
}

function quoted(line: TextPart): SshKeyProblem | undefined {
  const inner = /^(["'])(.*)\1$/s.exec(line.text)?.[2];
  if (inner === undefined) return undefined;
  // Quotes inside quotes are not unwrapped again, so that depth is bounded.
  const mended = !/^\s*["']/.test(inner) && parseSshPublicKey(inner).kind === "key";
  return problem("quoted", line, mended ? { instead: [inner.trim()] } : {});
}

function brokenLine(line: TextPart): SshKeyProblem | undefined {
  const at = line.text.search(/[\r\n]/);
  if (at < 0) return undefined;
  const range = { start: line.start + at, end: line.start + at + 1 };
  const closed = line.text
    .split(/[\r\n]+/)
    .map(piece => trimmedPart(piece).text)
    .join("");
  const key = parseSshPublicKey(closed);
  return problem("line-break", range, key.kind === "key" ? { instead: [closed] } : {});
}

function readLine(text: string, line: TextPart): SshKeyReading {
  const type = new RegExp(`(?<=^|[ \\t])${ANY_TYPE}(?=[ \\t]|$)`).exec(outsideQuotes(line.text));
  if (type === null) return { kind: "problem", problem: withoutType(line) };
  const start = line.start + type.index;
  const algorithm = partOf(text, start, start + type[0].length);
  const front = trimmedPart(line.text.slice(0, type.index)).text;
  if (front !== "" && !looksLikeOptions(front)) {
    const at = { start: line.start, end: line.start + front.length };
    const rest = line.text.slice(type.index);
    const whole = parseSshPublicKey(rest).kind === "key";
    return { kind: "problem", problem: problem("host-in-front", at, whole ? { instead: [rest] } : {}) };
  }
  if (findSshAlgorithm(algorithm.text) === undefined) {
    return { kind: "problem", problem: problem("unknown-type", algorithm) };
  }
  const options = front === "" ? undefined : partOf(text, line.start, line.start + front.length);
  return readBlob(text, line, algorithm, options);
}

function readBlob(
  text: string,
  line: TextPart,
  algorithm: TextPart,
  options: TextPart | undefined,
): SshKeyReading {
  const rest = /^([ \t]+)([^ \t]+)(.*)$/s.exec(text.slice(algorithm.end, line.end));
  const word = rest?.[2];
  if (rest === null || word === undefined) return { kind: "problem", problem: problem("no-blob", algorithm) };
  const start = algorithm.end + (rest[1] ?? "").length;
  const blobPart = { start, end: start + word.length };
  const decoded = decodeBase64Lax(word);
  if (decoded.kind === "bad-character" || !/^=*$/.test(word.slice(decoded.end))) {
    const at = start + (decoded.kind === "bad-character" ? decoded.at : decoded.end);
    return { kind: "problem", problem: problem("bad-base64", { start: at, end: at + 1 }) };
  }
  const reading = readSshBlob(decoded.bytes, algorithm.text);
  if (reading.kind === "problem") {
    const more = reading.algorithm === undefined ? {} : { algorithm: reading.algorithm };
    return { kind: "problem", problem: problem(reading.problem, blobPart, more) };
  }
  if (decodeBase64(word) === undefined) {
    const meant = replaceRange(text, blobPart, encodeBase64(decoded.bytes)).trim();
    const at = { start: start + Math.max(decoded.end - 1, 0), end: blobPart.end };
    return { kind: "problem", problem: problem("bad-padding", at, { instead: [meant] }) };
  }
  const weakness = weaknessOf(algorithm.text, reading.bits);
  const key: SshPublicKey = {
    ...(options === undefined ? {} : { options }),
    algorithm,
    blob: decoded.bytes,
    blobPart,
    comment: (rest[3] ?? "").trim(),
    bits: reading.bits,
    certificate: isCertificateName(algorithm.text),
    ...(weakness === undefined ? {} : { weakness }),
  };
  return { kind: "key", key };
}

function weaknessOf(algorithm: string, bits: number): "dsa" | "short-rsa" | undefined {
  if (algorithm.startsWith("ssh-dss")) return "dsa";
  return algorithm === "ssh-rsa" && bits < 2048 ? "short-rsa" : undefined;
}

function withoutType(line: TextPart): SshKeyProblem {
  const decoded = decodeBase64Lax(/^\S*/.exec(line.text)?.[0] ?? "");
  const blob = decoded.kind === "bytes" ? readSshBlob(decoded.bytes, undefined) : undefined;
  if (blob?.kind === "blob") {
    return problem("no-type", line, {
      instead: [`${blob.algorithm} ${line.text}`],
      algorithm: blob.algorithm,
    });
  }
  const second = /^(\S+)[ \t]+AAAA/.exec(line.text)?.[1];
  if (second !== undefined) {
    return problem("unknown-type", { start: line.start, end: line.start + second.length });
  }
  return problem(line.text.startsWith("AAAA") ? "truncated" : "unknown-type", line);
}

/** The same text with everything inside double quotes blanked out by `"`, so that offsets stay. */
function outsideQuotes(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, quotedText => '"'.repeat(quotedText.length));
}

const OPTION_NAMES =
  /^(agent-forwarding|cert-authority|command|environment|expiry-time|from|no-[a-z0-9-]+|permitlisten|permitopen|port-forwarding|principals|pty|restrict|tunnel|user-rc|verify-required|x11-forwarding)$/i;

function looksLikeOptions(text: string): boolean {
  const names = outsideQuotes(text).split(",");
  return names.every(name => OPTION_NAMES.test(name.split("=")[0] ?? ""));
}
