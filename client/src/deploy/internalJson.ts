// Nix's `--log-format internal-json`, line by line, into what people read and how far it has come. Memory does not grow with
// the log: an activity is forgotten when it stops. Knows the shapes of Nix 2.8 (no parents, no bytes while copying) and newer.

import { withoutColours } from "./colours";

/** How far Nix has come. Zero expected means that it has not said. */
export interface NixProgress {
  readonly builds: Count;
  readonly copies: Count;
  /** Of copies and downloads together. */
  readonly bytes: { readonly done: number; readonly expected: number };
}

export interface Count {
  readonly done: number;
  readonly expected: number;
  readonly running: number;
  readonly failed: number;
}

// numbers mean different things by action
const START = { copyPath: 100, copyPaths: 103, builds: 104, build: 105, substitute: 108 } as const;
const RESULT = { buildLogLine: 101, progress: 105, setExpected: 106, postBuildLogLine: 107 } as const;
/** The most detailed level that is for people: "info". */
const SHOWN_LEVEL = 3;
const NONE: Count = { done: 0, expected: 0, running: 0, failed: 0 };
const PREFIX = "@nix ";

interface Activity {
  readonly type: number;
  /** Of a build: the derivation's name. */
  readonly name: string;
  count: Count;
  expectedBytes: number;
}

/** Reads the standard error of one run of Nix. */
export class InternalJson {
  readonly #activities = new Map<number, Activity>();
  #finishedBytes = 0;
  #finishedBuilds = 0;
  #finishedCopies = 0;

  /** What to show for the next line. Lines that are not Nix's own (of ssh, of the other side) are shown as they are. */
  next(line: string): readonly string[] {
    if (!line.startsWith(PREFIX)) return [line];
    const message = parseMessage(line.slice(PREFIX.length));
    // a line that was cut off, or a shape that no Nix we know writes
    if (message === undefined) return [];
    switch (message["action"]) {
      case "msg":
        return numberIn(message, "level") <= SHOWN_LEVEL ? textLines(message["msg"]) : [];
      case "start":
        return this.#start(message);
      case "stop":
        this.#stop(numberIn(message, "id"));
        return [];
      case "result":
        return this.#result(message);
      default:
        return [];
    }
  }

  get progress(): NixProgress {
    let done = this.#finishedBytes;
    let openBytes = 0;
    let announced = 0;
    const own = { builds: 0, copies: 0 };
    let builds = NONE;
    let copies = NONE;
    for (const { type, count, expectedBytes } of this.#activities.values()) {
      announced += expectedBytes;
      if (type === START.builds) builds = sum(builds, count);
      else if (type === START.copyPaths) copies = sum(copies, count);
      else if (type === START.build) own.builds += 1;
      else if (type === START.copyPath) {
        own.copies += 1;
        done += count.done;
        openBytes += count.expected;
      }
    }
    return {
      builds: atLeast(builds, this.#finishedBuilds, own.builds),
      copies: atLeast(copies, this.#finishedCopies, own.copies),
      bytes: { done, expected: Math.max(announced, this.#finishedBytes + openBytes) },
    };
  }

  #start(message: Message): readonly string[] {
    const type = numberIn(message, "type");
    const [first] = fieldsOf(message);
    const name = typeof first === "string" ? derivationName(first) : "";
    this.#activities.set(numberIn(message, "id"), { type, name, count: NONE, expectedBytes: 0 });
    const { text } = message;
    if (typeof text !== "string" || text === "" || numberIn(message, "level") > SHOWN_LEVEL) return [];
    return textLines(`${text}...`);
  }

  #stop(id: number): void {
    const activity = this.#activities.get(id);
    if (activity === undefined) return;
    this.#activities.delete(id);
    if (activity.type === START.build) this.#finishedBuilds += 1;
    if (activity.type === START.copyPath) {
      this.#finishedCopies += 1;
      this.#finishedBytes += activity.count.done;
    }
  }

  #result(message: Message): readonly string[] {
    const activity = this.#activities.get(numberIn(message, "id"));
    const fields = fieldsOf(message);
    switch (message["type"]) {
      case RESULT.progress:
        if (activity !== undefined) activity.count = countOf(fields);
        return [];
      case RESULT.setExpected:
        if (activity !== undefined && fields[0] === START.copyPath)
          activity.expectedBytes = toNumber(fields[1]);
        return [];
      case RESULT.buildLogLine:
      case RESULT.postBuildLogLine: {
        const name = activity?.name ?? "";
        return textLines(fields[0]).map(line => (name === "" ? line : `${name}> ${line}`));
      }
      default:
        return [];
    }
  }
}

type Message = Readonly<Record<string, unknown>>;

function parseMessage(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

function textLines(value: unknown): readonly string[] {
  return typeof value === "string" ? withoutColours(value).split("\n") : [];
}

function fieldsOf(message: Message): readonly unknown[] {
  const { fields } = message;
  return Array.isArray(fields) ? fields : [];
}

function numberIn(message: Message, name: string): number {
  return toNumber(message[name]);
}

function toNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function countOf(fields: readonly unknown[]): Count {
  const [done, expected, running, failed] = fields.map(toNumber);
  return { done: done ?? 0, expected: expected ?? 0, running: running ?? 0, failed: failed ?? 0 };
}

function sum(a: Count, b: Count): Count {
  return {
    done: a.done + b.done,
    expected: a.expected + b.expected,
    running: a.running + b.running,
    failed: a.failed + b.failed,
  };
}

/** Nix 2.8 announces builds and copies one by one only: then what was seen is counted. */
function atLeast(said: Count, finished: number, running: number): Count {
  if (said.expected > 0) return said;
  return { ...said, done: finished, expected: finished + running, running };
}

function derivationName(path: string): string {
  return /^\/nix\/store\/[0-9a-z]{32}-(.+?)(?:\.drv)?$/.exec(path)?.[1] ?? "";
}
