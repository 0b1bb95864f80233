// Keeps core in step with the workspace folders on disk: the first load, later changes, folders that come and go.
// One operation runs at a time, so that an older read never overwrites a newer one.

import { lstat, stat } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { Change } from "../core/analysis";
import { errorCode, type ReadProblem, readTextFile } from "../io/fileSystem";
import { GitTracking, gitFolders } from "../io/gitTracking";
import { fileKind, findWorkspaceFiles, isInside, isSkippedPath, readFiles } from "../io/workspaceFiles";

/** Where changes go, and what overrides the disk. */
export interface DiskSink {
  apply(changes: readonly Change[]): void;
  isOpen(path: string): boolean;
  /** A folder holds more than the limits allow: only a part of it is analysed. */
  truncated(root: string): void;
  crashed(error: unknown): void;
}

/** So many files are handed to core before the event loop gets a turn. */
const FILES_A_TURN = 32;

export class DiskWorkspace {
  /** Files that exist and could not be read as text. */
  readonly unreadable = new Map<string, ReadProblem>();
  private readonly roots = new Map<string, AbortController>();
  private readonly git = new GitTracking();
  /** The folders of which it is asked what Git tracks, with the root of the work tree that was found. */
  private readonly workTrees = new Map<string, string | undefined>();
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly sink: DiskSink) {}

  /** No load is under way: what core has is what is there. */
  get settled(): boolean {
    return this.waiting === 0;
  }

  addRoot(root: string): void {
    if (this.roots.has(root)) return;
    const controller = new AbortController();
    this.roots.set(root, controller);
    this.enqueue(() => this.load(root, controller.signal));
  }

  removeRoot(root: string): void {
    this.roots.get(root)?.abort();
    if (!this.roots.delete(root)) return;
    this.enqueue(async () => this.forget(root));
  }

  /** Looks again at paths that the client says have changed, or whose document was closed. */
  refresh(paths: readonly string[]): void {
    this.enqueue(async () => {
      for (const path of new Set(paths)) await this.refreshOne(path);
      await this.askGit();
    });
  }

  /** Ends what is under way and forgets the folders. */
  dispose(): void {
    for (const controller of this.roots.values()) controller.abort();
    this.roots.clear();
  }

  private enqueue(operation: () => Promise<void>): void {
    this.waiting++;
    this.queue = this.queue
      .then(operation)
      .catch((error: unknown) => this.sink.crashed(error))
      .then(() => {
        this.waiting--;
        if (this.settled) this.sink.apply([]);
      });
  }

  private async load(root: string, signal: AbortSignal): Promise<void> {
    const found = await findWorkspaceFiles(root, {}, signal);
    if (signal.aborted) return;
    if (found.truncated) this.sink.truncated(root);
    this.sink.apply([
      ...found.others.map(path => ({ path, unread: "file" as const })),
      ...found.opaque.map(path => ({ path, unread: "folder" as const })),
    ]);
    for (let at = 0; at < found.files.length && !signal.aborted; at += FILES_A_TURN) {
      await this.read(found.files.slice(at, at + FILES_A_TURN), signal);
      await setImmediate();
    }
    if (signal.aborted) return;
    for (const folder of gitFolders(root, found)) this.workTrees.set(folder, this.workTrees.get(folder));
    await this.askGit();
    if (!found.truncated) this.sink.apply([{ path: root, whole: true }]);
  }

  /** Looks whether Git tracks other files than before: every `git add` writes its index. */
  private async askGit(): Promise<void> {
    for (const [folder, before] of this.workTrees) {
      const tree = await this.git.load(folder);
      this.workTrees.set(folder, tree?.root);
      if (tree !== undefined) this.sink.apply([{ path: tree.root, tracked: tree.tracked }]);
      else if (before !== undefined) this.sink.apply([{ path: before, tracked: undefined }]);
    }
  }

  private async read(files: readonly string[], signal?: AbortSignal): Promise<void> {
    const { loaded, unreadable } = await readFiles(files, signal);
    if (signal?.aborted === true) return;
    for (const { path } of loaded) this.unreadable.delete(path);
    for (const { path, problem } of unreadable) this.unreadable.set(path, problem);
    const changes: Change[] = [
      ...loaded,
      ...unreadable.map(({ path }) => ({ path, unread: "file" as const })),
    ].filter(({ path }) => !this.sink.isOpen(path));
    if (changes.length > 0) this.sink.apply(changes);
  }

  private async refreshOne(path: string): Promise<void> {
    if (this.sink.isOpen(path)) return;
    const root = this.rootOf(path);
    if (root === undefined) return this.sink.apply([{ path, gone: true }]);
    if (isSkippedPath(root, path)) return;
    const kind = await kindOnDisk(path);
    if (kind === "folder") return this.load(path, new AbortController().signal);
    if (kind === "gone") return this.forget(path);
    if (fileKind(path) === undefined) return this.sink.apply([{ path, unread: "file" }]);
    await this.refreshFile(path);
  }

  private async refreshFile(path: string): Promise<void> {
    const outcome = await readTextFile(path);
    if (outcome.kind === "gone") return this.forget(path);
    if (this.sink.isOpen(path)) return;
    if (outcome.kind === "text") {
      this.unreadable.delete(path);
      this.sink.apply([{ path, text: outcome.text }]);
    } else {
      this.unreadable.set(path, outcome.problem);
      this.sink.apply([{ path, unread: "file" }]);
    }
  }

  /** A file or folder is gone; open documents in it stay, they are still being edited. */
  private forget(path: string): void {
    for (const known of this.unreadable.keys()) if (isInside(path, known)) this.unreadable.delete(known);
    for (const known of this.workTrees.keys()) if (isInside(path, known)) this.workTrees.delete(known);
    this.sink.apply([{ path, gone: true }]);
  }

  private rootOf(path: string): string | undefined {
    return [...this.roots.keys()].find(root => isInside(root, path));
  }
}

async function kindOnDisk(path: string): Promise<"file" | "folder" | "gone"> {
  try {
    const info = await stat(path);
    return info.isDirectory() ? "folder" : "file";
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    // a dangling link is gone for us, anything else that cannot be asked is left to the reader to name
    return await lstat(path).then(
      info => (info.isSymbolicLink() ? "gone" : "file"),
      () => "gone",
    );
  }
}
