// The files of a revision as the evaluator reads them.

import type { Sources } from "../analysis";
import type { DirectoryRead, EntryKind, FilePort, FileRead } from "../eval/files";

type Kind = ReturnType<FilePort["kindOf"]>;

const OUTSIDE = { kind: "unavailable", reason: "outside the workspace" } as const;
const ABSENT = { kind: "absent" } as const;
const LEFT_OUT = { kind: "unavailable", reason: "in a Git submodule that is not checked out" } as const;

type SourcesOnDisk = Pick<Sources, "paths" | "text" | "unread" | "wholeFolders" | "gitTrees">;

/** Answers for one revision. */
export class SourceFiles implements FilePort {
  private readonly folders = new Map<string, Map<string, EntryKind>>();

  constructor(private readonly sources: SourcesOnDisk) {
    for (const folder of sources.wholeFolders) this.folders.set(folder, new Map());
    for (const path of sources.paths) this.addEntry(path, "regular");
    for (const [path, kind] of sources.unread) this.addEntry(path, kind === "file" ? "regular" : "directory");
  }

  private addEntry(path: string, kindOfLeaf: EntryKind): void {
    let kind = kindOfLeaf;
    for (let at = path; at !== "/" && at.startsWith("/"); ) {
      const cut = at.lastIndexOf("/");
      const parent = at.slice(0, cut) || "/";
      const entries = this.folders.get(parent);
      if (entries === undefined) this.folders.set(parent, new Map([[at.slice(cut + 1), kind]]));
      else if (entries.has(at.slice(cut + 1))) return;
      else entries.set(at.slice(cut + 1), kind);
      kind = "directory";
      at = parent;
    }
  }

  /** Everything at and below this path has been told. */
  private isWhole(path: string): boolean {
    for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
      if (this.sources.unread.has(at)) return false;
      if (this.sources.wholeFolders.has(at)) return true;
    }
    return false;
  }

  /**
   * At or below something that Git tracks and that is not there: a submodule that is not checked out, where a file of
   * that path is not one that was deleted.
   */
  private isLeftOut(path: string): boolean {
    const trees = [...this.sources.gitTrees.values()];
    if (trees.length === 0) return false;
    for (let at = path; at !== "" && !this.folders.has(at); at = at.slice(0, at.lastIndexOf("/"))) {
      if (!trees.some(tracked => tracked.has(at))) continue;
      return at !== path || !/[^/]\.[^/.]+$/.test(at);
    }
    return false;
  }

  private absence(path: string): typeof ABSENT | typeof OUTSIDE | typeof LEFT_OUT {
    if (!this.isWhole(path)) return OUTSIDE;
    return this.isLeftOut(path) ? LEFT_OUT : ABSENT;
  }

  read(path: string): FileRead {
    const text = this.sources.text(path);
    if (text !== undefined) return { kind: "text", text };
    if (this.sources.unread.has(path)) return { kind: "unavailable", reason: "not a text that is read here" };
    return this.absence(path);
  }

  list(path: string): DirectoryRead {
    const entries = this.isWhole(path) ? this.folders.get(path) : undefined;
    return entries === undefined ? this.absence(path) : { kind: "entries", entries };
  }

  kindOf(path: string): Kind {
    if (this.sources.text(path) !== undefined) return "regular";
    const unread = this.sources.unread.get(path);
    if (unread !== undefined) return unread === "file" ? "regular" : "directory";
    if (this.folders.has(path)) return "directory";
    return this.absence(path).kind;
  }
}
