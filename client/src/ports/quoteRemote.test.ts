import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteRemote } from "./quoteRemote";

test("a real shell gives every text back unchanged", () => {
  const texts = [
    "",
    "a b",
    "$(touch x)",
    "`id`",
    "'",
    "''\\''",
    "-rf",
    "é\n\t*?[a]",
    '"',
    "\\",
    "!",
    "~root",
    "a;b&c|d",
  ];
  const random = fc
    .sample(fc.string({ unit: "binary" }), 200)
    .map(text => Buffer.from(text.replaceAll("\0", "")).toString());
  for (const list of [texts, random]) {
    const script = `printf '%s\\0' ${list.map(quoteRemote).join(" ")}`;
    const out = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" });
    expect(out.split("\0").slice(0, -1)).toEqual(list);
  }
});

test("NUL is refused", () => {
  expect(() => quoteRemote("a\0b")).toThrow(RangeError);
});
