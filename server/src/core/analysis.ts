// The façade of core, all that lsp/ and the command line may call. AnalysisHost is the only mutable thing in core:
// it takes changes, counts revisions and hands out immutable snapshots.

import type { Crash } from "./crash";
import type { FileFacts } from "./facts/facts";
import { FileState } from "./fileState";
import type { Fleet } from "./fleet/fleet";
import type { HostObservation } from "./fleet/observation";
import { isEncrypted } from "./formats/encryptedText";
import { RecentTrees } from "./recentTrees";
import { Revision, type RevisionSources } from "./revision";
import { type CodedDraft, findingsOf, type HostJudgements, type Surroundings } from "./rules/engine";
import type { Finding, Rule, Severity } from "./rules/rule";
import type { SourceFile } from "./syntax/expr";

/**
 * A workspace file with its new text, or the mark that it is gone (a file, or a folder with all that is in it), or
 * that it exists but is not read: a file that holds no text for us, or a folder of unknown content. `whole` says of a
 * folder that everything in it has been told: what is not known there does not exist. Together they answer
 * `pathExists` and `readDir`. `tracked` says what Git tracks in the work tree at `path`: files, links and submodules;
 * undefined where there is no work tree or it cannot be told. Paths are absolute with forward slashes.
 */
export type Change =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly gone: true }
  | { readonly path: string; readonly unread: "file" | "folder" }
  | { readonly path: string; readonly whole: true }
  | { readonly path: string; readonly tracked: ReadonlySet<string> | undefined };

/** What users configure about the analysis. Passed in, never stored elsewhere. */
export interface AnalysisConfig {
  /** Severity by rule code; "off" silences a rule. Absent: the rule's own. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** Syntax and scope errors are reported only where no other Nix extension does. */
  readonly languageDiagnostics: boolean;
}

export const DEFAULT_CONFIG: AnalysisConfig = { severities: {}, languageDiagnostics: true };

export type { Crash } from "./crash";

/** Turns text into a tree of ours; given in because the grammar is loaded by the caller. Total and synchronous. */
export interface NixParser {
  parse(path: string, text: string): SourceFile;
}

/** The files of one revision, as whoever builds the fleet sees them. */
export interface Sources {
  readonly revision: number;
  /** Every file with a text. */
  readonly paths: readonly string[];
  text(path: string): string | undefined;
  /** The tree of a Nix file. */
  file(path: string): SourceFile | undefined;
  facts(path: string): FileFacts | undefined;
  /** Files and folders that exist and are not read. */
  readonly unread: ReadonlyMap<string, "file" | "folder">;
  /** Folders whose whole content is known; elsewhere nothing can be said to be absent. */
  readonly wholeFolders: ReadonlySet<string>;
  /** What Git tracks, by the root of its work tree. */
  readonly gitTrees: ReadonlyMap<string, ReadonlySet<string>>;
  /** What real Nix or the hosts said. */
  readonly observations: readonly HostObservation[];
}

/** Makes the fleet out of the files. It may keep what it learnt between calls: files that did not change are identical. */
export type FleetBuilder = (sources: Sources) => Fleet;

export interface AnalysisOptions {
  readonly parser: NixParser;
  readonly buildFleet?: FleetBuilder;
  /** All rules, unless a test wants others. */
  readonly rules?: readonly Rule[];
}

/** An immutable snapshot of one revision. */
export interface Analysis {
  readonly revision: number;
  /** Findings of one file, sorted by place, at most 100. */
  findings(path: string): readonly Finding[];
  /** The part of `findings` that the file's own text alone tells, without looking at the fleet: fast. */
  ownFindings(path: string): readonly Finding[];
  /** Every file that has findings, those of closed files too. */
  allFindings(): ReadonlyMap<string, readonly Finding[]>;
  fleet(): Fleet;
  text(path: string): string | undefined;
  file(path: string): SourceFile | undefined;
  facts(path: string): FileFacts | undefined;
  /** The tree of a text that is not the file's own: what would stand there if something were typed. */
  parse(path: string, text: string): SourceFile;
  readonly paths: readonly string[];
  /** What has crashed so far; complete once everything was asked for. */
  readonly crashes: readonly Crash[];
}

export class AnalysisHost {
  private revision = 0;
  private readonly files = new Map<string, FileState>();
  private readonly unread = new Map<string, "file" | "folder">();
  private readonly wholeFolders = new Set<string>();
  private readonly gitTrees = new Map<string, ReadonlySet<string>>();
  private readonly judged: HostJudgements = new WeakMap();
  private readonly trees: RecentTrees;
  private observations: readonly HostObservation[] = [];
  private current: Revision | undefined;

  constructor(private readonly options: AnalysisOptions) {
    this.trees = new RecentTrees(options.parser);
  }

  /** Takes changes as one revision. A text equal to the one before changes nothing. */
  apply(changes: readonly Change[]): void {
    let changed = false;
    for (const change of changes) changed = this.applyOne(change) || changed;
    if (!changed) return;
    this.revision++;
    this.current = undefined;
  }

  /** Takes what real Nix or the hosts said, instead of what they said before, as one revision. */
  observe(observations: readonly HostObservation[]): void {
    this.observations = observations;
    this.revision++;
    this.current = undefined;
  }

  /** The snapshot of this revision. */
  analysis(config: AnalysisConfig = DEFAULT_CONFIG): Analysis {
    this.current ??= new Revision(this.revision, this.sources(), this.options, this.judged);
    return new Snapshot(this.current, config);
  }

  private sources(): RevisionSources {
    return {
      files: new Map(this.files),
      unread: new Map(this.unread),
      wholeFolders: new Set(this.wholeFolders),
      gitTrees: new Map(this.gitTrees),
      observations: this.observations,
    };
  }

  private applyOne(change: Change): boolean {
    if ("text" in change) {
      if (change.path.endsWith(".nix") && isEncrypted(change.text))
        return this.applyOne({ path: change.path, unread: "file" });
      if (this.files.get(change.path)?.text === change.text) return false;
      this.unread.delete(change.path);
      this.files.set(change.path, new FileState(change.path, change.text, this.options, this.trees));
      return true;
    }
    if ("unread" in change) {
      if (this.unread.get(change.path) === change.unread) return false;
      this.files.delete(change.path);
      this.unread.set(change.path, change.unread);
      return true;
    }
    if ("tracked" in change) {
      if (this.gitTrees.get(change.path) === change.tracked) return false;
      if (change.tracked === undefined) return this.gitTrees.delete(change.path);
      this.gitTrees.set(change.path, change.tracked);
      return true;
    }
    if ("whole" in change) {
      const isNew = !this.wholeFolders.has(change.path);
      this.wholeFolders.add(change.path);
      return isNew;
    }
    const inside = `${change.path}/`;
    let changed = false;
    for (const known of [this.files, this.unread, this.wholeFolders, this.gitTrees]) {
      for (const path of known.keys()) {
        if (path === change.path || path.startsWith(inside)) changed = known.delete(path) || changed;
      }
    }
    return changed;
  }
}

class Snapshot implements Analysis {
  constructor(
    private readonly files: Revision,
    private readonly config: AnalysisConfig,
  ) {}

  get revision(): number {
    return this.files.revision;
  }

  get paths(): readonly string[] {
    return this.files.paths;
  }

  get crashes(): readonly Crash[] {
    return [...[...this.files.files.values()].flatMap(file => file.crashes), ...this.files.crashes];
  }

  findings(path: string): readonly Finding[] {
    const drafts = [...this.ownDrafts(path), ...(this.files.fleetDrafts.get(path) ?? [])];
    const { overridden, declared } = this.files;
    return this.finish(path, drafts, { overridden: overridden.get(path) ?? [], declared });
  }

  ownFindings(path: string): readonly Finding[] {
    const declared = new Set(this.files.facts(path)?.declared);
    return this.finish(path, this.ownDrafts(path), { overridden: [], declared });
  }

  allFindings(): ReadonlyMap<string, readonly Finding[]> {
    const all = new Map<string, readonly Finding[]>();
    for (const path of new Set([...this.paths, ...this.files.fleetDrafts.keys()])) {
      const findings = this.findings(path);
      if (findings.length > 0) all.set(path, findings);
    }
    return all;
  }

  fleet(): Fleet {
    return this.files.fleet;
  }

  text(path: string): string | undefined {
    return this.files.text(path);
  }

  file(path: string): SourceFile | undefined {
    return this.files.file(path);
  }

  facts(path: string): FileFacts | undefined {
    return this.files.facts(path);
  }

  parse(path: string, text: string): SourceFile {
    return this.files.parse(path, text);
  }

  private ownDrafts(path: string): readonly CodedDraft[] {
    return this.files.files.get(path)?.judgement.drafts ?? [];
  }

  private finish(
    path: string,
    drafts: readonly CodedDraft[],
    surroundings: Surroundings,
  ): readonly Finding[] {
    return findingsOf(drafts, this.files.text(path) ?? "", this.config, surroundings);
  }
}
