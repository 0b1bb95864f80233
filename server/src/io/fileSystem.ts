// Reads and writes single files for the server and the command line. Every expected outcome is a value: a file that
// is gone, too large, binary or not UTF-8 is an answer, not an exception.

import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";

/** Larger files are not analysed: no configuration that people write by hand comes near. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024;

export type ReadOutcome =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "gone" }
  | { readonly kind: "unreadable"; readonly problem: ReadProblem };

export interface ReadProblem {
  readonly reason: "too-large" | "binary" | "not-utf8" | "not-a-file" | "denied" | "failed";
  /** One line for people, without the path and without a final period. */
  readonly message: string;
}

/** The path as core knows it: absolute, forward slashes, no `.` or `..`. */
export function corePath(file: string): string {
  const absolute = path.resolve(file);
  return path.sep === "\\" ? absolute.replaceAll("\\", "/") : absolute;
}

/** Reads a text file of at most `maxBytes`; a leading byte-order mark is dropped, as editors do. */
export async function readTextFile(file: string, maxBytes = MAX_FILE_BYTES): Promise<ReadOutcome> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, WITHOUT_WAITING);
    const info = await handle.stat();
    return refusal(info, maxBytes) ?? decodeText(await readAtMost(handle, info.size, maxBytes), maxBytes);
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    await handle?.close();
  }
}

/** As `readTextFile`, for a process with nothing else to do meanwhile: many small files take it a third of the time. */
export function readTextFileNow(file: string, maxBytes = MAX_FILE_BYTES): ReadOutcome {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, WITHOUT_WAITING);
    const info = fstatSync(descriptor);
    return refusal(info, maxBytes) ?? decodeText(readAtMostNow(descriptor, info.size, maxBytes), maxBytes);
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Without O_NONBLOCK the open of a named pipe would wait for a writer. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function refusal(info: Stats, maxBytes: number): ReadOutcome | undefined {
  if (!info.isFile()) return unreadable("not-a-file", "is not a regular file");
  return info.size > maxBytes ? tooLarge(info.size, maxBytes) : undefined;
}

/** Turns the bytes of a file into text, or says why they are none. */
function decodeText(bytes: Buffer, maxBytes = MAX_FILE_BYTES): ReadOutcome {
  if (bytes.length > maxBytes) return tooLarge(bytes.length, maxBytes);
  const nul = bytes.indexOf(0);
  if (nul >= 0) return unreadable("binary", `is not text: there is a NUL byte at offset ${nul}`);
  if (!isUtf8(bytes)) return unreadable("not-utf8", "is not valid UTF-8");
  const text = bytes.toString("utf8");
  return { kind: "text", text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text };
}

/** Replaces a file's text in one step, keeping its mode: a crash leaves the old file or the new one. */
export async function writeTextFile(file: string, text: string): Promise<void> {
  const mode = await stat(file).then(
    info => info.mode & 0o7777,
    () => 0o644,
  );
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  const handle = await open(temporary, "wx", mode);
  try {
    await handle.writeFile(text, "utf8");
    await handle.chmod(mode);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
  await rename(temporary, file);
}

/** Reads until the end even where the file grows meanwhile, but never more than one byte beyond the limit. */
async function readAtMost(handle: FileHandle, expected: number, maxBytes: number): Promise<Buffer> {
  let { buffer, filled } = room(expected, maxBytes);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled > maxBytes) return buffer.subarray(0, filled);
    if (filled === buffer.length) buffer = larger(buffer, maxBytes);
  }
}

function readAtMostNow(descriptor: number, expected: number, maxBytes: number): Buffer {
  let { buffer, filled } = room(expected, maxBytes);
  for (;;) {
    const bytesRead = readSync(descriptor, buffer, filled, buffer.length - filled, filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled > maxBytes) return buffer.subarray(0, filled);
    if (filled === buffer.length) buffer = larger(buffer, maxBytes);
  }
}

function room(expected: number, maxBytes: number): { buffer: Buffer; filled: number } {
  return { buffer: Buffer.allocUnsafe(Math.min(expected, maxBytes) + 1), filled: 0 };
}

function larger(buffer: Buffer, maxBytes: number): Buffer {
  const grown = Buffer.allocUnsafe(Math.min(buffer.length * 2, maxBytes + 1));
  buffer.copy(grown);
  return grown;
}

function unreadable(reason: ReadProblem["reason"], message: string): ReadOutcome {
  return { kind: "unreadable", problem: { reason, message } };
}

function tooLarge(bytes: number, maxBytes: number): ReadOutcome {
  return unreadable(
    "too-large",
    `is larger than ${megabytes(maxBytes)} (${megabytes(bytes)}) and is not analysed`,
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** The code of a Node system error; undefined for anything else that was thrown. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function outcomeOfError(error: unknown): ReadOutcome {
  const code = errorCode(error);
  if (code === undefined) throw error;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ESTALE") return { kind: "gone" };
  if (code === "EISDIR") return unreadable("not-a-file", "is not a regular file");
  if (code === "EACCES" || code === "EPERM") return unreadable("denied", "cannot be read: permission denied");
  if (code === "ELOOP") return unreadable("failed", "is a symbolic link that leads to itself");
  return unreadable("failed", `cannot be read (${code})`);
}
