// What `nix-deploy eval` prints.

import { expect, test } from "vitest";
import { evaluatorPorts } from "../../io/evaluatorPorts";
import { loadParser } from "../../io/grammar";
import { evalFileToJson, parseAttrPath } from "./evalFile";
import { createEvaluator } from "./evaluator";
import { memoryFiles } from "./files";

const parser = await loadParser();

function print(source: string, attr = "", strict = false): string {
  const files = memoryFiles(new Map([["/repo/x.nix", source]]), ["/repo"]);
  const evaluator = createEvaluator(
    evaluatorPorts((path, text) => parser.parse(path, text), files),
    { strict: true },
  );
  const request = { path: "/repo/x.nix", strict, attrPath: parseAttrPath(attr) ?? [] };
  const answer = evalFileToJson(evaluator, request, () => source);
  return answer.kind === "json" ? answer.text.replace(/\s+/g, " ") : `! ${answer.message}`;
}

test("values are JSON, with names sorted", () => {
  expect(print('{ b = [ 1 2.5 null true ]; a = "x"; p = ./y; }')).toBe(
    '{ "a": "x", "b": [ 1, 2.5, null, true ], "p": "/repo/y" }',
  );
  expect(print("9007199254740993")).toBe("9007199254740993");
});

test("what is not known is marked in its place", () => {
  expect(print("{ a = builtins.currentSystem; b = x: x; }")).toBe(
    '{ "a": { "$unknown": "hangs on the machine that evaluates" }, "b": { "$unknown": "a function" } }',
  );
});

test("an attribute path picks a part, and functions with defaults are called", () => {
  expect(print('{ a."b.c" = [ 1 { d = 2; } ]; }', 'a."b.c".1.d')).toBe("2");
  expect(print("{ x ? 3 }: { y = x; }", "y")).toBe("3");
  expect(print("{ x ? 3 }: x")).toBe("3");
  expect(parseAttrPath('a."b.c".d')).toEqual(["a", "b.c", "d"]);
  for (const text of [".", "a..b", 'a."b', "a.", 'a"b"'])
    expect([text, parseAttrPath(text)]).toEqual([text, undefined]);
});

test("an error has file, line and column", () => {
  expect(print("{\n  a = { }.nope;\n}", "a")).toBe("! /repo/x.nix:2:11: error: attribute 'nope' missing");
  expect(print("{ a = let x = x; in x; }", "a")).toBe(
    "! /repo/x.nix:1:15: error: infinite recursion encountered",
  );
  expect(print("{ }", "a")).toBe("! /repo/x.nix:1:1: error: attribute 'a' missing");
  expect(print('{ a = 1; b = throw "no"; }', "", true)).toBe("! /repo/x.nix:1:14: error: no");
  expect(print('{ a = 1; b = throw "no"; }')).toBe('{ "a": 1, "b": { "$unknown": "error: no" } }');
});

test("a set that contains itself ends", () => {
  expect(print("rec { a = 1; }")).toBe('{ "a": 1 }');
  expect(print("let s = { x = s; }; in s")).toBe('{ "x": { "$unknown": "contains itself" } }');
});
