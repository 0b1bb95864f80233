// The state of one connection: the analysis, the open documents, the folders on disk and the settings. Handlers
// either change it quickly or work on its newest snapshot.

import { EventEmitter, once } from "node:events";
import { type Diagnostic, DiagnosticSeverity } from "vscode-languageserver/node";
import {
  type Analysis,
  type AnalysisConfig,
  type AnalysisHost,
  type Change,
  DEFAULT_CONFIG,
} from "../core/analysis";
import type { HostState } from "../core/features/hover";
import type { HostObservation } from "../core/fleet/observation";
import { fleetSnapshot } from "../fleetSnapshot";
import { MAX_FILE_BYTES, type ReadProblem } from "../io/fileSystem";
import { IdleMemory } from "../io/idleMemory";
import { fileKind } from "../io/workspaceFiles";
import { logCrash } from "./boundary";
import type { ContentChange } from "./carryOver";
import type { ClientAbilities } from "./clientAbilities";
import { analysisConfig, type Config, DEFAULT_SETTINGS } from "./config";
import { DIAGNOSTIC_SOURCE, LineIndexes } from "./conversions";
import { DiskWorkspace } from "./diskWorkspace";
import { OpenDocuments } from "./documents";
import { DiagnosticsPublisher, type PublisherPort } from "./publisher";

/** What the session tells the client. */
export interface ClientPort {
  publish(path: string, version: number | undefined, diagnostics: Diagnostic[]): void;
  fleetChanged(): void;
  /** What lenses say of hosts has changed. */
  lensesChanged(): void;
  info(event: string, details: Readonly<Record<string, unknown>>): void;
  error(event: string, details: Readonly<Record<string, unknown>>): void;
}

/** What was said about a host, with its state in words. */
export type ObservedHost = HostObservation & { readonly state?: HostState | undefined };

export interface SessionOptions {
  readonly host: AnalysisHost;
  readonly client: ClientPort;
  readonly abilities: ClientAbilities;
  readonly otherNixExtension: boolean;
  readonly quietPeriodMs: number | undefined;
}

export class Session {
  readonly abilities: ClientAbilities;
  readonly client: ClientPort;
  readonly documents = new OpenDocuments();
  readonly disk: DiskWorkspace;
  readonly lines = new LineIndexes(path => this.analysis().text(path));
  private readonly host: AnalysisHost;
  private readonly publisher: DiagnosticsPublisher;
  private readonly otherNixExtension: boolean;
  private readonly idleMemory = new IdleMemory();
  private readonly oversized = new Map<string, ReadProblem>();
  private readonly crashesSeen = new Set<string>();
  private settings: Config = DEFAULT_SETTINGS;
  private analysisConfig: AnalysisConfig = DEFAULT_CONFIG;
  private states: ReadonlyMap<string, HostState> = new Map();
  private lastObservations = "[]";
  /** As the client last heard of it. */
  private lastFleet: string | undefined;
  /** The revision whose findings are all out, and who waits for the next one. */
  private completedRevision = -1;
  private readonly events = new EventEmitter().setMaxListeners(0);

  constructor(options: SessionOptions) {
    this.host = options.host;
    this.client = options.client;
    this.abilities = options.abilities;
    this.otherNixExtension = options.otherNixExtension;
    this.disk = new DiskWorkspace({
      apply: changes => this.applyFromDisk(changes),
      isOpen: path => this.documents.has(path),
      truncated: root => this.client.info("workspace truncated", { root }),
      crashed: error => logCrash(this.client, "workspace files", error),
    });
    this.publisher = new DiagnosticsPublisher(this.publisherPort(), options.quietPeriodMs);
    this.configure(DEFAULT_SETTINGS);
  }

  /** The newest snapshot. */
  analysis(): Analysis {
    return this.host.analysis(this.analysisConfig);
  }

  /**
   * The newest snapshot once its findings are out. What editors ask for by themselves at every keystroke waits here, so
   * that it never delays the diagnostics and the fleet is made once a revision.
   */
  async settledAnalysis(signal: AbortSignal): Promise<Analysis> {
    while (this.completedRevision !== this.analysis().revision)
      await once(this.events, "completed", { signal });
    return this.analysis();
  }

  get config(): Config {
    return this.settings;
  }

  configure(config: Config): void {
    this.settings = config;
    this.analysisConfig = analysisConfig(config, this.otherNixExtension);
    this.publisher.changed();
  }

  /** What real Nix or the hosts said; replaces what was said before. */
  setFacts(hosts: readonly ObservedHost[]): void {
    this.setStates(hosts);
    const observations = hosts.map(({ state: _state, ...observation }): HostObservation => observation);
    const text = JSON.stringify(observations);
    if (text === this.lastObservations) return;
    this.lastObservations = text;
    this.host.observe(observations);
    this.publisher.changed();
  }

  /** What was last observed of a host; undefined where nobody asked it. */
  stateOf(host: string): HostState | undefined {
    return this.states.get(host);
  }

  /** States change often, while somebody deploys, and no rule reads them: nothing is judged anew. */
  private setStates(hosts: readonly ObservedHost[]): void {
    const states = new Map(
      hosts.flatMap(({ host, state }) => (state === undefined ? [] : [[host, state] as const])),
    );
    const isSame = JSON.stringify([...states]) === JSON.stringify([...this.states]);
    this.states = states;
    if (!isSame) this.client.lensesChanged();
  }

  opened(path: string, text: string): void {
    this.setText(path, text);
    this.publisher.opened(path);
  }

  edited(path: string, text: string, changes: readonly ContentChange[]): void {
    this.setText(path, text);
    this.publisher.edited(path, changes);
  }

  closed(path: string): void {
    this.oversized.delete(path);
    this.disk.refresh([path]);
  }

  dispose(): void {
    this.publisher.dispose();
    this.idleMemory.dispose();
    this.disk.dispose();
  }

  private setText(path: string, text: string): void {
    const tooLarge = text.length > MAX_FILE_BYTES;
    if (tooLarge) {
      const message = `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB and is not analysed`;
      this.oversized.set(path, { reason: "too-large", message });
    } else this.oversized.delete(path);
    this.host.apply([tooLarge ? { path, unread: "file" } : { path, text }]);
  }

  private applyFromDisk(changes: readonly Change[]): void {
    const kept = changes.filter(({ path }) => !this.documents.has(path));
    if (kept.length > 0) this.host.apply(kept);
    this.publisher.changed();
  }

  private publisherPort(): PublisherPort {
    return {
      analysis: () => this.analysis(),
      isOpen: path => this.documents.has(path),
      isSettled: () => this.disk.settled,
      unreadable: () => this.unreadableDiagnostics(),
      lines: this.lines,
      abilities: this.abilities,
      send: (path, diagnostics) => this.client.publish(path, this.documents.version(path), diagnostics),
      completed: analysis => this.completed(analysis),
      crashed: error => {
        logCrash(this.client, "diagnostics", error);
        this.settle(this.analysis());
      },
    };
  }

  private completed(analysis: Analysis): void {
    this.logCrashes(analysis);
    this.settle(analysis);
    const fleet = JSON.stringify(fleetSnapshot(analysis.fleet(), path => this.lines.of(path)));
    if (fleet === this.lastFleet) return;
    this.lastFleet = fleet;
    this.client.fleetChanged();
  }

  private settle(analysis: Analysis): void {
    this.completedRevision = analysis.revision;
    this.events.emit("completed");
    this.idleMemory.worked();
  }

  /** A rule that crashes does so at every keystroke; it is worth one line. */
  private logCrashes(analysis: Analysis): void {
    for (const crash of analysis.crashes) {
      const key = `${crash.where} ${crash.message}`;
      if (this.crashesSeen.has(key)) continue;
      this.crashesSeen.add(key);
      this.client.error("analysis crashed", { ...crash });
    }
  }

  private unreadableDiagnostics(): Map<string, Diagnostic> {
    const diagnostics = new Map<string, Diagnostic>();
    for (const [path, problem] of this.disk.unreadable)
      if (!this.documents.has(path) && isAnalysed(path)) diagnostics.set(path, toDiagnostic(path, problem));
    for (const [path, problem] of this.oversized) diagnostics.set(path, toDiagnostic(path, problem));
    return diagnostics;
  }
}

function isAnalysed(path: string): boolean {
  const kind = fileKind(path);
  return kind === "nix" || kind === "nix-conf";
}

function toDiagnostic(path: string, problem: ReadProblem): Diagnostic {
  const start = { line: 0, character: 0 };
  return {
    range: { start, end: start },
    severity: DiagnosticSeverity.Information,
    source: DIAGNOSTIC_SOURCE,
    message: `${path.slice(path.lastIndexOf("/") + 1)} ${problem.message}`,
  };
}
