import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "../ports/files";
import { createLog } from "../ports/log";
import { isFinished, rewound, runProcedure, type Saved, type Step, undoProcedure } from "./procedure";
import { ProcedureStore } from "./procedureStore";

interface Facts {
  readonly log: readonly string[];
}

const step = (id: string, fails: () => boolean = () => false): Step<Facts, null> => ({
  id,
  title: () => id,
  run: async ({ log }) => ({
    facts: { log: [...log, id] },
    outcome: fails() ? "failed" : "done",
    note: id,
  }),
  undo: async ({ log }) => ({ facts: { log: [...log, `no ${id}`] }, outcome: "undone", note: id }),
});

const START: Saved<Facts> = {
  version: 1,
  kind: "k",
  id: "one",
  startedAt: 1,
  facts: { log: [] },
  records: {},
};

function world() {
  const folder = mkdtempSync(path.join(tmpdir(), "procedure-"));
  const memory = new Map<string, unknown>();
  const lines: string[] = [];
  const open = () =>
    new ProcedureStore<Facts>({
      files: nodeFiles,
      memory: { get: key => memory.get(key), set: async (key, value) => void memory.set(key, value) },
      log: createLog(
        (_, line) => lines.push(line),
        () => undefined,
      ),
      folder,
      kind: "k",
      readFacts: value =>
        typeof value === "object" && value !== null && "log" in value ? (value as Facts) : undefined,
    });
  const abort = new AbortController();
  const progress = {
    save: (state: Saved<Facts>) => open().save(state),
    report: () => undefined,
    now: () => 5,
    signal: abort.signal,
  };
  return { folder: path.join(folder, "procedures"), memory, lines, open, progress, abort };
}

test("it stops at what fails, survives a restart, and goes on there", async () => {
  const w = world();
  let broken = true;
  const steps = [step("a"), step("b", () => broken), step("c")];
  expect((await runProcedure(steps, START, null, w.progress)).facts.log).toEqual(["a", "b"]);
  broken = false;
  const [kept = START] = await w.open().load();
  const end = await runProcedure(steps, kept, null, w.progress);
  expect(end.facts.log).toEqual(["a", "b", "b", "c"]);
  expect(isFinished(steps, end)).toBe(true);
  expect(isFinished(steps, rewound(end))).toBe(false);
});

test("what was done is undone from the last to the first, and can be done again", async () => {
  const w = world();
  const steps = [step("a"), step("b")];
  const end = await undoProcedure(
    steps,
    await runProcedure(steps, START, null, w.progress),
    null,
    w.progress,
  );
  expect(end.facts.log).toEqual(["a", "b", "no b", "no a"]);
  expect((await undoProcedure(steps, end, null, w.progress)).facts.log).toHaveLength(4);
  expect(isFinished(steps, await runProcedure(steps, end, null, w.progress))).toBe(true);
});

test("a cancel stops before the next step", async () => {
  const w = world();
  const cancels: Step<Facts, null> = {
    ...step("a"),
    run: async facts => {
      w.abort.abort();
      return { facts: { log: [...facts.log, "a"] }, outcome: "done", note: "" };
    },
  };
  expect((await runProcedure([cancels, step("b")], START, null, w.progress)).facts.log).toEqual(["a"]);
});

test("broken files are reported and passed over, foreign ids never become paths", async () => {
  const w = world();
  await w.open().save(START);
  await w.open().save({ ...START, id: "two" });
  writeFileSync(path.join(w.folder, "k-one.json"), "{ half");
  w.memory.set("procedures.k", ["one", "two", "../../etc/passwd", 7]);
  expect((await w.open().load()).map(({ id }) => id)).toEqual(["two"]);
  expect(w.lines.join()).toContain("broken procedure file");
  await w.open().remove("two");
  expect(readdirSync(w.folder)).toEqual(["k-one.json"]);
  expect(readFileSync(path.join(w.folder, "k-one.json"), "utf8")).toBe("{ half");
});
