// Whether a host runs what the repository says, told by commits. Pure: what Git and the ledger say is handed in.

import { t } from "../l10n";
import type { HostFacts } from "../state/hostFacts";
import type { LedgerEntry } from "../state/ledger";
import type { WorkTree } from "../state/workTree";

/** The commit that a running system was built from. */
export interface Origin {
  readonly commit: string;
  /** There were changes that are in no commit. */
  readonly dirty: boolean;
  /** The host records it itself, or it was deployed from here. */
  readonly from: "host" | "ledger";
}

/** How two commits lie: how many only the running one has, how many only the repository's. */
export interface Distance {
  readonly ahead: number;
  readonly behind: number;
}

export type Drift =
  /** It runs the commit that the repository has, and there are no further changes. */
  | { readonly kind: "same"; readonly commit: string }
  /** It runs that commit, but there are changes that are in no commit, here or in what it runs. */
  | { readonly kind: "edited"; readonly commit: string; readonly where: "here" | "there" }
  | { readonly kind: "behind"; readonly running: string; readonly commits: number }
  /** It has commits that the repository's commit does not have. */
  | { readonly kind: "ahead"; readonly running: string; readonly distance: Distance }
  /** A commit that this repository does not know. */
  | { readonly kind: "foreign"; readonly running: string }
  /** Nothing says where the system comes from. */
  | { readonly kind: "unknown" };

/** What the running system was built from, by its own word or by what was deployed from here. */
export function originOf(facts: HostFacts, ledger: ReadonlyMap<string, LedgerEntry>): Origin | undefined {
  const own = facts.configurationRevision;
  if (own !== undefined)
    return { commit: own.replace(/-dirty$/, ""), dirty: own.endsWith("-dirty"), from: "host" };
  const entry = facts.currentSystem === undefined ? undefined : ledger.get(facts.currentSystem);
  // the ledger may be a file of the repository, so what it calls a commit is checked
  if (entry === undefined || entry.commit === null || !/^[0-9a-f]{7,64}$/.test(entry.commit))
    return undefined;
  return { commit: entry.commit, dirty: entry.dirty === true, from: "ledger" };
}

/** The newest entry for each system that was put on a host from a known commit. */
export function bySystem(entries: readonly LedgerEntry[]): ReadonlyMap<string, LedgerEntry> {
  const known = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const { newSystem, commit, outcome } = entry;
    if (newSystem === null || commit === null || outcome !== "landed" || known.has(newSystem)) continue;
    known.set(newSystem, entry);
  }
  return known;
}

/** @param distance from the running commit to the repository's; undefined where Git does not know the running one */
export function judgeDrift(
  origin: Origin | undefined,
  here: WorkTree,
  distance: Distance | undefined,
): Drift | undefined {
  // a folder without commits has nothing to be compared with
  if (here.commit === null) return undefined;
  if (origin === undefined) return { kind: "unknown" };
  const running = origin.commit;
  if (isSameCommit(running, here.commit)) {
    if (origin.dirty) return { kind: "edited", commit: here.commit, where: "there" };
    if (here.dirty === true) return { kind: "edited", commit: here.commit, where: "here" };
    return { kind: "same", commit: here.commit };
  }
  if (distance === undefined) return { kind: "foreign", running };
  if (distance.ahead > 0) return { kind: "ahead", running, distance };
  return { kind: "behind", running, commits: distance.behind };
}

function isSameCommit(a: string, b: string): boolean {
  return a.length > 0 && b.length > 0 && (a.startsWith(b) || b.startsWith(a));
}

export interface DriftText {
  /** For a row's description. */
  readonly short: string;
  readonly long: string;
  /** Whether somebody should look at it. */
  readonly drifted: boolean;
  /** At most two characters, for the decoration. */
  readonly badge: string;
}

/** What people read about a drift. */
export function describeDrift(drift: Drift): DriftText {
  switch (drift.kind) {
    case "same":
      return {
        short: t("up to date"),
        long: t("It runs what the repository says, commit {0}.", shortCommit(drift.commit)),
        drifted: false,
        badge: "",
      };
    case "edited":
      return {
        short: t("changes not in a commit"),
        long:
          drift.where === "here"
            ? t(
                "It runs commit {0}; the folder has changes that are in no commit.",
                shortCommit(drift.commit),
              )
            : t("It runs commit {0} with changes that were in no commit.", shortCommit(drift.commit)),
        drifted: drift.where === "there",
        badge: drift.where === "there" ? "±" : "",
      };
    case "behind":
      return {
        short: t("{0} behind", drift.commits),
        long: t(
          "It runs commit {0}, {1} before the repository's.",
          shortCommit(drift.running),
          drift.commits,
        ),
        drifted: true,
        badge: drift.commits > 9 ? "↓+" : `↓${drift.commits}`,
      };
    case "ahead":
      return {
        short: t("other branch"),
        long: t(
          "It runs commit {0}, which has {1} commits that are not in the repository's, and lacks {2}.",
          shortCommit(drift.running),
          drift.distance.ahead,
          drift.distance.behind,
        ),
        drifted: true,
        badge: "≠",
      };
    case "foreign":
      return {
        short: t("unknown commit"),
        long: t("It runs commit {0}, which is not in this repository.", shortCommit(drift.running)),
        drifted: true,
        badge: "?",
      };
    case "unknown":
      return {
        short: t("unknown origin"),
        long: t(
          "Nothing says which commit it runs: its configuration does not set system.configurationRevision, and it was not deployed from here.",
        ),
        drifted: false,
        badge: "",
      };
  }
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 8);
}
