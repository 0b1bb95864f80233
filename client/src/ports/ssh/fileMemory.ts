// Files as they were last read, read again when they have changed: a round over hundreds of hosts wants the same few
// configurations, known_hosts and keys for each of them, and opening files is the slow part of that.

import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";

interface Remembered {
  readonly state: string;
  readonly text: string;
}

interface FileState {
  readonly mtimeNs: bigint;
  readonly size: bigint;
  readonly ino: bigint;
}

const remembered = new Map<string, Remembered>();
const MOST = 64;
const LARGEST = 4n << 20n;

/** The text of a file. @throws what reading it throws */
export async function readText(file: string): Promise<string> {
  // at once: it takes microseconds, and a detour over another thread a hundred times that
  const state = statSync(file, { bigint: true });
  return known(file, state) ?? remember(file, state, await readFile(file, "utf8"));
}

/** The same at once. @throws what reading it throws */
export function readTextSync(file: string): string {
  const state = statSync(file, { bigint: true });
  return known(file, state) ?? remember(file, state, readFileSync(file, "utf8"));
}

/** The text of a file, or undefined where it is missing or can't be read, which is ordinary for keys and known_hosts. */
export async function readTextIfAny(file: string): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch {
    // OpenSSH passes over such files too
    return undefined;
  }
}

function known(file: string, state: FileState): string | undefined {
  const last = remembered.get(file);
  return last?.state === stateText(state) ? last.text : undefined;
}

function remember(file: string, state: FileState, text: string): string {
  if (remembered.size >= MOST) remembered.clear();
  if (state.size <= LARGEST) remembered.set(file, { state: stateText(state), text });
  return text;
}

function stateText({ mtimeNs, size, ino }: FileState): string {
  return `${mtimeNs} ${size} ${ino}`;
}
