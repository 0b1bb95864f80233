// All files at one revision: the fleet that they make and what the rules say of it, each computed when first asked for.

import type { AnalysisOptions, Sources } from "./analysis";
import { type Crash, crashOf } from "./crash";
import type { FileFacts } from "./facts/facts";
import type { FileState } from "./fileState";
import { EMPTY_FLEET, type Fleet } from "./fleet/fleet";
import type { HostObservation } from "./fleet/observation";
import { type CodedDraft, type HostJudgements, judgeFleet } from "./rules/engine";
import { RULES } from "./rules/index";
import { overriddenDefinitions } from "./rules/overridden";
import type { SourceFile } from "./syntax/expr";
import type { Span } from "./text/span";

export type RevisionSources = Pick<
  Revision,
  "files" | "unread" | "wholeFolders" | "gitTrees" | "observations"
>;

/** Invariant: its files never change. */
export class Revision implements Sources {
  readonly crashes: Crash[] = [];
  private built: Fleet | undefined;
  private judged: ReadonlyMap<string, readonly CodedDraft[]> | undefined;
  private weak: ReadonlyMap<string, readonly Span[]> | undefined;
  private declaredOptions: ReadonlySet<string> | undefined;

  readonly files: ReadonlyMap<string, FileState>;
  readonly unread: ReadonlyMap<string, "file" | "folder">;
  readonly wholeFolders: ReadonlySet<string>;
  readonly gitTrees: ReadonlyMap<string, ReadonlySet<string>>;
  readonly observations: readonly HostObservation[];

  constructor(
    readonly revision: number,
    sources: RevisionSources,
    private readonly options: AnalysisOptions,
    private readonly judgedHosts: HostJudgements,
  ) {
    this.files = sources.files;
    this.unread = sources.unread;
    this.wholeFolders = sources.wholeFolders;
    this.gitTrees = sources.gitTrees;
    this.observations = sources.observations;
  }

  get paths(): readonly string[] {
    return [...this.files.keys()].sort();
  }

  text(path: string): string | undefined {
    return this.files.get(path)?.text;
  }

  file(path: string): SourceFile | undefined {
    return this.files.get(path)?.file;
  }

  facts(path: string): FileFacts | undefined {
    return this.files.get(path)?.facts;
  }

  parse(path: string, text: string): SourceFile {
    return this.options.parser.parse(path, text);
  }

  get fleet(): Fleet {
    this.built ??= this.buildFleet();
    return this.built;
  }

  /** What rules said about the fleet, by the file in which it stands. */
  get fleetDrafts(): ReadonlyMap<string, readonly CodedDraft[]> {
    this.judged ??= this.judgeFleet();
    return this.judged;
  }

  /** Definitions that take no effect on any host, by the file in which they stand. */
  get overridden(): ReadonlyMap<string, readonly Span[]> {
    this.weak ??= overriddenDefinitions(this.fleet);
    return this.weak;
  }

  /** The options that modules of the workspace declare. */
  get declared(): ReadonlySet<string> {
    this.declaredOptions ??= new Set([...this.files.values()].flatMap(file => file.facts.declared ?? []));
    return this.declaredOptions;
  }

  private buildFleet(): Fleet {
    try {
      return this.options.buildFleet?.(this) ?? EMPTY_FLEET;
    } catch (error) {
      this.crashes.push(crashOf("fleet", "", error));
      return EMPTY_FLEET;
    }
  }

  private judgeFleet(): ReadonlyMap<string, readonly CodedDraft[]> {
    const textOf = (path: string): string | undefined => this.text(path);
    const ctx = {
      fleet: this.fleet,
      observations: this.observations,
      namedPaths: [...this.files.values()].flatMap(file => file.facts.paths ?? []),
      textOf,
    };
    const judgement = judgeFleet(this.options.rules ?? RULES, ctx, this.judgedHosts);
    this.crashes.push(...judgement.crashes);
    const byPath = new Map<string, CodedDraft[]>();
    for (const draft of judgement.drafts) {
      const before = byPath.get(draft.span.path);
      if (before === undefined) byPath.set(draft.span.path, [draft]);
      else before.push(draft);
    }
    return byPath;
  }
}
