import { expect, test } from "vitest";
import { outline } from "../../../test/harness/outline";
import type { LedgerEntry } from "../state/ledger";
import type { OpenDeployment } from "../state/openDeployments";
import { formatAge, formatSeconds, historyTree, runningNode } from "./historyTree";

const now = Date.parse("2026-03-01T12:00:00Z");
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
  commit: "0123456789abcdef0123",
  dirty: true,
  previousSystem: "/nix/store/00000000000000000000000000000000-nixos-system-web-24.05",
  newSystem: "/nix/store/11111111111111111111111111111111-nixos-system-web-24.11",
  outcome: "landed",
  why: "the host runs the new system",
  cancelled: false,
  clean: true,
  phases: [
    { phase: "build", seconds: 700 },
    { phase: "copy", seconds: 5 },
  ],
};

test("what runs is on top, past deployments say what, when and how long", () => {
  const running = [
    { host: "mail", action: "boot", tool: "direct", startedAt: now - 61_000, phase: "copy", phaseAt: now },
  ];
  const state = { running, interrupted: [], ledger: { entries: [entry], broken: 2 }, now, slowMinutes: 10 };
  expect(outline(historyTree(state))).toMatchInlineSnapshot(`
    "+ mail (boot: copy… 1 min 1 s) [info] $(sync~spin)
    - web (deploy landed · 10 min ago · 11 min 45 s · slow: build) [deployment] $(pass)
      + Outcome (the host runs the new system) [info] $(info)
      + Commit (0123456789ab with changes) [info] $(git-commit)
      + By (ada) [info] $(person)
      + Tool (direct) [info] $(tools)
      + Before (nixos-system-web-24.05) [info] $(history)
      + After (nixos-system-web-24.11) [info] $(package)
      + build (11 min 40 s) [info] $(watch)
      + copy (5 s) [info] $(watch)
    + 2 lines of the history could not be read [info] $(warning)"
  `);
});

test("the row of a running deployment shows each second, and tells each minute", () => {
  const running = {
    host: "web",
    action: "deploy",
    tool: "direct",
    startedAt: now,
    phase: "copy",
    phaseAt: now,
  };
  const at = (seconds: number) => runningNode(running, now + seconds * 1000);
  expect([1, 2, 125].map(seconds => at(seconds).description)).toEqual([
    "deploy: copy… 1 s",
    "deploy: copy… 2 s",
    "deploy: copy… 2 min 5 s",
  ]);
  expect([1, 2, 125, 126].map(seconds => at(seconds).accessibilityLabel)).toEqual([
    "running on web, deploy: copy",
    "running on web, deploy: copy",
    "running on web, deploy: copy, 2 min",
    "running on web, deploy: copy, 2 min",
  ]);
});

test("durations and ages are short", () => {
  expect([0.4, 59, 59.6, 61, 119.7, 3600, 7322].map(formatSeconds)).toEqual([
    "0 s",
    "59 s",
    "1 min 0 s",
    "1 min 1 s",
    "2 min 0 s",
    "1 h 0 min",
    "2 h 2 min",
  ]);
  expect([0, 60_000, 3_600_000 * 47, 3_600_000 * 49].map(formatAge)).toEqual([
    "just now",
    "1 min ago",
    "47 h ago",
    "2 days ago",
  ]);
});

test("a deployment that landed with problems does not look like one that is well", () => {
  const entries = [{ ...entry, clean: false, why: "the host has the new system (exit code 4)" }];
  const [row] = historyTree({
    running: [],
    interrupted: [],
    ledger: { entries, broken: 0 },
    now,
    slowMinutes: 60,
  });
  expect(row?.icon).toEqual({ id: "warning", color: "list.warningForeground" });
  expect(row?.accessibilityLabel).toBe("web, deploy landed with problems · 10 min ago · 11 min 45 s");
});

test("a deployment whose window was closed is told until its host has answered", () => {
  const open: OpenDeployment = {
    ...entry,
    id: "2",
    pid: 1,
    destination: "root@web",
    options: [],
    expected: entry.newSystem,
    before: null,
    activation: "",
    lock: "",
  };
  const state = { interrupted: [open], ledger: { entries: [], broken: 0 }, now, slowMinutes: 10 };
  expect(outline(historyTree({ ...state, running: [] }))).toMatchInlineSnapshot(
    `"+ web (deploy interrupted · 10 min ago · not known yet) [info] $(debug-disconnect)"`,
  );
  const asked = {
    host: "web",
    action: "deploy",
    tool: "direct",
    startedAt: now,
    phase: "verify",
    phaseAt: now,
  };
  expect(historyTree({ ...state, running: [asked] }).map(({ id }) => id)).toEqual(["running:web"]);
});
