// The ledger: who deployed what where, and how it ended. Append-only JSON Lines; a broken line is skipped and counted,
// never fatal, and never rewritten. No secret is ever in an entry.

import path from "node:path";
import { Emitter, type Event } from "../events";
import type { Files } from "../ports/files";

export const OUTCOMES = ["landed", "reverted", "failed", "unknown"] as const;
/** What became of the host, as the host itself says; never taken from an exit code alone. */
export type Outcome = (typeof OUTCOMES)[number];

export interface LedgerEntry {
  readonly version: 1;
  readonly id: string;
  /** Entries of one run over several hosts share it. */
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  readonly who: string;
  readonly host: string;
  readonly action: string;
  readonly tool: string;
  /** The folder of the flake or hive. */
  readonly root: string;
  readonly commit: string | null;
  /** The work tree had changes that are in no commit. */
  readonly dirty: boolean | null;
  readonly previousSystem: string | null;
  readonly newSystem: string | null;
  readonly outcome: Outcome;
  /** One line for people. */
  readonly why: string;
  readonly cancelled: boolean;
  /** Every command ended well by its own account; a host may have landed and yet have failed units. */
  readonly clean: boolean;
  readonly phases: readonly PhaseTime[];
}

export interface PhaseTime {
  readonly phase: string;
  readonly seconds: number;
}

export interface LedgerContent {
  /** Newest first. */
  readonly entries: readonly LedgerEntry[];
  /** Lines that could not be read. */
  readonly broken: number;
}

export const EMPTY_LEDGER: LedgerContent = { entries: [], broken: 0 };

/** Files in repositories that hold the same entries, for everybody who deploys from there. */
export interface SharedLedgers {
  /** The file of the repository in this folder; undefined where none is wanted. */
  of(root: string): string | undefined;
  /** Those of all repositories that are open. */
  all(): readonly string[];
}

const NOT_SHARED: SharedLedgers = { of: () => undefined, all: () => [] };

export class Ledger {
  readonly #files: Files;
  readonly #shared: SharedLedgers;
  readonly #changed = new Emitter<void>();
  readonly path: string;

  constructor(files: Files, path: string, shared: SharedLedgers = NOT_SHARED) {
    this.#files = files;
    this.#shared = shared;
    this.path = path;
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Writes to our own file first: what goes wrong with a shared one loses nothing. */
  async append(entry: LedgerEntry): Promise<void> {
    try {
      await this.#appendTo(this.path, entry);
      const shared = this.#shared.of(entry.root);
      if (shared === undefined) return;
      await this.#requireInside(entry.root, shared);
      await this.#appendTo(shared, entry);
    } finally {
      this.#changed.fire();
    }
  }

  /** A repository may hold links to anywhere, also to files that some program runs. */
  async #requireInside(root: string, file: string): Promise<void> {
    for (let at = file; at !== root && at !== path.dirname(at); at = path.dirname(at))
      if (await this.#files.isLink(at)) throw new Error(`the history is not written through a link: ${at}`);
  }

  async #appendTo(file: string, entry: LedgerEntry): Promise<void> {
    const before = (await this.#files.readText(file)) ?? "";
    // a line that a crash cut off must not swallow this one
    const glue = before === "" || before.endsWith("\n") ? "" : "\n";
    await this.#files.appendText(file, `${glue}${JSON.stringify(entry)}\n`);
  }

  /** Our own entries and those of the open repositories, each once. */
  async load(): Promise<LedgerContent> {
    const files = [...new Set([this.path, ...this.#shared.all()])];
    const contents = await Promise.all(
      files.map(async file => parseLedger((await this.#files.readText(file)) ?? "")),
    );
    return mergeLedgers(contents);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** All entries, newest first, each once; broken lines are counted. */
function mergeLedgers(contents: readonly LedgerContent[]): LedgerContent {
  const [only, ...others] = contents;
  if (only !== undefined && others.length === 0) return only;
  const byId = new Map(contents.flatMap(({ entries }) => entries.map(entry => [entry.id, entry] as const)));
  return {
    entries: [...byId.values()].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)),
    broken: contents.reduce((sum, { broken }) => sum + broken, 0),
  };
}

/**
 * The shared file of a repository, from the setting: a path inside its folder. A path that leads out of it counts as none,
 * because the setting may come from the workspace itself.
 */
export function sharedLedgerPath(root: string, setting: string | undefined): string | undefined {
  if (setting === undefined || path.isAbsolute(setting)) return undefined;
  const file = path.join(root, setting);
  const inside = path.relative(root, file);
  return inside === "" || inside.split(path.sep)[0] === ".." || inside.split(path.sep).includes(".git")
    ? undefined
    : file;
}

export function parseLedger(text: string): LedgerContent {
  const lines = text.split("\n").filter(line => line.trim() !== "");
  const entries = lines.flatMap(line => parseLine(line) ?? []);
  return { entries: entries.reverse(), broken: lines.length - entries.length };
}

function parseLine(line: string): LedgerEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    // not JSON: a line cut off by a crash or a full disk
    return undefined;
  }
}

const TEXTS = ["id", "run", "at", "who", "host", "action", "tool", "root", "why"] as const;

function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== "object" || value === null) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  const phases = field("phases");
  return (
    field("version") === 1 &&
    TEXTS.every(name => typeof field(name) === "string") &&
    !Number.isNaN(Date.parse(String(field("at")))) &&
    OUTCOMES.some(outcome => outcome === field("outcome")) &&
    ["commit", "previousSystem", "newSystem"].every(name =>
      ["string", "object"].includes(typeof field(name)),
    ) &&
    ["cancelled", "clean"].every(name => typeof field(name) === "boolean") &&
    Array.isArray(phases) &&
    phases.every(item => typeof item?.phase === "string" && typeof item?.seconds === "number")
  );
}

/** Seconds of all phases together. */
export function totalSeconds(entry: LedgerEntry): number {
  return entry.phases.reduce((sum, phase) => sum + phase.seconds, 0);
}
