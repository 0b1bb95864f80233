// What changes between two closures, package by package, as people read it: versions and sizes.

import { parseStorePath } from "../../../server/src/core/formats/storePath";

export interface ClosurePath {
  readonly storePath: string;
  /** Undefined where it is not known. */
  readonly bytes: number | undefined;
}

export interface PackageChange {
  readonly name: string;
  /** Versions that are gone; empty for a package that is new. "" is a package without a version. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** How much bigger the closure gets by it; undefined where a size is not known. */
  readonly bytes: number | undefined;
}

/** @param removed paths that only the old closure has; @param added those that only the new one has */
export function diffClosures(
  removed: readonly ClosurePath[],
  added: readonly ClosurePath[],
): readonly PackageChange[] {
  const changes = new Map<string, { before: string[]; after: string[]; bytes: number | undefined }>();
  const note = (path: ClosurePath, side: "before" | "after"): void => {
    const parsed = packageOf(path.storePath);
    if (parsed === undefined) return;
    const { name, version } = parsed;
    const change = changes.get(name) ?? { before: [], after: [], bytes: 0 };
    changes.set(name, change);
    change[side].push(version);
    const sign = side === "after" ? 1 : -1;
    change.bytes =
      change.bytes === undefined || path.bytes === undefined ? undefined : change.bytes + sign * path.bytes;
  };
  for (const path of removed) note(path, "before");
  for (const path of added) note(path, "after");
  return [...changes]
    .map(([name, { before, after, bytes }]) => ({ name, before: tidy(before), after: tidy(after), bytes }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function tidy(versions: readonly string[]): readonly string[] {
  return [...new Set(versions)].sort();
}

/** Nix's own rule: the version begins after the first dash that no letter follows. Undefined for what is no store path. */
export function packageOf(
  storePath: string,
): { readonly name: string; readonly version: string } | undefined {
  const full = parseStorePath(storePath)?.name;
  if (full === undefined) return undefined;
  const dash = /-(?![A-Za-z])/.exec(full);
  return dash === null
    ? { name: full, version: "" }
    : { name: full.slice(0, dash.index), version: full.slice(dash.index + 1) };
}
