import { expect, test } from "vitest";
import { CrashBudget } from "../state/crashBudget";
import { describeServer } from "./serverStatus";

test("a failed server says why and offers a restart", () => {
  const status = describeServer({ kind: "failed", why: "It ended five times." }, undefined);
  expect(status).toMatchObject({ detail: "It ended five times.", severity: "error", broken: true });
});

test("a running server tells how many hosts there are", () => {
  const fleet = { version: 1, hosts: [], caches: [], keys: [], entryPoints: [] } as const;
  expect(describeServer({ kind: "running" }, fleet).text).toBe("0 hosts");
});

test("five crashes in three minutes are enough, slower ones are not", () => {
  const fast = new CrashBudget();
  expect([0, 1, 2, 3, 4].map(second => fast.spend(second * 1000))).toEqual([true, true, true, true, false]);
  const slow = new CrashBudget();
  expect([0, 1, 2, 3, 4, 5].map(minute => slow.spend(minute * 60_000))).toEqual(Array(6).fill(true));
});
