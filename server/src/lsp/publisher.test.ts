import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver/node";
import type { Analysis } from "../core/analysis";
import { EMPTY_FLEET } from "../core/fleet/fleet";
import type { Finding } from "../core/rules/rule";
import { LineIndexes } from "./conversions";
import { DiagnosticsPublisher, type PublisherPort } from "./publisher";

const QUIET = 20;

/** A workspace in which every `x` of a text is a file's own finding and every `o` one of the fleet. */
class World {
  readonly sent: string[] = [];
  readonly open = new Set<string>();
  readonly texts = new Map<string, string>();
  readonly crashes: unknown[] = [];
  settled = true;
  completed = 0;
  onFleet: () => void = () => undefined;
  private revision = 1;
  readonly publisher = new DiagnosticsPublisher(this.port(), QUIET);

  write(path: string, text: string | undefined): void {
    if (text === undefined) this.texts.delete(path);
    else this.texts.set(path, text);
    this.revision++;
  }

  openDocument(path: string, text: string): void {
    this.open.add(path);
    this.write(path, text);
    this.publisher.opened(path);
  }

  /** Puts `text` in front of a document. */
  prepend(path: string, text: string): void {
    this.write(path, text + (this.texts.get(path) ?? ""));
    const start = { line: 0, character: 0 };
    this.publisher.edited(path, [{ range: { start, end: start }, text }]);
  }

  private port(): PublisherPort {
    return {
      analysis: () => this.analysis(),
      isOpen: path => this.open.has(path),
      isSettled: () => this.settled,
      unreadable: () => new Map(),
      lines: new LineIndexes(path => this.texts.get(path)),
      abilities: { relatedInformation: false, codeDescription: false },
      send: (path, diagnostics) => this.sent.push(`${path}: ${diagnostics.map(brief).join(" ")}`.trim()),
      completed: () => {
        this.completed++;
      },
      crashed: error => this.crashes.push(error),
    };
  }

  private analysis(): Analysis {
    const texts = new Map(this.texts);
    const find = (path: string, what: RegExp) =>
      [...(texts.get(path) ?? "").matchAll(what)].map(match => finding(path, match.index, match[0]));
    return {
      revision: this.revision,
      findings: path => find(path, /[xo]/g),
      ownFindings: path => find(path, /x/g),
      allFindings: () => {
        this.onFleet();
        return new Map([...texts.keys()].map(path => [path, find(path, /[xo]/g)]));
      },
      fleet: () => EMPTY_FLEET,
      text: path => texts.get(path),
      file: () => undefined,
      facts: () => undefined,
      parse: (path, text) => ({
        path,
        text,
        root: { kind: "missing", start: 0, end: 0 },
        literals: [],
        comments: [],
        problems: [],
      }),
      paths: [...texts.keys()],
      crashes: [],
    };
  }
}

function finding(path: string, start: number, code: string): Finding {
  const span = { path, start, end: start + 1 };
  return { code, severity: "error", span, message: code, related: [], fixes: [] };
}

function brief({ code, range }: Diagnostic): string {
  return `${code}@${range.start.line}:${range.start.character}`;
}

async function quiet(): Promise<void> {
  await sleep(QUIET * 4);
}

test("an opened document gets its own findings at once and the fleet's after them", async () => {
  const world = new World();
  world.openDocument("/a", "x o");
  await quiet();
  expect(world.sent).toEqual(["/a: x@0:0", "/a: x@0:0 o@0:2"]);
  expect(world.completed).toBe(1);
});

test("an opened document without findings is told so", async () => {
  const world = new World();
  world.openDocument("/a", "");
  await quiet();
  expect(world.sent).toEqual(["/a:"]);
});

test("edits in a row are answered once, and the fleet's findings move along until they are computed anew", async () => {
  const world = new World();
  world.openDocument("/a", "o");
  await quiet();
  world.sent.length = 0;
  world.settled = false;
  for (const text of ["x", "\n", " "]) world.prepend("/a", text);
  await quiet();
  expect(world.sent).toEqual(["/a: x@1:0 o@1:1"]);
});

test("only files whose findings changed are sent, and vanished ones are cleared", async () => {
  const world = new World();
  world.write("/a", "x");
  world.write("/b", "o");
  world.publisher.changed();
  await quiet();
  world.write("/b", undefined);
  world.publisher.changed();
  await quiet();
  expect(world.sent).toEqual(["/a: x@0:0", "/b: o@0:0", "/b:"]);
});

test("nothing computed for an older text is sent", async () => {
  const world = new World();
  world.write("/a", "o");
  world.onFleet = () => {
    world.onFleet = () => undefined;
    world.write("/a", "x");
    world.publisher.changed();
  };
  world.publisher.changed();
  await quiet();
  expect(world.sent).toEqual(["/a: x@0:0"]);
});

test("the fleet waits until every folder is loaded", async () => {
  const world = new World();
  world.settled = false;
  world.write("/a", "x");
  world.publisher.changed();
  await quiet();
  expect(world.sent).toEqual([]);
  world.settled = true;
  world.publisher.changed();
  await quiet();
  expect(world.sent).toEqual(["/a: x@0:0"]);
});

test("a load in progress does not postpone an opened document", async () => {
  const world = new World();
  world.settled = false;
  world.openDocument("/a", "x");
  for (let i = 0; i < 5; i++) world.publisher.changed();
  await sleep(QUIET / 2);
  expect(world.sent).toEqual(["/a: x@0:0"]);
});

test("a crash ends in the log and the next change is answered", async () => {
  const world = new World();
  world.write("/a", "x");
  world.onFleet = () => {
    world.onFleet = () => undefined;
    throw new Error("boom");
  };
  world.publisher.changed();
  await quiet();
  world.publisher.changed();
  await quiet();
  expect(world.crashes).toHaveLength(1);
  expect(world.sent).toEqual(["/a: x@0:0"]);
});

test("nothing is sent after the end", async () => {
  const world = new World();
  world.write("/a", "x");
  world.publisher.changed();
  world.publisher.dispose();
  await quiet();
  expect(world.sent).toEqual([]);
});
