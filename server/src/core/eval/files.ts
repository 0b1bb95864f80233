// How evaluation reads the workspace: a synchronous port that the caller fills from memory or from disk, and the
// record of what was asked, by which the caller knows after an edit whether a result still holds.

/** What a file port says of a file's content. */
export type FileRead =
  | { readonly kind: "text"; readonly text: string }
  | Absent
  /** It may exist, but cannot be told here (outside the workspace, binary, too large). */
  | { readonly kind: "unavailable"; readonly reason: string };

export interface Absent {
  readonly kind: "absent";
  /** It is on disk, but Git does not track it, so that a flake does not see it. */
  readonly untracked?: true;
}

export type EntryKind = "regular" | "directory" | "symlink" | "unknown";

/** What a file port says of a directory. */
export type DirectoryRead =
  | { readonly kind: "entries"; readonly entries: ReadonlyMap<string, EntryKind> }
  | Absent
  | { readonly kind: "unavailable"; readonly reason: string };

/** Paths are absolute and canonical. Answers must not change during one evaluation. */
export interface FilePort {
  read(path: string): FileRead;
  list(path: string): DirectoryRead;
  /** "unavailable": cannot be told here. */
  kindOf(path: string): "regular" | "directory" | "absent" | "unavailable";
}

/** What an evaluation has asked of the file port. */
export interface ReadLog {
  /** Files whose text was read (or that were missing when it was wanted). */
  readonly files: ReadonlySet<string>;
  /** Directories that were listed. */
  readonly directories: ReadonlySet<string>;
  /** Paths of which only the existence or the kind was asked. */
  readonly existence: ReadonlySet<string>;
}

/** Files in memory: path → text. Directories are what the paths imply; below `roots` what is not there is absent. */
export function memoryFiles(texts: ReadonlyMap<string, string>, roots: readonly string[]): FilePort {
  const directories = new Map<string, Map<string, EntryKind>>();
  for (const root of roots) directories.set(root, new Map());
  for (const path of texts.keys()) {
    let kind: EntryKind = "regular";
    for (let at = path; at !== "/" && at !== ""; ) {
      const cut = at.lastIndexOf("/");
      const parent = at.slice(0, cut) || "/";
      const entries = directories.get(parent) ?? new Map<string, EntryKind>();
      directories.set(parent, entries);
      entries.set(at.slice(cut + 1), kind);
      kind = "directory";
      at = parent;
    }
  }
  const inside = (path: string) =>
    roots.some(root => path === root || path.startsWith(root === "/" ? "/" : `${root}/`));
  const outside = { kind: "unavailable", reason: "outside the workspace" } as const;
  const absent = { kind: "absent" } as const;
  return {
    read: path => {
      const text = texts.get(path);
      if (text !== undefined) return { kind: "text", text };
      return inside(path) ? absent : outside;
    },
    list: path => {
      if (!inside(path)) return outside;
      const entries = directories.get(path);
      return entries === undefined ? absent : { kind: "entries", entries };
    },
    kindOf: path => {
      if (texts.has(path)) return "regular";
      if (directories.has(path)) return "directory";
      return inside(path) ? "absent" : "unavailable";
    },
  };
}
