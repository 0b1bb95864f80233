// The host-key side of a connection: what known_hosts says about a key that a host presents, and adding a key that the
// user has accepted. Unknown keys are never accepted here; changed and revoked ones can't be.

import { createHash, createHmac } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import {
  type KnownHostsLine,
  matchesKnownHost,
  parseKnownHosts,
} from "../../../../server/src/core/formats/knownHosts";
import type { PresentedHostKey } from "./outcome";
import type { ResolvedDestination } from "./sshConfig";

interface Entry {
  readonly file: string;
  readonly line: KnownHostsLine;
}

/** What known_hosts says about one destination. */
export interface HostKeyBook {
  readonly name: string;
  /** Key types that are known for the host, so that it can be asked for one of them first. */
  readonly knownTypes: readonly string[];
  /** Undefined where the key is known and good. */
  judge(key: Buffer): PresentedHostKey | undefined;
}

const hmacSha1 = (key: Uint8Array, text: string): Uint8Array => createHmac("sha1", key).update(text).digest();

/** `host`, or `[host]:port` for a port other than 22: the name under which known_hosts has a key. */
export function hostKeyName(to: ResolvedDestination): string {
  if (to.hostKeyAlias !== undefined) return to.hostKeyAlias;
  return to.port === 22 ? to.hostName.toLowerCase() : `[${to.hostName.toLowerCase()}]:${to.port}`;
}

/** Reads the known_hosts files of a destination; files that are missing or unreadable count as empty, as in OpenSSH. */
export async function openHostKeyBook(to: ResolvedDestination): Promise<HostKeyBook> {
  const name = hostKeyName(to);
  const entries: Entry[] = [];
  for (const file of [...to.userKnownHostsFiles, ...to.globalKnownHostsFiles]) {
    for (const line of parseOnce(file, await readOrEmpty(file)))
      if (matchesKnownHost(line, name, hmacSha1)) entries.push({ file, line });
  }
  const trusted = entries.filter(entry => entry.line.marker === undefined);
  return {
    name,
    knownTypes: [...new Set(trusted.map(entry => entry.line.keyType))],
    judge: key => judge(key, name, entries),
  };
}

/** The lines of each file as it was last read: a round over hundreds of hosts reads the same few files. */
const parsedFiles = new Map<string, { readonly text: string; readonly lines: readonly KnownHostsLine[] }>();
const MOST_PARSED = 16;

function parseOnce(file: string, text: string): readonly KnownHostsLine[] {
  const known = parsedFiles.get(file);
  if (known?.text === text) return known.lines;
  const { lines } = parseKnownHosts(text);
  if (parsedFiles.size >= MOST_PARSED) parsedFiles.clear();
  parsedFiles.set(file, { text, lines });
  return lines;
}

function judge(key: Buffer, name: string, entries: readonly Entry[]): PresentedHostKey | undefined {
  const type = blobType(key);
  const base64 = key.toString("base64");
  const presented = { name, type, base64, fingerprint: fingerprint(key) };
  const same = (entry: Entry): boolean => stripPadding(entry.line.keyBase64) === stripPadding(base64);
  const place = (entry: Entry) => ({ file: entry.file, line: entry.line.number });
  const revoked = entries.find(entry => entry.line.marker === "@revoked" && same(entry));
  if (revoked !== undefined) return { ...presented, verdict: "revoked", conflict: place(revoked) };
  const trusted = entries.filter(entry => entry.line.marker === undefined);
  if (trusted.some(same)) return undefined;
  // as in OpenSSH, a key of another type than the known ones is as suspicious as another key of the same type
  const other = trusted.find(entry => entry.line.keyType === type) ?? trusted[0];
  if (other !== undefined) return { ...presented, verdict: "changed", conflict: place(other) };
  return { ...presented, verdict: "unknown" };
}

/** Appends a key that the user has accepted to a known_hosts file, which is made with mode 0600 where it is missing. */
export async function rememberHostKey(file: string, key: PresentedHostKey): Promise<void> {
  if (key.verdict !== "unknown") throw new Error(`a ${key.verdict} host key is never written to known_hosts`);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const before = await readOrEmpty(file);
  const separator = before === "" || before.endsWith("\n") ? "" : "\n";
  await appendFile(file, `${separator}${key.name} ${key.type} ${key.base64}\n`, { mode: 0o600 });
}

/** "SHA256:…" without padding, as ssh-keygen prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${stripPadding(createHash("sha256").update(key).digest("base64"))}`;
}

/** The algorithm name that a key blob starts with; "unknown" where it does not start with one. */
export function blobType(key: Buffer): string {
  if (key.length < 4) return "unknown";
  const length = key.readUInt32BE(0);
  return length > 0 && length <= 64 && key.length >= 4 + length
    ? key.toString("latin1", 4, 4 + length)
    : "unknown";
}

function stripPadding(base64: string): string {
  return base64.replace(/=+$/, "");
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    // not there or not readable: it knows no host
    return "";
  }
}
