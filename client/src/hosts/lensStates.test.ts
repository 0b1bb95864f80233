import { expect, test } from "vitest";
import { factsOf, NOW, observed } from "../../../test/harness/observations";
import { hostOf } from "../../../test/harness/snapshots";
import { lensState } from "./lensStates";

const host = hostOf({ name: "web" });
const up = observed(factsOf({}));
const drift = { kind: "behind", running: "1".repeat(40), commits: 3 } as const;

test("a host says whether it runs what the repository says, and what else is the matter", () => {
  const known = { host, observation: up, running: undefined, drift };
  expect(lensState(known).text).toBe("3 behind");
  expect(lensState(known).detail).toMatch(/^It runs commit 1+, 3 before the repository's\.; asked /);
  const due = observed(factsOf({ rebootNeeded: true }), { at: NOW });
  expect(lensState({ ...known, observation: due }).text).toBe("3 behind, reboot needed");
  expect(lensState({ ...known, drift: undefined }).text).toBe("up");
});

test("a host that does not answer or is being deployed to says that alone", () => {
  const down = { ...up, answer: { kind: "failed", why: "timed out" } as const };
  expect(lensState({ host, observation: down, running: undefined, drift })).toMatchObject({
    text: "no answer",
    detail: expect.stringMatching(/^timed out; asked /),
  });
  const running = { host: "web", action: "Deploy", tool: "direct", startedAt: 0, phase: "build", phaseAt: 0 };
  expect(lensState({ host, observation: up, running, drift }).text).toBe("Deploy: build…");
});
