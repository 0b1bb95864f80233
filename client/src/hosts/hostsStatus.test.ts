import { expect, test } from "vitest";
import type { StateKind } from "./hostState";
import { hostsStatus } from "./hostsStatus";

const status = (...states: StateKind[]) =>
  hostsStatus(new Map(states.map((state, index) => [`h${index}`, state])));

test("without hosts there is nothing to be shown", () => {
  expect(status().text).toBeUndefined();
});

test("before anybody was asked it counts hosts and claims nothing", () => {
  expect(status("unasked", "unasked")).toMatchObject({ text: "2 hosts", severity: "none" });
});

test("it names what somebody should look at", () => {
  const shown = status("up", "attention", "drifted", "down", "deploying");
  expect(shown).toMatchObject({
    text: "3/5 up · 1 not reached · 1 drifted · 1 deploying",
    severity: "error",
  });
  expect(shown.tooltip.split("\n")).toEqual([
    "Nix Deploy: 5 hosts",
    "Not reached: h3",
    "Needs attention: h1",
    "Drifted: h2",
    "Being deployed: h4",
  ]);
});
