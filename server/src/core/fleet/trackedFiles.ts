// The files as a flake in a Git work tree sees them: Nix copies what Git tracks, and nothing else is there for it.

import type { Sources } from "../analysis";
import type { DirectoryRead, FilePort, FileRead } from "../eval/files";
import { isScript } from "../facts/scriptFacts";

/**
 * What the flake at `path` sees of the files on disk. All of them outside of Git, and where flake.nix itself is not
 * tracked: then Nix reads the folder in another way, or not at all. So too where a script of the repository names the
 * flake as `path:`, by which Nix copies the folder as it is.
 */
export function filesOfFlake(sources: Sources, path: string, onDisk: FilePort): FilePort {
  let root: string | undefined;
  for (const each of sources.gitTrees.keys())
    if (path.startsWith(`${each}/`) && each.length > (root?.length ?? -1)) root = each;
  const tracked = root === undefined ? undefined : sources.gitTrees.get(root);
  if (root === undefined || tracked?.has(path) !== true || isNamedByPath(sources, root)) return onDisk;
  return new TrackedFiles(onDisk, root, tracked);
}

function isNamedByPath(sources: Sources, root: string): boolean {
  return sources.paths.some(
    path => isScript(path) && path.startsWith(`${root}/`) && sources.facts(path)?.script?.pathFlakes === true,
  );
}

const ABSENT = { kind: "absent" } as const;
const UNTRACKED = { kind: "absent", untracked: true } as const;

/** The folders that hold tracked files, once for each list of files. */
const foldersOf = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

/** `files`, of which those in the work tree at `root` exist only if they are tracked. */
class TrackedFiles implements FilePort {
  private readonly folders: ReadonlySet<string>;

  constructor(
    private readonly files: FilePort,
    private readonly root: string,
    private readonly tracked: ReadonlySet<string>,
  ) {
    this.folders = foldersOf.get(tracked) ?? foldersAbove(root, tracked);
    foldersOf.set(tracked, this.folders);
  }

  read(path: string): FileRead {
    const isThere = this.files.kindOf(path) !== "unavailable";
    return isThere && this.isHidden(path) ? this.missing(path) : this.files.read(path);
  }

  list(path: string): DirectoryRead {
    const read = this.files.list(path);
    if (read.kind !== "entries") return read;
    if (this.isHidden(path)) return this.missing(path);
    const inside = path === "/" ? "/" : `${path}/`;
    const entries = new Map([...read.entries].filter(([name]) => !this.isHidden(inside + name)));
    return { kind: "entries", entries };
  }

  kindOf(path: string): ReturnType<FilePort["kindOf"]> {
    const kind = this.files.kindOf(path);
    return kind !== "unavailable" && this.isHidden(path) ? "absent" : kind;
  }

  private missing(path: string): typeof ABSENT | typeof UNTRACKED {
    return this.files.kindOf(path) === "absent" ? ABSENT : UNTRACKED;
  }

  /** In the work tree and not tracked. What lies in a submodule or behind a tracked link is not told by this index. */
  private isHidden(path: string): boolean {
    if (!path.startsWith(this.root === "/" ? "/" : `${this.root}/`) || this.folders.has(path)) return false;
    for (let at = path; at.length > this.root.length; at = at.slice(0, at.lastIndexOf("/")))
      if (this.tracked.has(at)) return false;
    return true;
  }
}

function foldersAbove(root: string, tracked: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of tracked) {
    for (let at = parentOf(path); at.length > root.length && !folders.has(at); at = parentOf(at))
      folders.add(at);
  }
  return folders;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
