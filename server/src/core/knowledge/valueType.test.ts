import { describe, expect, it } from "vitest";
import type { Datum } from "../eval/datum";
import { describeType, findWrongPart } from "./valueType";

const span = { path: "/a.nix", start: 0, end: 1 };
const text = (value: string): Datum => ({ kind: "text", text: value, pieces: [], span });
const scalar = (value: null | boolean | number): Datum => ({ kind: "scalar", value, span });
const list = (...items: Datum[]): Datum => ({ kind: "list", items, complete: true, span });
const unknown: Datum = { kind: "unknown", reason: "pkgs", span };
const either = (a: Datum, b: Datum): Datum => {
  const condition = { text: "x", negated: false, span };
  return {
    kind: "alternatives",
    branches: [
      { condition, value: a },
      { condition, value: b },
    ],
    span,
  };
};

describe("findWrongPart", () => {
  it("finds the very item that is of another type", () => {
    const five = scalar(5);
    expect(findWrongPart({ listOf: "str" }, list(text("a"), five))).toBe(five);
    expect(findWrongPart({ listOf: "str" }, text("a"))).toMatchObject({ kind: "text" });
    expect(findWrongPart({ listOf: "str" }, list(text("a"), unknown))).toBeUndefined();
  });

  it("searches every branch of a condition", () => {
    const wrong = text("yes");
    expect(findWrongPart("bool", either(scalar(true), wrong))).toBe(wrong);
    expect(findWrongPart("bool", either(scalar(true), unknown))).toBeUndefined();
  });

  it("knows ranges, null, choices and paths", () => {
    expect(findWrongPart("u16", scalar(65535))).toBeUndefined();
    expect(findWrongPart("u16", scalar(65536))).toBeDefined();
    expect(findWrongPart("unsigned", scalar(-1))).toBeDefined();
    expect(findWrongPart("int", scalar(1.5))).toBeDefined();
    expect(findWrongPart({ nullOr: "str" }, scalar(null))).toBeUndefined();
    expect(findWrongPart("str", scalar(null))).toBeDefined();
    expect(findWrongPart({ values: ["ssh", "ssh-ng"] }, text("ssh-ng"))).toBeUndefined();
    expect(findWrongPart({ values: ["ssh", "ssh-ng"] }, text("\uFFFC"))).toBeUndefined();
    expect(findWrongPart({ values: ["ssh", "ssh-ng"] }, text("http"))).toBeDefined();
    expect(findWrongPart({ oneOf: ["int", { values: ["auto"] }] }, text("auto"))).toBeUndefined();
    expect(findWrongPart("path", text("/etc/x"))).toBeUndefined();
    expect(findWrongPart("path", text("etc/x"))).toBeDefined();
    expect(findWrongPart("any", scalar(null))).toBeUndefined();
  });
});

describe("describeType", () => {
  it("reads as words", () => {
    expect(describeType({ listOf: "str" })).toBe("list of strings");
    expect(describeType({ nullOr: "str" })).toBe("null or string");
    expect(describeType({ attrsOf: "attrs" })).toBe("attribute set of attribute sets");
    expect(describeType({ oneOf: ["int", { values: ["auto"] }] })).toBe('integer or "auto"');
    expect(describeType({ values: ["ssh", "ssh-ng"] })).toBe('one of "ssh", "ssh-ng"');
  });
});
