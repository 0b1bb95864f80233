// Where unfinished procedures are kept between sessions: one JSON file each, below the extension's own storage.

import path from "node:path";
import { isRecord, parseJson } from "../json";
import type { Files } from "../ports/files";
import type { Log } from "../ports/log";
import type { Memento } from "../ports/storage";
import type { Saved, StepRecord } from "./procedure";

export class ProcedureStore<Facts> {
  readonly #files: Files;
  readonly #memory: Memento;
  readonly #log: Log;
  readonly #folder: string;
  /** Tells its files from those of other kinds. */
  readonly kind: string;
  readonly #readFacts: (value: unknown) => Facts | undefined;

  /** `readFacts` answers undefined for what is not of today's shape. */
  constructor(options: {
    readonly files: Files;
    /** Of the workspace: the ids of its procedures. */
    readonly memory: Memento;
    readonly log: Log;
    readonly folder: string;
    readonly kind: string;
    readonly readFacts: (value: unknown) => Facts | undefined;
  }) {
    this.#files = options.files;
    this.#memory = options.memory;
    this.#log = options.log;
    this.#folder = path.join(options.folder, "procedures");
    this.kind = options.kind;
    this.#readFacts = options.readFacts;
  }

  /** All of this workspace, oldest first. A broken file is logged and passed over. */
  async load(): Promise<readonly Saved<Facts>[]> {
    const found: Saved<Facts>[] = [];
    for (const id of this.#ids()) {
      const text = await this.#files.readText(this.#fileOf(id));
      const saved = text === undefined ? undefined : this.#read(text);
      if (saved !== undefined) found.push(saved);
      else if (text !== undefined) this.#log.warn("broken procedure file", { id, kind: this.kind });
    }
    return found.sort((a, b) => a.startedAt - b.startedAt);
  }

  async save(state: Saved<Facts>): Promise<void> {
    await this.#files.replaceText(this.#fileOf(state.id), `${JSON.stringify(state, null, 2)}\n`);
    const ids = this.#ids();
    if (!ids.includes(state.id)) await this.#memory.set(this.#key, [...ids, state.id]);
  }

  async remove(id: string): Promise<void> {
    await this.#files.remove(this.#fileOf(id));
    await this.#memory.set(
      this.#key,
      this.#ids().filter(each => each !== id),
    );
  }

  get #key(): string {
    return `procedures.${this.kind}`;
  }

  #ids(): readonly string[] {
    const ids = this.#memory.get(this.#key);
    return Array.isArray(ids) ? ids.filter(id => typeof id === "string" && /^[a-z0-9-]+$/.test(id)) : [];
  }

  #fileOf(id: string): string {
    return path.join(this.#folder, `${this.kind}-${id}.json`);
  }

  #read(text: string): Saved<Facts> | undefined {
    const value = parseJson(text);
    if (!isRecord(value) || value["version"] !== 1 || value["kind"] !== this.kind) return undefined;
    const { id, startedAt, records } = value;
    const facts = this.#readFacts(value["facts"]);
    if (typeof id !== "string" || typeof startedAt !== "number" || facts === undefined) return undefined;
    return { version: 1, kind: this.kind, id, startedAt, facts, records: readRecords(records) };
  }
}

const OUTCOMES = ["done", "skipped", "failed", "undone"] as const;

function readRecords(value: unknown): Record<string, StepRecord> {
  if (!isRecord(value)) return {};
  const records: Record<string, StepRecord> = {};
  for (const [id, record] of Object.entries(value)) {
    if (!isRecord(record)) continue;
    const outcome = OUTCOMES.find(each => each === record["outcome"]);
    const { note, at } = record;
    if (outcome !== undefined && typeof note === "string" && typeof at === "number")
      records[id] = { outcome, note, at };
  }
  return records;
}
