// Git's index file (versions 2 to 4): the paths that Git tracks. Only paths are read; the format is described in Git's
// own gitformat-index.

import { createHash } from "node:crypto";

/** What is in an index: files, links and submodules, and folders of which a sparse index says no more. */
export type GitIndex =
  | { readonly kind: "paths"; readonly paths: readonly string[] }
  | { readonly kind: "unreadable" };

const UNREADABLE: GitIndex = { kind: "unreadable" };
const HEADER = 12;
/** Times, device, inode, mode, owner and size, before the object id. */
const STAT = 40;

/** Reads an index. One of another format, cut off, or split over two files is unreadable. */
export function parseGitIndex(bytes: Buffer): GitIndex {
  if (bytes.length < HEADER || bytes.toString("latin1", 0, 4) !== "DIRC") return UNREADABLE;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return UNREADABLE;
  const idLength = lengthOfIds(bytes);
  const paths =
    idLength === undefined ? undefined : readEntries(bytes, version, bytes.readUInt32BE(8), idLength);
  return paths === undefined ? UNREADABLE : { kind: "paths", paths };
}

/** Of SHA-1 or SHA-256, as the checksum at the end shows. With `index.skipHash` there are zeros instead. */
function lengthOfIds(bytes: Buffer): number | undefined {
  for (const [algorithm, length] of [
    ["sha1", 20],
    ["sha256", 32],
  ] as const) {
    const end = bytes.length - length;
    if (end < HEADER) continue;
    const sum = createHash(algorithm).update(bytes.subarray(0, end)).digest();
    if (sum.equals(bytes.subarray(end))) return length;
  }
  const zeros = bytes.length - (bytes.findLastIndex(byte => byte !== 0) + 1);
  return zeros >= 32 ? 32 : zeros >= 20 ? 20 : undefined;
}

/** Undefined where the bytes are no such entries. */
function readEntries(
  bytes: Buffer,
  version: number,
  count: number,
  idLength: number,
): readonly string[] | undefined {
  const paths: string[] = [];
  const end = bytes.length - idLength;
  let before = Buffer.alloc(0);
  let at = HEADER;
  for (let entry = 0; entry < count; entry++) {
    const flagsAt = at + STAT + idLength;
    if (flagsAt + 2 > end) return undefined;
    const extended = version >= 3 && (bytes.readUInt16BE(flagsAt) & 0x4000) !== 0;
    const nameAt = flagsAt + (extended ? 4 : 2);
    const name = version === 4 ? compressedName(bytes, nameAt, before) : plainName(bytes, nameAt, at);
    if (name === undefined || name.next > end || name.bytes.length === 0) return undefined;
    before = name.bytes;
    at = name.next;
    paths.push(name.bytes.toString("utf8").replace(/\/$/, ""));
  }
  return extensionsFit(bytes, at, end) ? paths : undefined;
}

interface EntryName {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly next: number;
}

/** Up to a NUL; more NULs fill the entry up to a multiple of eight. */
function plainName(bytes: Buffer, at: number, entryAt: number): EntryName | undefined {
  const nul = bytes.indexOf(0, at);
  if (nul < 0) return undefined;
  return { bytes: Buffer.from(bytes.subarray(at, nul)), next: entryAt + ((nul - entryAt + 8) & ~7) };
}

/** How much of the name before is cut off, then what follows instead. */
function compressedName(bytes: Buffer, at: number, before: Buffer): EntryName | undefined {
  let cut = 0;
  let next = at;
  for (let first = true; ; first = false) {
    const byte = bytes[next++];
    if (byte === undefined || next > at + 8) return undefined;
    cut = (first ? 0 : (cut + 1) * 128) + (byte & 0x7f);
    if ((byte & 0x80) === 0) break;
  }
  const nul = bytes.indexOf(0, next);
  if (nul < 0 || cut > before.length) return undefined;
  const name = Buffer.concat([before.subarray(0, before.length - cut), bytes.subarray(next, nul)]);
  return { bytes: name, next: nul + 1 };
}

/** Extensions fill the rest exactly. `link` says that a part of the entries is in another file. */
function extensionsFit(bytes: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at + 8 <= end) {
    if (bytes.toString("latin1", at, at + 4) === "link") return false;
    at += 8 + bytes.readUInt32BE(at + 4);
  }
  return at === end;
}
