// Remembers for a moment what was read: a round over hundreds of hosts wants the same few files for each of them, and whoever
// changed one by hand can't ask for the next round as soon as that.

import { readFile } from "node:fs/promises";

const MOMENT_MS = 100;
const MOST = 256;

export class BriefMemory<T> {
  readonly #known = new Map<string, { readonly at: number; readonly value: Promise<T> }>();

  recall(key: string, load: () => Promise<T>): Promise<T> {
    const now = performance.now();
    const known = this.#known.get(key);
    if (known !== undefined && now - known.at < MOMENT_MS) return known.value;
    if (this.#known.size >= MOST) this.#known.clear();
    const value = load();
    this.#known.set(key, { at: now, value });
    return value;
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}

const files = new BriefMemory<Buffer | undefined>();

/** The content of a file, or undefined where it is missing or can't be read. */
export function readBriefly(file: string): Promise<Buffer | undefined> {
  return files.recall(file, async () => {
    try {
      return await readFile(file);
    } catch {
      // key files and known_hosts files that are named and not there are ordinary: OpenSSH passes over them too
      return undefined;
    }
  });
}

/** For a file that was just written. */
export function forgetFile(file: string): void {
  files.forget(file);
}
