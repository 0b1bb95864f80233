// Publishes diagnostics: after a quiet period, a file's own findings first and the fleet's after them, only what
// changed, and nothing that was computed for a text that is not there any more.

import { setImmediate } from "node:timers/promises";
import type { Diagnostic } from "vscode-languageserver/node";
import type { Analysis } from "../core/analysis";
import type { Finding } from "../core/rules/rule";
import { type ContentChange, carryOver } from "./carryOver";
import { type DiagnosticAbilities, type LineIndexes, toDiagnostic } from "./conversions";

/** What the publisher asks and whom it tells. */
export interface PublisherPort {
  /** The newest snapshot. */
  analysis(): Analysis;
  isOpen(path: string): boolean;
  /** Every workspace folder is loaded, so that the fleet can be judged. */
  isSettled(): boolean;
  /** Files that cannot be read, each with its one diagnostic. */
  unreadable(): ReadonlyMap<string, Diagnostic>;
  /** The line starts of the newest snapshot's texts. */
  readonly lines: LineIndexes;
  readonly abilities: DiagnosticAbilities;
  send(path: string, diagnostics: Diagnostic[]): void;
  /** The fleet's findings of this snapshot are out. */
  completed(analysis: Analysis): void;
  crashed(error: unknown): void;
}

const QUIET_PERIOD_MS = 150;
/** So many files are compared, and so long is read, before the event loop gets a turn. */
const FILES_A_TURN = 50;
const TURN_MS = 10;

export class DiagnosticsPublisher {
  private readonly touched = new Set<string>();
  /** What was sent last, as text for comparing; files without diagnostics are absent. */
  private readonly sent = new Map<string, string>();
  /** The fleet's findings that a file was last published with, moved along with edits. */
  private readonly carried = new Map<string, readonly Diagnostic[]>();
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private again = false;
  private disposed = false;

  constructor(
    private readonly port: PublisherPort,
    private readonly quietPeriodMs = QUIET_PERIOD_MS,
  ) {}

  /** A document was opened: nobody is typing, so its own findings go out at once. */
  opened(path: string): void {
    this.touched.add(path);
    this.sent.delete(path);
    this.schedule(0);
  }

  /** A document was edited. */
  edited(path: string, changes: readonly ContentChange[]): void {
    this.touched.add(path);
    const carried = this.carried.get(path);
    if (carried !== undefined)
      this.carried.set(path, changes.reduce<readonly Diagnostic[]>(carryOver, carried));
    this.schedule(this.quietPeriodMs);
  }

  /** Something changed on disk or in the settings. Never postpones what an open document waits for. */
  changed(): void {
    if (this.timer === undefined) this.schedule(this.quietPeriodMs);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.start();
    }, delay);
  }

  private start(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    this.run()
      .catch((error: unknown) => this.port.crashed(error))
      .finally(() => {
        this.running = false;
        if (!this.again) return;
        this.again = false;
        this.start();
      });
  }

  private async run(): Promise<void> {
    for (const path of [...this.touched]) {
      this.touched.delete(path);
      this.publishOwn(path);
      await setImmediate();
    }
    if (this.port.isSettled() && !this.disposed) await this.publishAll();
  }

  private publishOwn(path: string): void {
    if (!this.port.isOpen(path)) return;
    const own = this.toDiagnostics(this.port.analysis().ownFindings(path));
    this.sendIfChanged(path, [...this.ofUnreadable(path), ...merge(own, this.carried.get(path) ?? [])]);
  }

  /** Reads every file that nobody has read yet, a few milliseconds at a time: the first look at a large workspace. */
  private async warmUp(analysis: Analysis): Promise<boolean> {
    let turn = Date.now();
    for (const path of analysis.paths) {
      analysis.ownFindings(path);
      if (Date.now() - turn < TURN_MS) continue;
      await setImmediate();
      if (this.isStale(analysis)) return false;
      turn = Date.now();
    }
    return true;
  }

  private isStale(analysis: Analysis): boolean {
    return this.disposed || this.port.analysis().revision !== analysis.revision;
  }

  private async publishAll(): Promise<void> {
    const analysis = this.port.analysis();
    if (!(await this.warmUp(analysis))) return;
    const all = analysis.allFindings();
    let count = 0;
    for (const path of new Set([...all.keys(), ...this.port.unreadable().keys(), ...this.sent.keys()])) {
      if (count++ % FILES_A_TURN === 0) await setImmediate();
      if (this.isStale(analysis)) return;
      const diagnostics = this.toDiagnostics(all.get(path) ?? []);
      if (this.port.isOpen(path)) this.carry(path, diagnostics, analysis);
      else this.carried.delete(path);
      this.sendIfChanged(path, [...this.ofUnreadable(path), ...diagnostics]);
    }
    this.port.completed(analysis);
  }

  private carry(path: string, all: readonly Diagnostic[], analysis: Analysis): void {
    const own = new Set(this.toDiagnostics(analysis.ownFindings(path)).map(identity));
    this.carried.set(
      path,
      all.filter(diagnostic => !own.has(identity(diagnostic))),
    );
  }

  private ofUnreadable(path: string): Diagnostic[] {
    const diagnostic = this.port.unreadable().get(path);
    return diagnostic === undefined ? [] : [diagnostic];
  }

  private toDiagnostics(findings: readonly Finding[]): Diagnostic[] {
    return findings.flatMap(finding => toDiagnostic(finding, this.port.lines, this.port.abilities) ?? []);
  }

  private sendIfChanged(path: string, diagnostics: Diagnostic[]): void {
    const text = JSON.stringify(diagnostics);
    const before = this.sent.get(path);
    if (before === text) return;
    // a document that was just opened gets its answer even when there is nothing to say
    if (before === undefined && diagnostics.length === 0 && !this.port.isOpen(path)) return;
    if (diagnostics.length === 0 && !this.port.isOpen(path)) this.sent.delete(path);
    else this.sent.set(path, text);
    this.port.send(path, diagnostics);
  }
}

/** A file's own diagnostics and the carried ones that are not among them, in the order of the text. */
function merge(own: readonly Diagnostic[], carried: readonly Diagnostic[]): Diagnostic[] {
  const known = new Set(own.map(identity));
  return [...own, ...carried.filter(diagnostic => !known.has(identity(diagnostic)))].sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function identity(diagnostic: Diagnostic): string {
  return JSON.stringify([diagnostic.code, diagnostic.range, diagnostic.message]);
}
