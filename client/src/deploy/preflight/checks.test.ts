import { expect, test } from "vitest";
import { factsOf, NOW } from "../../../../test/harness/observations";
import { hostOf } from "../../../../test/harness/snapshots";
import type { CacheReach, HostFacts } from "../../state/hostFacts";
import type { Observation } from "../../state/observedStore";
import { CHECK_IDS, type Check } from "./check";
import { type Asked, checkHost, type Extra } from "./checks";
import { preflightDocument, preflightSummary, problems } from "./preflightText";

const host = hostOf({ name: "web", hostname: "web.test", sshUser: "ops" });
const extra: Extra = { groups: ["wheel"], closure: 3 * 2 ** 30, lock: { kind: "free" } };
const settings = {
  substituters: [],
  trustedPublicKeys: [],
  trustedUsers: ["root"],
  secretKeyFiles: [],
  requireSigs: true,
  fallback: undefined,
};
const ops = { user: "ops", isRoot: false, sudoWithoutPassword: true } as const;

function checked(fields: Partial<HostFacts>, more: Partial<Asked> & { caches?: readonly CacheReach[] } = {}) {
  const facts = factsOf(fields);
  const observation: Observation = {
    at: NOW,
    answer: { kind: "reached", system: { current: facts.currentSystem, profile: facts.profileSystem } },
    told: { at: NOW, facts, caches: more.caches },
    failures: 0,
  };
  const asked: Asked = {
    host,
    destination: "ops@web.test",
    observation,
    since: NOW,
    extra,
    signsHere: false,
    ...more,
  };
  return byId(checkHost(asked));
}

function byId(checks: readonly Check[]) {
  expect(checks.map(({ id }) => id)).toEqual(CHECK_IDS);
  return new Map(checks.map(check => [check.id, check]));
}

test("who may push: root, trusted users and their groups, or anybody where signatures are not required", () => {
  const push = (trustedUsers: readonly string[], requireSigs = true) =>
    checked({ login: ops, settings: { ...settings, trustedUsers, requireSigs } }).get("push");
  expect(checked({}).get("push")).toMatchObject({ state: "ok" });
  expect(push(["root", "ops"])?.state).toBe("ok");
  expect(push(["@wheel"])?.text).toBe("ops is trusted (@wheel)");
  expect(push(["*"])?.state).toBe("ok");
  expect(push(["root"], false)?.state).toBe("ok");
  expect(push(["root", "@ops"])).toMatchObject({
    state: "failed",
    fix: { operations: [{ kind: "addToList", target: { hosts: ["web"] }, items: ["ops"] }] },
  });
  expect(checked({ login: ops, settings }, { signsHere: true }).get("push")?.state).toBe("warning");
  expect(checked({ login: ops }).get("push")?.state).toBe("unknown");
});

test("room: what is free against what a system needs", () => {
  const space = (free: number) => checked({ storeSpace: { total: 1 << 30, free } }).get("space")?.state;
  expect([space(4 * 2 ** 30), space(2 ** 30), space(2 ** 20)]).toEqual(["ok", "warning", "failed"]);
  const boot = (mb: number) =>
    checked({ bootSpace: { total: 2 ** 30, free: mb * 2 ** 20 } }).get("boot")?.state;
  expect([boot(500), boot(50), boot(5)]).toEqual(["ok", "warning", "failed"]);
});

test("caches that the host does not reach are named with its reason", () => {
  const reach = (url: string, reached: boolean) => ({
    url,
    reached,
    milliseconds: 1,
    why: reached ? undefined : "401",
  });
  const caches = [reach("https://a", true), reach("https://b", false)];
  expect(checked({}, { caches }).get("caches")).toMatchObject({ state: "warning", text: "https://b (401)" });
  expect(checked({}, { caches: caches.slice(0, 1) }).get("caches")?.text).toBe("1 reached");
});

test("an answer from before this round says nothing about now", () => {
  const old = checked({}, { since: NOW + 1 });
  expect(old.get("login")?.state).toBe("ok");
  expect(old.get("push")).toEqual({ id: "push", state: "unknown", text: "not reached" });
});

test("the page has a table and, worst first, what is wrong with its way out", () => {
  const checks = [...checked({ login: ops, settings, generations: [], generationCount: 0 }).values()];
  const hosts = [{ host: "web", checks }];
  expect(problems(hosts).map(({ check }) => check.id)).toEqual(["push", "rollback"]);
  expect(preflightSummary(hosts)).toBe("0 of 1 hosts can be deployed to. Not so: web");
  const { text } = preflightDocument(hosts);
  expect(text).toMatch(/\| Host \| Address \| Host key \| Login \| Root \| Push +\|/);
  expect(text).toContain("## ✗ web: Push\n\nops is not in trusted-users");
  expect(text).toContain("Trust ops on web: the list of ways out makes this change in the configuration.");
});
