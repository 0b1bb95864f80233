// What the evaluator needs of Node: the disk as a file port, hashes, TOML.

import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { parse as parseTomlText } from "smol-toml";
import type { EvaluatorPorts, TomlResult } from "../core/eval/evaluator";
import type { DirectoryRead, EntryKind, FilePort, FileRead } from "../core/eval/files";

/** Larger files are not read. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

function hashText(algorithm: string, text: string): string {
  return createHash(algorithm).update(text, "utf8").digest("hex");
}

export function parseToml(text: string): TomlResult {
  try {
    const value: unknown = parseTomlText(text, { integersAsBigInt: true });
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ok: false, message: error.message.split("\n", 1)[0] ?? "invalid TOML" };
  }
}

/** The disk as it is; for the command line and for tests. */
const diskFiles: FilePort = {
  read(path): FileRead {
    const kind = diskKind(path);
    if (kind !== "regular") return kind === "unavailable" ? unavailable : { kind: "absent" };
    if (statSync(path).size > MAX_FILE_BYTES) return { kind: "unavailable", reason: "too large" };
    return { kind: "text", text: readFileSync(path, "utf8") };
  },
  list(path): DirectoryRead {
    const kind = diskKind(path);
    if (kind !== "directory") return kind === "unavailable" ? unavailable : { kind: "absent" };
    const entries = readdirSync(path, { withFileTypes: true });
    return { kind: "entries", entries: new Map(entries.map(entry => [entry.name, entryKind(entry)])) };
  },
  kindOf: diskKind,
};

const unavailable = { kind: "unavailable", reason: "cannot be read" } as const;

function diskKind(path: string): "regular" | "directory" | "absent" | "unavailable" {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return "absent";
  if (stat.isDirectory()) return "directory";
  return stat.isFile() ? "regular" : "unavailable";
}

function entryKind(entry: Dirent): EntryKind {
  if (entry.isFile()) return "regular";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "unknown";
}

/** Everything an evaluator needs, with the disk as its files unless others are given. */
export function evaluatorPorts(parse: EvaluatorPorts["parse"], files: FilePort = diskFiles): EvaluatorPorts {
  return { parse, files, hash: hashText, parseToml };
}
