// The file system as the client uses it. Expected outcomes (absent, exists already) are values; all else rejects.

import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import {
  appendFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  unlink,
} from "node:fs/promises";
import path from "node:path";

export interface Files {
  /** The text, or undefined where there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** The first bytes of a file as text; undefined where there is no such file, or something that is none. */
  readStart(path: string, maxBytes: number): Promise<string | undefined>;
  /** The names in a folder; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  kind(path: string): Promise<"file" | "directory" | "other" | "absent">;
  /** Whether it is a symbolic link, to whatever. */
  isLink(path: string): Promise<boolean>;
  /** The permission bits; undefined where there are none, or no such file. */
  mode(path: string): Promise<number | undefined>;
  /** Creates a file that must not exist yet, with exactly this mode; "exists" leaves everything untouched. */
  createText(path: string, text: string, mode: number): Promise<"created" | "exists">;
  /** Where a path leads through all links; the path as it is where nothing is there. */
  realPath(path: string): Promise<string>;
  /**
   * Replaces a file in one step: readers see the old or the new text, never a part. It keeps its mode, and is for us alone
   * where it is new. Makes folders.
   */
  replaceText(path: string, text: string): Promise<void>;
  /** Adds at the end in one write, with mode 0600 for a new file. Makes folders. */
  appendText(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export const nodeFiles: Files = {
  async readText(file) {
    try {
      return await readFile(file, "utf8");
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    }
  },
  async readStart(file, maxBytes) {
    // without waiting for somebody to write into a pipe
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    });
    if (handle === undefined) return undefined;
    try {
      if (!(await handle.stat()).isFile()) return undefined;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  },
  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
      throw error;
    }
  },
  async kind(file) {
    try {
      const stats = await stat(file);
      return stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return "absent";
      throw error;
    }
  },
  async isLink(file) {
    try {
      return (await lstat(file)).isSymbolicLink();
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return false;
      throw error;
    }
  },
  async mode(file) {
    // Windows has other rights, which the bits say nothing about
    if (process.platform === "win32") return undefined;
    try {
      return (await stat(file)).mode & 0o777;
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    }
  },
  createText,
  async realPath(file) {
    try {
      return await realpath(file);
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return file;
      throw error;
    }
  },
  async replaceText(file, text) {
    await mkdir(path.dirname(file), { recursive: true });
    // a name that nobody else has, be it another of these at once or somebody who laid a link there
    const fresh = `${file}.${randomUUID()}.new`;
    try {
      await createText(fresh, text, (await nodeFiles.mode(file)) ?? 0o600);
      await rename(fresh, file);
    } catch (error) {
      await nodeFiles.remove(fresh);
      throw error;
    }
  },
  async appendText(file, text) {
    await mkdir(path.dirname(file), { recursive: true });
    await appendFile(file, text, { mode: 0o600 });
  },
  async remove(file) {
    try {
      await unlink(file);
    } catch (error) {
      if (!hasCode(error, "ENOENT")) throw error;
    }
  },
};

async function createText(file: string, text: string, mode: number): Promise<"created" | "exists"> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, "wx", mode);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return "exists";
    throw error;
  }
  try {
    // open() is subject to the umask, which may only take rights away; chmod states them exactly
    await handle.chmod(mode);
    await handle.writeFile(text, "utf8");
    await handle.sync();
  } catch (error) {
    // a part of a file would be in the way of the next attempt
    await nodeFiles.remove(file);
    throw error;
  } finally {
    await handle.close();
  }
  return "created";
}

/** Whether a caught value is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.some(code => code === error.code);
}
