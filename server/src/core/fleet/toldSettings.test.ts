import { expect, test } from "vitest";
import type { Datum } from "../eval/datum";
import { unknownDatum } from "../eval/datum";
import { plainText } from "../eval/textDatum";
import { EMPTY_FLEET, type Host } from "./fleet";
import { compareWithTold, withToldSettings } from "./toldSettings";

const span = { path: "/w/flake.nix", start: 0, end: 1 };
const list = (texts: readonly string[], complete = true): Datum => ({
  kind: "list",
  span,
  items: texts.map(text => plainText(text, span)),
  complete,
});

test("a list that is what was said is the same, whatever its order", () => {
  expect(compareWithTold(list(["a", "b"]), ["b", "a"])).toEqual({ kind: "same" });
  expect(compareWithTold({ kind: "scalar", span, value: true }, "true")).toEqual({ kind: "same" });
});

test("what is more and what is less is named", () => {
  expect(compareWithTold(list(["a", "b"]), ["b", "c"])).toEqual({
    kind: "differs",
    missing: ["c"],
    surplus: ["a"],
  });
});

test("what reading could not tell all of is no difference", () => {
  expect(compareWithTold(undefined, "x")).toEqual({ kind: "unread" });
  expect(compareWithTold(list(["a"], false), ["a", "b"])).toEqual({ kind: "unread" });
  expect(compareWithTold(unknownDatum(span, "comes from pkgs"), "x")).toEqual({ kind: "unread" });
});

test("hosts get what was said about them, with its tier; facts about others are left out", () => {
  // the parts of a host that are looked at
  const host = { name: "web", effective: new Map() } as never as Host;
  const fleet = withToldSettings({ ...EMPTY_FLEET, hosts: [host] }, [
    { host: "web", tier: "evaluated", settings: { substituters: ["https://a"] } },
    { host: "web", tier: "observed", nixVersion: "2.28" },
    { host: "gone", tier: "evaluated", settings: { fallback: "true" } },
  ]);
  expect(fleet.hosts[0]?.told).toEqual([{ name: "substituters", value: ["https://a"], tier: "evaluated" }]);
});
