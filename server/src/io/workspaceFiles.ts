// Finds the files of a workspace folder that say something about deploying, and reads them. Bounded and patient:
// symlink loops, folders without permission and files that vanish meanwhile are skipped, never errors.

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { isScript } from "../core/facts/scriptFacts";
import {
  corePath,
  errorCode,
  MAX_FILE_BYTES,
  type ReadOutcome,
  type ReadProblem,
  readTextFile,
  readTextFileNow,
} from "./fileSystem";

/** What a workspace file is to us; undefined files are only known to exist. */
export type WorkspaceFileKind = "nix" | "nix-conf" | "lock" | "data" | "script";

export interface WorkspaceLimits {
  readonly maxFiles: number;
  readonly maxEntries: number;
  readonly maxDepth: number;
}

export const DEFAULT_LIMITS: WorkspaceLimits = {
  maxFiles: 20_000,
  maxEntries: 200_000,
  maxDepth: 40,
};

export interface FoundFiles {
  /** Files that we read, as core paths, sorted. */
  readonly files: readonly string[];
  /** Everything else that exists: with `files` and `opaque` the whole answer to "does this path exist". */
  readonly others: readonly string[];
  /** Folders that exist but were not entered (skipped by name, no permission, loops, limits). */
  readonly opaque: readonly string[];
  /** A limit was met: there are more files than these. */
  readonly truncated: boolean;
}

export interface LoadedFile {
  readonly path: string;
  readonly text: string;
}

export interface UnreadableFile {
  readonly path: string;
  readonly problem: ReadProblem;
}

export interface LoadedWorkspace extends FoundFiles {
  readonly loaded: readonly LoadedFile[];
  readonly unreadable: readonly UnreadableFile[];
}

const SKIPPED_FOLDERS = new Set([
  ".git",
  ".hg",
  ".svn",
  ".jj",
  ".direnv",
  ".devenv",
  ".terraform",
  ".venv",
  ".cache",
  "__pycache__",
  "node_modules",
  "dist",
]);
const READS_AT_ONCE = 32;
/** JSON and TOML are read for `fromJSON (readFile …)`; larger ones are data sets, not configuration. */
const MAX_DATA_BYTES = 256 * 1024;

/** Whether a folder of this name is left out: version control, dependencies, build results. */
function isSkippedFolder(name: string): boolean {
  return SKIPPED_FOLDERS.has(name) || name === "result" || name.startsWith("result-");
}

/** Whether a path lies in a folder that is left out, seen from the workspace folder. */
export function isSkippedPath(root: string, file: string): boolean {
  if (!isInside(root, file)) return false;
  const inner = file.slice(root.length + 1).split("/");
  return inner.slice(0, -1).some(isSkippedFolder) || isSkippedFolder(inner.at(-1) ?? "");
}

/** Whether `file` is `root` or lies beneath it; both are core paths. */
export function isInside(root: string, file: string): boolean {
  return file === root || file.startsWith(root.endsWith("/") ? root : `${root}/`);
}

/** What a file is to us, by its path alone. */
export function fileKind(file: string): WorkspaceFileKind | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1);
  if (name.endsWith(".nix")) return "nix";
  if (name === "nix.conf" || name === "nix.custom.conf" || /\/nix\.conf\.d\/[^/]+\.conf$/.test(file))
    return "nix-conf";
  if (name === "flake.lock") return "lock";
  if (/\.(json|toml|pub)$/.test(name)) return "data";
  // For secrets that were committed beside the configuration that names them.
  if (/\.(key|pem|priv|private|sec|secret)$/.test(name)) return "data";
  return isScript(file) ? "script" : undefined;
}

/** Finds the files beneath `root`. Follows links to folders, but enters each real folder only once. */
export async function findWorkspaceFiles(
  root: string,
  limits: Partial<WorkspaceLimits> = {},
  signal?: AbortSignal,
): Promise<FoundFiles> {
  const walk: Walk = {
    limits: { ...DEFAULT_LIMITS, ...limits },
    files: [],
    others: [],
    opaque: [],
    entered: new Set(),
    entries: 0,
    truncated: false,
  };
  const queue: Folder[] = [{ path: corePath(root), depth: 0, linked: true }];
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    if (signal?.aborted === true) break;
    queue.push(...(await visit(folder, walk)));
  }
  return {
    files: walk.files.sort(),
    others: walk.others.sort(),
    opaque: walk.opaque.sort(),
    truncated: walk.truncated,
  };
}

/**
 * Finds and reads the files beneath `root`; what vanishes between the two steps is left out. `whenFound` is called between
 * them, and nothing else happens in the process during the second.
 */
export async function loadWorkspace(
  root: string,
  whenFound: (files: readonly string[]) => void = () => undefined,
): Promise<LoadedWorkspace> {
  const found = await findWorkspaceFiles(root);
  whenFound(found.files);
  const outcomes = found.files.map(file => readTextFileNow(file, limitOf(file)));
  return { ...found, ...sorted(found.files, outcomes) };
}

/** Reads many files, a bounded number at a time; the answers keep the order of `files`. */
export async function readFiles(files: readonly string[], signal?: AbortSignal): Promise<ReadFiles> {
  const outcomes: ReadOutcome[] = [];
  for (let at = 0; at < files.length; at += READS_AT_ONCE) {
    if (signal?.aborted === true) break;
    const batch = files.slice(at, at + READS_AT_ONCE);
    outcomes.push(...(await Promise.all(batch.map(file => readTextFile(file, limitOf(file))))));
  }
  return sorted(files, outcomes);
}

interface ReadFiles {
  readonly loaded: LoadedFile[];
  readonly unreadable: UnreadableFile[];
}

/** `outcomes` are those of the first `files`. */
function sorted(files: readonly string[], outcomes: readonly ReadOutcome[]): ReadFiles {
  const loaded: LoadedFile[] = [];
  const unreadable: UnreadableFile[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const path = files[index] ?? "";
    if (outcome.kind === "text") loaded.push({ path, text: outcome.text });
    else if (outcome.kind === "unreadable") unreadable.push({ path, problem: outcome.problem });
  }
  return { loaded, unreadable };
}

interface Folder {
  readonly path: string;
  readonly depth: number;
  /** Reached through a link (or the root itself): its real path must be asked. */
  readonly linked: boolean;
}

interface Walk {
  readonly limits: WorkspaceLimits;
  readonly files: string[];
  readonly others: string[];
  readonly opaque: string[];
  /** Real paths of the folders entered so far. */
  readonly entered: Set<string>;
  entries: number;
  truncated: boolean;
}

/** Files one folder's entries and answers the folders beneath it. */
async function visit(folder: Folder, walk: Walk): Promise<Folder[]> {
  const entries = await listFolder(folder, walk);
  if (entries === undefined) {
    walk.opaque.push(folder.path);
    return [];
  }
  const inner: Folder[] = [];
  for (const entry of entries) {
    const file = folder.path.endsWith("/") ? folder.path + entry.name : `${folder.path}/${entry.name}`;
    const kind = await entryKind(entry, file);
    if (kind === "file") addFile(file, walk);
    else if (kind === "folder") {
      if (isSkippedFolder(entry.name)) walk.opaque.push(file);
      else inner.push({ path: file, depth: folder.depth + 1, linked: entry.isSymbolicLink() });
    }
  }
  return inner;
}

async function listFolder(folder: Folder, walk: Walk): Promise<Dirent[] | undefined> {
  if (folder.depth > walk.limits.maxDepth || walk.entries >= walk.limits.maxEntries) {
    walk.truncated = true;
    return undefined;
  }
  try {
    const real = folder.linked ? corePath(await realpath(folder.path)) : folder.path;
    if (walk.entered.has(real) || real === "/nix/store" || real.startsWith("/nix/store/")) return undefined;
    walk.entered.add(real);
    const entries = await readdir(folder.path, { withFileTypes: true });
    walk.entries += entries.length;
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

async function entryKind(entry: Dirent, file: string): Promise<"file" | "folder" | "neither"> {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (!entry.isSymbolicLink()) return "neither";
  try {
    const info = await stat(file);
    return info.isFile() ? "file" : info.isDirectory() ? "folder" : "neither";
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return "neither";
  }
}

function addFile(file: string, walk: Walk): void {
  if (fileKind(file) === undefined) walk.others.push(file);
  else if (walk.files.length < walk.limits.maxFiles) walk.files.push(file);
  else {
    walk.others.push(file);
    walk.truncated = true;
  }
}

function limitOf(file: string): number {
  return fileKind(file) === "data" && path.extname(file) !== ".pub" ? MAX_DATA_BYTES : MAX_FILE_BYTES;
}
