// What Git tracks around a folder: finds the work tree it belongs to, also one of `git worktree` or a submodule, and
// reads that tree's index. No process is started for it.

import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { corePath, errorCode } from "./fileSystem";
import { parseGitIndex } from "./gitIndex";
import type { FoundFiles } from "./workspaceFiles";

/** A Git work tree and the files in it that Git tracks, all as core paths. */
export interface TrackedTree {
  readonly root: string;
  readonly tracked: ReadonlySet<string>;
}

interface WorkTree {
  readonly root: string;
  readonly index: string;
}

/** Larger indexes are not read: half a million files. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;

/** Keeps what was read until the index changes on disk. */
export class GitTracking {
  private readonly known = new Map<
    string,
    { readonly stamp: string; readonly tree: TrackedTree | undefined }
  >();

  /**
   * The tree that `folder` lies in; undefined outside of any, and where its index cannot be read. The same object as
   * before if nothing has changed.
   */
  async load(folder: string): Promise<TrackedTree | undefined> {
    const workTree = await findWorkTree(folder);
    if (workTree === undefined) return undefined;
    const tree = await this.read(workTree);
    return tree === undefined || isBelowEntry(tree, folder) ? undefined : tree;
  }

  private async read(workTree: WorkTree): Promise<TrackedTree | undefined> {
    const stamp = await stampOf(workTree.index);
    const before = this.known.get(workTree.index);
    if (before?.stamp === stamp) return before.tree;
    const tree = await readTree(workTree);
    this.known.set(workTree.index, { stamp, tree });
    return tree;
  }
}

/** Inside what this index has as a link or a submodule, of whose files it says nothing. */
function isBelowEntry({ root, tracked }: TrackedTree, folder: string): boolean {
  for (let at = folder; at.length > root.length; at = at.slice(0, at.lastIndexOf("/")))
    if (tracked.has(at)) return true;
  return false;
}

/** The nearest folder at or above this one that has a `.git`. */
async function findWorkTree(folder: string): Promise<WorkTree | undefined> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const git = await gitFolder(at);
    if (git !== undefined) return { root: corePath(at), index: path.join(git, "index") };
    if (at === path.dirname(at)) return undefined;
  }
}

/** `.git` is a folder, or a file that names one: in a linked work tree and in a submodule. */
async function gitFolder(folder: string): Promise<string | undefined> {
  const git = path.join(folder, ".git");
  try {
    if ((await stat(git)).isDirectory()) return git;
    const named = /^gitdir: (.*?)\s*$/.exec(await readFile(git, "utf8"))?.[1];
    return named === undefined ? undefined : path.resolve(folder, named);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** Changes whenever Git writes the index. */
async function stampOf(index: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(index);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return "none";
  }
}

async function readTree({ root, index }: WorkTree): Promise<TrackedTree | undefined> {
  try {
    if ((await stat(index)).size > MAX_INDEX_BYTES) return undefined;
    const read = parseGitIndex(await readFile(index));
    if (read.kind === "unreadable") return undefined;
    const prefix = root.endsWith("/") ? root : `${root}/`;
    return { root, tracked: new Set(read.paths.map(name => prefix + name)) };
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The folders of which one asks, beneath a workspace folder with these entries: itself and every other work tree. */
export function gitFolders(folder: string, found: Pick<FoundFiles, "others" | "opaque">): readonly string[] {
  const marks = [...found.others, ...found.opaque].filter(file => file.endsWith("/.git"));
  return [...new Set([folder, ...marks.map(file => file.slice(0, -"/.git".length))])];
}
