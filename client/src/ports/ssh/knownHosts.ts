// The host-key side of a connection: what known_hosts says about a key that a host presents, and adding a key that the
// user has accepted. Unknown keys are never accepted here; changed and revoked ones can't be.

import { createHash, createHmac, randomBytes } from "node:crypto";
import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";
import {
  formatKnownHostsLine,
  type KnownHostsLine,
  knownHostNames,
  matchesKnownHost,
  parseKnownHosts,
} from "../../../../server/src/core/formats/knownHosts";
import { readTextIfAny } from "./fileMemory";
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

/** The names under which a host's key may stand: the first is its own, the others count where that one has none. */
function namesOf(to: ResolvedDestination): readonly string[] {
  return to.hostKeyAlias === undefined ? knownHostNames(to.hostName, to.port) : [to.hostKeyAlias];
}

/** Reads the known_hosts files of a destination; files that are missing or unreadable count as empty, as in OpenSSH. */
export async function openHostKeyBook(to: ResolvedDestination): Promise<HostKeyBook> {
  const names = namesOf(to);
  const byName = names.map((): Entry[] => []);
  for (const file of [...to.userKnownHostsFiles, ...to.globalKnownHostsFiles]) {
    for (const line of parseOnce(file, (await readTextIfAny(file)) ?? ""))
      for (const [index, name] of names.entries())
        if (matchesKnownHost(line, name, hmacSha1)) byName[index]?.push({ file, line });
  }
  const [own = [], ...others] = byName;
  const trusted = [own, ...others].flat().filter(entry => entry.line.marker === undefined);
  return {
    name: names[0] ?? to.hostName,
    knownTypes: [...new Set(trusted.map(entry => entry.line.keyType))],
    judge: key => withPlace(judge(key, names[0] ?? to.hostName, own, others.flat()), to),
  };
}

/** An unknown key goes where the configuration of the very host says, which may be a jump host. */
function withPlace(
  key: PresentedHostKey | undefined,
  { userKnownHostsFiles, hashKnownHosts }: ResolvedDestination,
): PresentedHostKey | undefined {
  const [file] = userKnownHostsFiles;
  if (key?.verdict !== "unknown" || file === undefined) return key;
  return { ...key, acceptIn: { file, hashed: hashKnownHosts } };
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

/** @param others the lines for the name without its port: they may vouch for a key, and never make one look changed */
function judge(
  key: Buffer,
  name: string,
  own: readonly Entry[],
  others: readonly Entry[],
): PresentedHostKey | undefined {
  const type = blobType(key);
  const base64 = key.toString("base64");
  const presented = { name, type, base64, fingerprint: fingerprint(key) };
  const same = (entry: Entry): boolean => stripPadding(entry.line.keyBase64) === stripPadding(base64);
  const place = (entry: Entry) => ({ file: entry.file, line: entry.line.number });
  const revoked = [...own, ...others].find(entry => entry.line.marker === "@revoked" && same(entry));
  if (revoked !== undefined) return { ...presented, verdict: "revoked", conflict: place(revoked) };
  const trusted = own.filter(entry => entry.line.marker === undefined);
  if (trusted.some(same)) return undefined;
  // as in OpenSSH, a key of another type than the known ones is as suspicious as another key of the same type
  const other = trusted.find(entry => entry.line.keyType === type) ?? trusted[0];
  if (other !== undefined) return { ...presented, verdict: "changed", conflict: place(other) };
  if (others.some(entry => entry.line.marker === undefined && same(entry))) return undefined;
  const authority = own.find(entry => entry.line.marker === "@cert-authority");
  return {
    ...presented,
    verdict: "unknown",
    ...(authority === undefined ? {} : { authority: place(authority) }),
  };
}

/**
 * Appends a key that the user has accepted to its known_hosts file, which is made with mode 0600 where it is missing. The
 * name is written as a hash where ssh would do so.
 */
export async function rememberHostKey(key: PresentedHostKey): Promise<void> {
  if (key.verdict !== "unknown") throw new Error(`a ${key.verdict} host key is never written to known_hosts`);
  if (key.acceptIn === undefined) throw new Error(`no known_hosts file is configured for ${key.name}`);
  const { file, hashed } = key.acceptIn;
  // a HostKeyAlias may be anything, and such a line would speak of other hosts
  if (/[\s,*?]|^[!|#@]/.test(key.name) || key.name === "")
    throw new Error(`${JSON.stringify(key.name)} can't stand in known_hosts as a name`);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const before = (await readTextIfAny(file)) ?? "";
  const separator = before === "" || before.endsWith("\n") ? "" : "\n";
  const line = formatKnownHostsLine([hashed ? hashedName(key.name) : key.name], key.type, key.base64);
  await appendFile(file, `${separator}${line}\n`, { mode: 0o600 });
}

function hashedName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString("base64")}|${Buffer.from(hmacSha1(salt, name)).toString("base64")}`;
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
