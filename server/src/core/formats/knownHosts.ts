// known_hosts text (ssh_known_hosts, `~/.ssh/known_hosts`) and which of its lines speak of a host. Hashed names need
// HMAC-SHA1, which is handed in; the format is that of sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".

import { decodeBase64Lax } from "./base64";
import { type TextRange, wordsOf } from "./textPart";

export interface KnownHostsLine extends TextRange {
  /** From 1. */
  readonly number: number;
  readonly marker?: "@cert-authority" | "@revoked";
  /** The first field, split at commas: names, patterns with `*` and `?`, `!` before what must not match, hashes. */
  readonly hosts: readonly string[];
  readonly keyType: string;
  readonly keyBase64: string;
  readonly comment: string;
}

export interface KnownHostsProblem extends TextRange {
  readonly kind: "unknown-marker" | "missing-fields" | "bad-base64";
  readonly number: number;
}

export interface KnownHosts {
  readonly lines: readonly KnownHostsLine[];
  /** Lines that OpenSSH skips. */
  readonly problems: readonly KnownHostsProblem[];
}

/** HMAC-SHA1 of `text` under `key`. */
export type HmacSha1 = (key: Uint8Array, text: string) => Uint8Array;

export function parseKnownHosts(text: string): KnownHosts {
  const lines: KnownHostsLine[] = [];
  const problems: KnownHostsProblem[] = [];
  let start = 0;
  for (const [index, content] of text.split("\n").entries()) {
    const line = readLine(text, index + 1, start, start + content.length);
    if (line !== undefined) "kind" in line ? problems.push(line) : lines.push(line);
    start += content.length + 1;
  }
  return { lines, problems };
}

/** Whether the line speaks of `name`: a host name or address, `[host]:port` for a port other than 22. */
export function matchesKnownHost(line: KnownHostsLine, name: string, hmacSha1: HmacSha1): boolean {
  const wanted = name.toLowerCase();
  let found = false;
  for (const host of line.hosts) {
    if (host.startsWith("!")) {
      if (matchesPattern(host.slice(1).toLowerCase(), wanted)) return false;
    } else if (host.startsWith("|1|")) {
      found ||= matchesHash(host, wanted, hmacSha1);
    } else {
      found ||= matchesPattern(host.toLowerCase(), wanted);
    }
  }
  return found;
}

/** The names under which ssh looks for a host's key, in this order: with the port unless it is 22, then without. */
export function knownHostNames(host: string, port: number): readonly string[] {
  const name = host.toLowerCase();
  return port === 22 ? [name] : [`[${name}]:${port}`, name];
}

/** A line as ssh-keygen and ssh write it. */
export function formatKnownHostsLine(hosts: readonly string[], keyType: string, keyBase64: string): string {
  return `${hosts.join(",")} ${keyType} ${keyBase64}`;
}

function readLine(
  text: string,
  number: number,
  start: number,
  end: number,
): KnownHostsLine | KnownHostsProblem | undefined {
  const words = wordsOf(text, start, end);
  const [first] = words;
  if (first === undefined || first.text.startsWith("#")) return undefined;
  const range = { start: first.start, end: words.at(-1)?.end ?? first.end };
  const marker = first.text.startsWith("@") ? first.text : undefined;
  if (marker !== undefined && marker !== "@cert-authority" && marker !== "@revoked") {
    return { kind: "unknown-marker", number, start: first.start, end: first.end };
  }
  const [hosts, keyType, key, ...comment] = marker === undefined ? words : words.slice(1);
  if (hosts === undefined || keyType === undefined || key === undefined) {
    return { kind: "missing-fields", number, ...range };
  }
  if (decodeBase64Lax(key.text).kind === "bad-character") {
    return { kind: "bad-base64", number, start: key.start, end: key.end };
  }
  return {
    ...range,
    number,
    ...(marker === undefined ? {} : { marker }),
    hosts: hosts.text.split(",").filter(host => host !== ""),
    keyType: keyType.text,
    keyBase64: key.text,
    comment: comment.map(word => word.text).join(" "),
  };
}

function matchesHash(field: string, name: string, hmacSha1: HmacSha1): boolean {
  const [, , salt, hash] = field.split("|");
  if (salt === undefined || hash === undefined) return false;
  const key = decodeBase64Lax(salt);
  const wanted = decodeBase64Lax(hash);
  if (key.kind === "bad-character" || wanted.kind === "bad-character") return false;
  const actual = hmacSha1(key.bytes, name);
  return actual.length === wanted.bytes.length && actual.every((byte, i) => byte === wanted.bytes[i]);
}

/** `*` and `?` as in ssh; linear in time even for hostile patterns, because it goes back to the last `*` only. */
function matchesPattern(pattern: string, name: string): boolean {
  let p = 0;
  let star = -1;
  let resume = 0;
  for (let n = 0; n < name.length; ) {
    if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n]) && pattern[p] !== "*") {
      p++;
      n++;
    } else if (pattern[p] === "*") {
      star = p++;
      resume = n;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
