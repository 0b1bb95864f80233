import { mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "../ports/files";
import { Ledger, type LedgerEntry, parseLedger, sharedLedgerPath } from "./ledger";

const entry: LedgerEntry = {
  version: 1,
  id: "1",
  run: "r",
  at: "2026-03-01T11:50:00Z",
  who: "ada",
  host: "web",
  action: "deploy",
  tool: "direct",
  root: "/w",
  commit: null,
  dirty: null,
  previousSystem: null,
  newSystem: null,
  outcome: "unknown",
  why: "line\nbreak",
  cancelled: true,
  clean: false,
  phases: [{ phase: "build", seconds: 1.5 }],
};

test("what is appended is read back, newest first, and the file is private", async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "ledger-")), "deep", "ledger.jsonl");
  const ledger = new Ledger(nodeFiles, file);
  let heard = 0;
  ledger.onDidChange(() => heard++);
  expect(await ledger.load()).toEqual({ entries: [], broken: 0 });
  await ledger.append(entry);
  await ledger.append({ ...entry, id: "2" });
  expect((await ledger.load()).entries.map(item => item.id)).toEqual(["2", "1"]);
  expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(2);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(heard).toBe(2);
});

test("broken lines are skipped and counted, never fatal", () => {
  const good = JSON.stringify(entry);
  const wrong = [
    good.slice(0, 40),
    "[]",
    "null",
    JSON.stringify({ ...entry, outcome: "great" }),
    JSON.stringify({ ...entry, at: "yesterday" }),
    JSON.stringify({ ...entry, phases: [{}] }),
    JSON.stringify({ ...entry, phases: [null] }),
    JSON.stringify({ ...entry, version: 2 }),
  ];
  expect(parseLedger([good, ...wrong, "", good].join("\n"))).toEqual({
    entries: [entry, entry],
    broken: wrong.length,
  });
});

test("a line that was cut off does not swallow the next one", async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "ledger-")), "ledger.jsonl");
  writeFileSync(file, '{"version":1,"id":');
  const ledger = new Ledger(nodeFiles, file);
  await ledger.append(entry);
  expect(await ledger.load()).toEqual({ entries: [entry], broken: 1 });
});

test("a shared file in the repository gets every entry too, and is read with our own, each once", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "ledger-"));
  const shared = path.join(folder, "repo", "deployments.jsonl");
  const others = { ...entry, id: "other", who: "bob", at: "2026-03-02T00:00:00Z" };
  const ledger = new Ledger(nodeFiles, path.join(folder, "own.jsonl"), {
    of: root => (root === "/w" ? shared : undefined),
    all: () => [shared, shared],
  });
  await ledger.append(entry);
  writeFileSync(shared, `${readFileSync(shared, "utf8")}${JSON.stringify(others)}\n{"cut`);
  await ledger.append({ ...entry, id: "elsewhere", root: "/x" });
  const { entries, broken } = await ledger.load();
  expect([entries.map(item => item.id), broken]).toEqual([["other", "elsewhere", "1"], 1]);
});

test("a shared file is never written through a link that the repository holds", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "ledger-"));
  const root = path.join(folder, "repo");
  mkdirSync(root);
  mkdirSync(path.join(folder, "home"));
  writeFileSync(path.join(folder, "home", "profile"), "mine\n");
  symlinkSync(path.join(folder, "home", "profile"), path.join(root, "file"));
  symlinkSync(path.join(folder, "home"), path.join(root, "folder"));
  for (const shared of ["file", "folder/profile"]) {
    const own = path.join(folder, `${shared.length}.jsonl`);
    const ledger = new Ledger(nodeFiles, own, { of: () => path.join(root, shared), all: () => [] });
    await expect(ledger.append({ ...entry, root })).rejects.toThrow("through a link");
    expect((await ledger.load()).entries).toHaveLength(1);
  }
  expect(readFileSync(path.join(folder, "home", "profile"), "utf8")).toBe("mine\n");
});

test("the shared file stays inside its repository", () => {
  expect(sharedLedgerPath("/w", "log/deployments.jsonl")).toBe("/w/log/deployments.jsonl");
  for (const outside of [undefined, "", ".", "../x", "a/../../x", "/etc/x", ".git/config"])
    expect(sharedLedgerPath("/w", outside)).toBeUndefined();
});
