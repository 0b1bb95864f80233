import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { App } from "../app";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { SILENT_LOG } from "../ports/log";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { UserError } from "../userError";
import type { Step } from "./procedure";
import { type ProcedureKind, procedureCommand } from "./procedureCommand";
import { ProcedureStore } from "./procedureStore";

type Facts = { readonly host: string };

const memory = new Map<string, unknown>();
const folder = mkdtempSync(path.join(tmpdir(), "procedure-command-"));
const done: string[] = [];
let broken = true;

const step = (id: string, fails: () => boolean): Step<Facts, null> => ({
  id,
  title: () => `Step ${id}`,
  async run(facts) {
    done.push(id);
    return { facts, outcome: fails() ? "failed" : "done", note: `note of ${id}` };
  },
  async undo(facts) {
    done.push(`no ${id}`);
    return { facts, outcome: "undone", note: "" };
  },
});

// the command reads no more of the ports than the clock
const ports = { clock: systemClock } as unknown as App["ports"];

function kindOf(): ProcedureKind<Facts, null> {
  return {
    steps: [step("a", () => false), step("b", () => broken)],
    store: new ProcedureStore<Facts>({
      files: nodeFiles,
      memory: { get: key => memory.get(key), set: async (key, value) => void memory.set(key, value) },
      log: SILENT_LOG,
      folder,
      kind: "test",
      readFacts: value => value as Facts,
    }),
    ports: null,
    underway: new Set(),
    title: ({ host }) => `Work on ${host}`,
    state: ({ host }) => [`| ${host} | half way |`],
    begin: async () => ({ host: "stage" }),
    question: ({ host }) => ({ message: `Work on ${host}?`, detail: "all of it", verb: "Work" }),
  };
}

async function run(script: Script) {
  const { ui, said, documents } = scriptedUi(script);
  const ended = await procedureCommand({ ui, log: SILENT_LOG, ports }, kindOf(), "Work").catch(String);
  return { ended, said: said.join("\n"), page: documents.at(-1)?.text ?? "" };
}

test("nothing begins without a yes; what fails is shown, kept, gone on with, checked again, undone and forgotten", async () => {
  expect((await run({ confirms: [false] })).ended).toContain("cancelled");
  expect(done).toEqual([]);

  const first = await run({ confirms: [true] });
  expect(first.said).toContain("confirm: Work on stage? [Work]\nall of it");
  expect(first.said).toContain("warning: Step b: note of b [Try Again]");
  expect(first.page).toContain("1. **Step a** (✓ done)");
  expect(first.page).toContain("2. **Step b** (✗ failed)");
  expect(first.page).toContain("\n\n| stage | half way |\n");

  broken = false;
  const second = await run({ picks: [["Go on: Work on stage"]] });
  expect(second.said).toContain("info: Work on stage: done.");
  expect(done).toEqual(["a", "b", "b"]);
  await run({ picks: [["Check again: Work on stage"]] });
  expect(done).toEqual(["a", "b", "b", "a", "b"]);

  await run({ picks: [["Undo: Work on stage"]] });
  expect(done.slice(5)).toEqual(["no b", "no a"]);
  const last = await run({ picks: [["Forget: Work on stage"]] });
  expect(last.said).not.toContain("Undo:");
  expect((await run({ confirms: [false] })).said).not.toContain("pick:");
});

test("one that is under way is not begun a second time", async () => {
  const underway = new Set<string>();
  let go = (): void => undefined;
  const waiting = new Promise<void>(resolve => {
    go = resolve;
  });
  let runs = 0;
  const slow: Step<Facts, null> = {
    ...step("d", () => true),
    async run(facts) {
      runs++;
      await waiting;
      return { facts, outcome: "failed", note: "" };
    },
  };
  const begin = (script: Script) =>
    procedureCommand(
      { ui: scriptedUi(script).ui, log: SILENT_LOG, ports },
      { ...kindOf(), title: () => "Slow work", steps: [slow], underway },
      "Work",
    ).catch(String);
  const first = begin({ confirms: [true] });
  await expect.poll(() => runs).toBe(1);
  const again = await begin({ picks: [["Go on: Slow work"]] });
  expect(again).toContain("Slow work is under way already.");
  go();
  await first;
  expect([runs, underway.size]).toEqual([1, 0]);
  await begin({ picks: [["Go on: Slow work"]] });
  expect(runs).toBe(2);
});

test("an error of a second try is shown as one of the first is", async () => {
  const { ui, said } = scriptedUi({ picks: [["Begin a new one"]], confirms: [true], buttons: ["Try Again"] });
  let tries = 0;
  const refuses: Step<Facts, null> = {
    ...step("c", () => true),
    async run(facts) {
      if (++tries > 1) throw new UserError("the configuration can't be edited");
      return { facts, outcome: "failed", note: "" };
    },
  };
  await procedureCommand({ ui, log: SILENT_LOG, ports }, { ...kindOf(), steps: [refuses] }, "Work");
  await expect.poll(() => said).toContain("error: the configuration can't be edited");
});
