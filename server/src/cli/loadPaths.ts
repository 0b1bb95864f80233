// Loads what the command line was pointed at: folders with all that is in them, single files by themselves.

import { stat } from "node:fs/promises";
import type { Analysis, AnalysisHost, Change } from "../core/analysis";
import { makeAnalysisHost } from "../io/analysisHost";
import { compileLess } from "../io/compileLess";
import { corePath, errorCode, readTextFile } from "../io/fileSystem";
import { GitTracking, gitFolders } from "../io/gitTracking";
import { loadGrammar } from "../io/grammar";
import { type ReadingThread, threadIfMany } from "../io/treesAhead";
import { isInside, loadWorkspace } from "../io/workspaceFiles";
import type { Output } from "./command";
import { UserError } from "./userError";

export interface LoadedPaths {
  readonly host: AnalysisHost;
  readonly analysis: Analysis;
  /** The files that were asked for, among all that were read. */
  readonly files: readonly string[];
  /** A path for people and machines: relative to the one PATH, or to the current folder if there are several. */
  readonly relative: (path: string) => string;
}

/** Reads the paths into one analysis. A path that cannot be read is a UserError, a file inside a folder a warning. */
export async function loadPaths(paths: readonly string[], output: Output): Promise<LoadedPaths> {
  compileLess();
  let thread: ReadingThread | undefined;
  const begin = (found: readonly string[]) => {
    thread ??= threadIfMany(found);
  };
  const [grammar, { changes, roots }] = await Promise.all([
    loadGrammar(),
    readAll(paths.length === 0 ? ["."] : paths, output, begin),
  ]);
  const host = makeAnalysisHost(grammar, thread?.read(changes.filter(change => "text" in change)));
  host.apply(changes);
  const analysis = host.analysis();
  const [root] = roots;
  const base = root !== undefined && roots.length === 1 ? root : corePath(".");
  return {
    host,
    analysis,
    files: analysis.paths.filter(path => /\.nix$|nix\.conf$/.test(path)),
    relative: path => relativeTo(base, path),
  };
}

interface ReadPaths {
  readonly changes: readonly Change[];
  /** The folders that were given, and those of single files. */
  readonly roots: readonly string[];
}

/** Told of the files of a folder before they are read. */
type WhenFound = (files: readonly string[]) => void;

async function readAll(paths: readonly string[], output: Output, whenFound: WhenFound): Promise<ReadPaths> {
  const changes: Change[] = [];
  const roots: string[] = [];
  for (const written of paths) {
    const path = corePath(written);
    const folder = await isFolder(path, written);
    roots.push(folder ? path : path.slice(0, Math.max(1, path.lastIndexOf("/"))));
    changes.push(...(folder ? await readFolder(path, output, whenFound) : [await readFile(path, written)]));
  }
  return { changes, roots };
}

async function isFolder(path: string, written: string): Promise<boolean> {
  // an unset variable of a script is not the current folder
  if (written === "") throw new UserError('"" is no file or folder');
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new UserError(`${written}: no such file or folder`);
  }
}

async function readFolder(path: string, output: Output, whenFound: WhenFound): Promise<readonly Change[]> {
  const found = await loadWorkspace(path, whenFound);
  if (found.truncated) output.warn(`${path} holds more files than are read: the rest is left out`);
  for (const { path: file, problem } of found.unreadable) {
    if (file.endsWith(".nix")) output.warn(`${relativeTo(path, file)} ${problem.message}: left out`);
  }
  const git = new GitTracking();
  const trees = await Promise.all(gitFolders(path, found).map(folder => git.load(folder)));
  return [
    ...trees.flatMap(tree => (tree === undefined ? [] : [{ path: tree.root, tracked: tree.tracked }])),
    ...found.loaded,
    ...found.others.map(each => ({ path: each, unread: "file" as const })),
    ...found.opaque.map(each => ({ path: each, unread: "folder" as const })),
    ...found.unreadable.map(each => ({ path: each.path, unread: "file" as const })),
    ...(found.truncated ? [] : [{ path, whole: true as const }]),
  ];
}

async function readFile(path: string, written: string): Promise<Change> {
  const outcome = await readTextFile(path);
  if (outcome.kind === "text") return { path, text: outcome.text };
  throw new UserError(
    outcome.kind === "gone" ? `${written}: no such file or folder` : `${written} ${outcome.problem.message}`,
  );
}

function relativeTo(base: string, path: string): string {
  if (path === base || !isInside(base, path)) return path;
  return path.slice(base === "/" ? 1 : base.length + 1);
}
