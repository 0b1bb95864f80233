import { expect, test } from "vitest";
import { factsOf, systemPath } from "../../../test/harness/observations";
import type { LedgerEntry } from "../state/ledger";
import { bySystem, describeDrift, judgeDrift, originOf } from "./drift";

const HEAD = "1111111111111111111111111111111111111111";
const OLD = "2222222222222222222222222222222222222222";
const clean = { commit: HEAD, dirty: false };

const entry = (fields: Partial<LedgerEntry>): LedgerEntry => ({
  version: 1,
  id: "1",
  run: "1",
  at: "2026-03-01T12:00:00Z",
  who: "ada",
  host: "web",
  action: "deploy",
  tool: "direct",
  root: "/w",
  commit: OLD,
  dirty: false,
  previousSystem: null,
  newSystem: systemPath(1),
  outcome: "landed",
  why: "",
  cancelled: false,
  clean: true,
  phases: [],
  ...fields,
});

test("a host's own word about its revision goes before what was deployed from here", () => {
  const ledger = bySystem([entry({})]);
  const facts = factsOf({ configurationRevision: `${HEAD}-dirty` });
  expect(originOf(facts, ledger)).toEqual({ commit: HEAD, dirty: true, from: "host" });
  expect(originOf(factsOf({}), ledger)).toEqual({ commit: OLD, dirty: false, from: "ledger" });
  expect(originOf(factsOf({ currentSystem: systemPath(9) }), ledger)).toBeUndefined();
});

test("of the ledger only deployments that landed from a real commit count, the newest first", () => {
  const ledger = bySystem([
    entry({ commit: null }),
    entry({ outcome: "unknown", commit: HEAD }),
    entry({ commit: OLD, dirty: true }),
    entry({ commit: HEAD }),
  ]);
  expect(originOf(factsOf({}), ledger)).toMatchObject({ commit: OLD, dirty: true });
  expect(originOf(factsOf({}), bySystem([entry({ commit: "--upload-pack=x" })]))).toBeUndefined();
});

test.each([
  ["up to date", false, { commit: HEAD, dirty: false }, clean, undefined],
  ["up to date", false, { commit: HEAD.slice(0, 12), dirty: false }, clean, undefined],
  [
    "changes not in a commit",
    false,
    { commit: HEAD, dirty: false },
    { commit: HEAD, dirty: true },
    undefined,
  ],
  ["changes not in a commit", true, { commit: HEAD, dirty: true }, clean, undefined],
  ["3 behind", true, { commit: OLD, dirty: false }, clean, { ahead: 0, behind: 3 }],
  ["other branch", true, { commit: OLD, dirty: false }, clean, { ahead: 2, behind: 3 }],
  ["unknown commit", true, { commit: OLD, dirty: false }, clean, undefined],
  ["unknown origin", false, undefined, clean, undefined],
])("%s, drifted: %s", (short, drifted, origin, here, distance) => {
  const drift = judgeDrift(origin && { ...origin, from: "host" }, here, distance);
  if (drift === undefined) throw new Error("no drift");
  expect(describeDrift(drift)).toMatchObject({ short, drifted });
  expect(describeDrift(drift).badge.length).toBeLessThanOrEqual(2);
});

test("a folder without commits has nothing to be compared with", () => {
  expect(
    judgeDrift({ commit: OLD, dirty: false, from: "host" }, { commit: null, dirty: null }, undefined),
  ).toBeUndefined();
});
