// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Nix here
// What Nix refuses before it evaluates anything, and that evaluation says the same of what it looks at.

import { expect, test } from "vitest";
import { evaluated } from "../../../../../test/harness/evaluate";
import { loadParser } from "../../../io/grammar";
import { staticProblems } from "./staticProblems";

const parser = await loadParser();

/** Each problem with the text that it is at, and for a duplicate with what comes before the first one. */
function problemsOf(text: string): string[] {
  return staticProblems(parser.parse("/repo/main.nix", text)).map(({ message, span, first }) => {
    const at = text.slice(span.start, span.end);
    return first === undefined ? `${message} @ ${at}` : `${message} @ ${at} after ${first.start}`;
  });
}

test("a variable is undefined where neither a scope nor a with nor Nix has it", () => {
  const undefinedIn: Readonly<Record<string, readonly string[]>> = {
    "[ a (f b) ]": ["a", "f", "b"],
    "{ x = y; y = 1; }": ["y"],
    "{ inherit a; inherit (b) c; }": ["a", "b"],
    "let inherit a; in a": ["a"],
    "rec { inherit a; b = c; c.${d} = b; }": ["a", "d"],
    "let a = b; b = 1; in { x = a; } // c": ["c"],
    "{ a ? b, b, ... }@c: [ a b c d ]": ["d"],
    "(x: x) x": ["x"],
    'if a then "${b}" else ./${c}': ["a", "b", "c"],
    "assert a; b.${c}.d or e ? f": ["a", "b", "c", "e"],
    "!a && -b < c": ["a", "b", "c"],
    "with a; [ b (with { }; c) ]": ["a"],
    "let f = x: y: z; in f": ["z"],
    "{ a.b = x; a = { c = y; }; a.d.e = z; }": ["x", "y", "z"],
    "[ true null map __add builtins.x __curPos __nope ]": ["__nope"],
  };
  for (const [text, names] of Object.entries(undefinedIn)) {
    expect([text, problemsOf(text)]).toEqual([
      text,
      names.map(name => `undefined variable '${name}' @ ${name}`),
    ]);
  }
});

test("a name is bound once", () => {
  expect(problemsOf("{ a = 1; a = 2; }")).toEqual(["attribute 'a' already defined @ a after 2"]);
  expect(problemsOf('{ a.b = 1; "a".${"b"} = 2; }')).toEqual([
    "attribute 'b' already defined @ ${\"b\"} after 4",
  ]);
  expect(problemsOf("{ a = { b = 1; }; a = { b = 2; }; }")).toEqual([
    "attribute 'b' already defined @ b after 8",
  ]);
  expect(problemsOf("{ a = rec { b = 1; }; a.c = { d = 1; d = 2; }; }")).toEqual([
    "attribute 'd' already defined @ d after 30",
  ]);
  expect(problemsOf("let a = 1; inherit ({ }) a; in a")).toEqual([
    "attribute 'a' already defined @ a after 4",
  ]);
  expect(problemsOf("{ a, b, a }@b: 1")).toEqual([
    "duplicate formal function argument 'a' @ a",
    "duplicate formal function argument 'b' @ b",
  ]);
});

test("names are not computed in let and inherit", () => {
  expect(problemsOf('let ${"a" + "b"} = 1; in 1')).toEqual([
    'dynamic attributes not allowed in let @ ${"a" + "b"}',
  ]);
  expect(problemsOf('{ inherit ({ }) ${"a" + "b"}; }')).toEqual([
    'dynamic attributes not allowed in inherit @ ${"a" + "b"}',
  ]);
});

test("what is bound twice in a set comes before what is undefined in it", () => {
  expect(problemsOf("{ a = nope; b = { c = 1; c = 2; }; }")).toEqual([
    "attribute 'c' already defined @ c after 18",
    "undefined variable 'nope' @ nope",
  ]);
});

test("evaluation finds undefined what the walk finds undefined, however late it is compiled", () => {
  const texts = [
    "(x: { a = [ x (x + x) ]; inherit x; }) 1",
    "(x: { a = [ x (x + y) ]; inherit x; }) 1",
    "let f = { a, b ? a + c }: with { d = 1; }; [ a b (d + 0) ]; in f { a = 1; }",
    "let f = { a, b ? a + 1 }: with { d = 1; }; [ a b (d + 0) ]; in f { a = 1; }",
    "rec { a.b = { x = if true then c else d; }; c = 1; a.e = toString c; }",
    "rec { a.b = { x = if true then d else c; }; c = 1; a.e = toString c; }",
  ];
  const found = texts.map(text => [problemsOf(text).length > 0, /undefined variable/.test(evaluated(text))]);
  expect(found).toEqual([
    [false, false],
    [true, true],
    [true, true],
    [false, false],
    [true, false],
    [true, true],
  ]);
});

test("a name that is looked up in a file read with scopedImport is not refused", () => {
  const files = { "main.nix": "scopedImport { a = 1; } ./b.nix", "b.nix": "{ x = (y: y + a) 1; }" };
  expect(evaluated(files, { strict: true })).toBe("{ x = 2; }");
});
