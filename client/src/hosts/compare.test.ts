import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { generationOf } from "../../../test/harness/observations";
import { hostOf } from "../../../test/harness/snapshots";
import { compareScript, comparisonDocument, parseComparison } from "./compare";

const HASH = "0123456789abcdfghijklmnpqrsvwxyz";
const store = (name: string) => `/nix/store/${HASH}-${name}`;

function compared(lines: readonly string[]) {
  const comparison = parseComparison(lines.map(line => `M ${line}`).join("\n"), "M");
  if (comparison.kind !== "compared") throw new Error(comparison.why);
  return comparison.changes;
}

test("paths become packages with versions and sizes", () => {
  const changes = compared([
    `path -${" "}${store("openssl-3.0.14")}`,
    `path + ${store("openssl-3.0.15")}`,
    `path + ${store("nginx-1.27.2-doc")}`,
    `path - ${store("unit-script")}`,
    `path - /etc/passwd`,
    "size 1000",
    "size 3000",
    "size 500",
    "size 10",
    "size 0",
    "end ok",
  ]);
  expect(changes).toEqual([
    { name: "nginx", before: [], after: ["1.27.2-doc"], bytes: 500 },
    { name: "openssl", before: ["3.0.14"], after: ["3.0.15"], bytes: 2000 },
    { name: "unit-script", before: [""], after: [], bytes: -10 },
  ]);
});

test("where a size is missing, none is guessed", () => {
  const lines = [`path + ${store("a-1")}`, `path + ${store("b-1")}`, "size 5", "end ok"];
  expect(compared(lines).map(change => change.bytes)).toEqual([undefined, undefined]);
});

test("a host that fails or breaks off is not taken for one without differences", () => {
  expect(parseComparison("M error error: path is not valid\n", "M")).toEqual({
    kind: "failed",
    why: "error: path is not valid",
  });
  expect(parseComparison(`M path + ${store("a-1")}\n`, "M").kind).toBe("failed");
  expect(parseComparison("path + x\nend ok\n", "M").kind).toBe("failed");
});

test("no answer makes it throw", () => {
  const word = fc.constantFrom("M", "path", "size", "end", "ok", "+", "-", store("a-1"), "\n", "x");
  fc.assert(
    fc.property(fc.array(word), words => {
      parseComparison(words.join(" "), "M");
    }),
  );
});

test("the document is a table that reads well as text", () => {
  const host = hostOf({ name: "we/b [x]" });
  const [before, after] = [
    generationOf(1, { date: undefined }),
    generationOf(2, { date: undefined, version: "a`b" }),
  ];
  const changes = compared([
    `path - ${store("openssl-3.0.14")}`,
    `path + ${store("openssl-3.0.15")}`,
    "size 1000",
    "size 5000000",
    "end ok",
  ]);
  expect(comparisonDocument(host, before, after, changes)).toMatchInlineSnapshot(`
    {
      "name": "we_b__x_-1-2.md",
      "text": "# we/b \\[x\\]: generation 1 → 2

    - Generation 1: \`24.11.1\`, \`/nix/store/00000000000000000000000000000001-nixos-system-host-24.11.1\`
    - Generation 2: \`ab\`, \`/nix/store/00000000000000000000000000000002-nixos-system-host-24.11.2\`

    1 packages change; the closure changes by +4.8 MB.

    | Package | Before | After  |    Size |
    | ------- | ------ | ------ | ------: |
    | openssl | 3.0.14 | 3.0.15 | +4.8 MB |
    ",
    }
  `);
});

test("the script says what is wrong in a real shell", () => {
  const script = compareScript("M", "/nix/store/none", "/nix/store/other");
  const input = `set -- M /nix/store/none /nix/store/other\n${script.text}`;
  const output = execFileSync("/bin/sh", ["-s"], { input, encoding: "utf8" });
  expect(parseComparison(output, "M")).toMatchObject({ kind: "failed" });
});
