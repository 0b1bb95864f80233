// Deployments that may have begun to change a host and whose end is not in the history yet: one file each. A window that is
// closed in the middle leaves its files behind; the next window finds out what became of those hosts. No secret is in them.

import path from "node:path";
import { Emitter, type Event } from "../events";
import { type Files, hasCode } from "../ports/files";
import type { SystemPaths } from "./observedStore";

export interface OpenDeployment {
  readonly version: 1;
  readonly id: string;
  readonly run: string;
  /** The process of the window that deploys. */
  readonly pid: number;
  /** ISO 8601. */
  readonly at: string;
  readonly who: string;
  readonly host: string;
  readonly action: string;
  readonly tool: string;
  readonly root: string;
  readonly commit: string | null;
  readonly dirty: boolean | null;
  /** As ssh is given it. */
  readonly destination: string;
  /** What the host's configuration gives to ssh. */
  readonly options: readonly string[];
  /** The store path of the new system, where it was known. */
  readonly expected: string | null;
  /** What the host said before. */
  readonly before: SystemsBefore | null;
  /** Names our activation on the host. */
  readonly activation: string;
  /** The token of our lock on the host. */
  readonly lock: string;
}

export interface SystemsBefore {
  readonly system: SystemPaths;
  readonly generation?: number | undefined;
  readonly older?: { readonly generation: number; readonly system?: string | undefined } | undefined;
}

export class OpenDeployments {
  readonly #files: Files;
  readonly #folder: string;
  readonly #ours = new Set<string>();
  readonly #changed = new Emitter<void>();

  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Before the host is touched. */
  async begin(open: OpenDeployment): Promise<void> {
    this.#ours.add(open.id);
    await this.#files.replaceText(this.#file(open.id), `${JSON.stringify(open)}\n`);
  }

  /** After its end is in the history and its lock released. */
  async end(id: string): Promise<void> {
    await this.#files.remove(this.#file(id));
    this.#ours.delete(id);
    this.#changed.fire();
  }

  /** Its host did not tell how it ended; it is asked another time. */
  leave(id: string): void {
    this.#ours.delete(id);
    this.#changed.fire();
  }

  /** Those whose window is gone, and those whose host did not tell how they ended. */
  async abandoned(): Promise<readonly OpenDeployment[]> {
    const names = (await this.#files.list(this.#folder)).filter(name => name.endsWith(".json")).sort();
    const texts = await Promise.all(names.map(name => this.#files.readText(path.join(this.#folder, name))));
    return texts.flatMap(text => parseOpen(text ?? "") ?? []).filter(open => this.#isAbandoned(open));
  }

  #isAbandoned({ id, pid }: OpenDeployment): boolean {
    return pid === process.pid ? !this.#ours.has(id) : !isAlive(pid);
  }

  #file(id: string): string {
    return path.join(this.#folder, `${id}.json`);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // somebody else's process lives too
    return hasCode(error, "EPERM");
  }
}

const TEXTS = [
  "id",
  "run",
  "at",
  "who",
  "host",
  "action",
  "tool",
  "root",
  "destination",
  "activation",
  "lock",
] as const;
/** They become a file name and words of a remote script. */
const TOKENS = ["id", "activation", "lock"] as const;

function parseOpen(text: string): OpenDeployment | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isOpen(value) ? value : undefined;
  } catch {
    // not JSON: left by a full disk; it names nobody whom one could ask
    return undefined;
  }
}

function isOpen(value: unknown): value is OpenDeployment {
  if (typeof value !== "object" || value === null) return false;
  const field = (name: string): unknown => Reflect.get(value, name);
  const before = field("before");
  return (
    field("version") === 1 &&
    Number.isSafeInteger(field("pid")) &&
    TEXTS.every(name => typeof field(name) === "string") &&
    TOKENS.every(name => /^[0-9a-f-]{36}$/.test(String(field(name)))) &&
    isTexts(field("options")) &&
    (before === null || (typeof before === "object" && "system" in before && isRecord(before.system)))
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(each => typeof each === "string");
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
