import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { nodeFiles } from "../ports/files";
import { type OpenDeployment, OpenDeployments } from "./openDeployments";

const uuid = (last: string) => `00000000-0000-4000-8000-00000000000${last}`;

const open: OpenDeployment = {
  version: 1,
  id: uuid("1"),
  run: "r",
  pid: process.pid,
  at: "2026-03-01T11:50:00Z",
  who: "ada",
  host: "web",
  action: "deploy",
  tool: "direct",
  root: "/w",
  commit: null,
  dirty: null,
  destination: "root@web",
  options: [],
  expected: null,
  before: { system: { current: "/nix/store/x", profile: undefined }, generation: 3 },
  activation: uuid("2"),
  lock: uuid("3"),
};

/** The number of a process that has ended. */
function deadPid(): number {
  return spawnSync("true").pid;
}

function world() {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), "open-")), "open");
  return { folder, store: new OpenDeployments(nodeFiles, folder) };
}

test("what this window deploys is not abandoned, and leaves nothing when it ends", async () => {
  const { folder, store } = world();
  expect(await store.abandoned()).toEqual([]);
  await store.begin(open);
  expect(await store.abandoned()).toEqual([]);
  await store.end(open.id);
  expect(readdirSync(folder)).toEqual([]);
});

test("what a window left that is gone is abandoned; that of a living one is not", async () => {
  const { folder, store } = world();
  const before = new OpenDeployments(nodeFiles, folder);
  const left = { ...open, id: uuid("4"), pid: deadPid() };
  await before.begin(left);
  await before.begin({ ...open, id: uuid("5"), pid: process.ppid });
  expect(await store.abandoned()).toEqual([JSON.parse(JSON.stringify(left))]);
  // a process number that was given again, to this window
  await before.begin({ ...open, id: uuid("6") });
  expect((await store.abandoned()).map(({ id }) => id)).toEqual([uuid("4"), uuid("6")]);
});

test("what is no note of ours is left alone", async () => {
  const { folder, store } = world();
  await store.begin({ ...open, pid: deadPid() });
  writeFileSync(path.join(folder, "cut.json"), '{"version":1,"id"');
  writeFileSync(path.join(folder, "odd.json"), JSON.stringify({ ...open, pid: deadPid(), lock: "../../x" }));
  writeFileSync(path.join(folder, "other.txt"), "");
  expect((await store.abandoned()).map(({ id }) => id)).toEqual([open.id]);
});
