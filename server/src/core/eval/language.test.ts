// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Nix here
// The language itself, against what Nix's manual and Nix itself say.

import { expect, test } from "vitest";
import { evaluated } from "../../../../test/harness/evaluate";

const CASES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "lexical scope beats with, the inner with beats the outer one": [
    ["let a = 1; in with { a = 2; }; a", "1"],
    ["with { a = 1; }; with { a = 2; }; a", "2"],
    ["with { a = 1; }; with { b = 2; }; [ a b ]", "[ 1 2 ]"],
    ["with { map = 1; }; builtins.isFunction map", "true"],
    ["let true = 0; in true", "0"],
  ],
  "what is not needed is not evaluated": [
    ['let x = throw "no"; in 1', "1"],
    ['(x: 1) (throw "no")', "1"],
    ['builtins.length [ (throw "no") ]', "1"],
    ['{ a = throw "no"; b = 2; }.b', "2"],
    ['false && throw "no"', "false"],
    ['false -> throw "no"', "true"],
  ],
  "attribute paths merge, and what is written twice is refused": [
    ["{ a.b = 1; a.c = 2; }", "{ a = { b = 1; c = 2; }; }"],
    ["{ a = { b = 1; }; a.c = 2; }", "{ a = { b = 1; c = 2; }; }"],
    ["{ a = rec { x = 1; y = x; }; a.z = 2; }.a", "{ x = 1; y = 1; z = 2; }"],
    ['{ "a" = 1; ${"b"} = 2; ${null} = 3; }', "{ a = 1; b = 2; }"],
    ['{ ${"a" + "b"} = 1; ab = 2; }', "<error duplicate-attribute: dynamic attribute 'ab' already defined>"],
  ],
  "inherit takes names from around or from a set": [
    ["let a = 1; in { inherit a; }", "{ a = 1; }"],
    ["let a = 1; in rec { inherit a; b = a; }", "{ a = 1; b = 1; }"],
    ["let s = { a = 1; }; inherit (s) a; in a", "1"],
    ["rec { inherit (s) a; s.a = 3; }.a", "3"],
  ],
  "or covers a missing attribute and nothing else": [
    ["{ }.a.b or 1", "1"],
    ["{ a = 1; }.a.b or 2", "2"],
    ['{ a = throw "x"; }.a or 1', "<error throw: x>"],
    ["{ a.b = 1; } ? a.b", "true"],
    ["1 ? a", "false"],
  ],
  "functions take sets apart": [
    ["({ a, b ? a + 1, ... }@args: [ a b args.c ]) { a = 1; c = 3; }", "[ 1 2 3 ]"],
    ["({ a ? b, b ? 1 }: a) { }", "1"],
    ["(args@{ a ? 5, ... }: args) { }", "{ }"],
    [
      "({ a }: a) { }",
      "<error missing-argument: function 'anonymous lambda' called without required argument 'a'>",
    ],
    [
      "({ a }: a) { a = 1; b = 2; }",
      "<error unexpected-argument: function 'anonymous lambda' called with unexpected argument 'b'>",
    ],
    ["{ __functor = self: x: self.n + x; n = 2; } 3", "5"],
    ["1 2", "<error type: attempt to call something which is not a function but an integer>"],
    ["[ 1 2 ] |> map (x: x + 1)", "[ 2 3 ]"],
  ],
  "strings, paths and coercion": [
    ['"a${"b"}c" + "d"', '"abcd"'],
    ["''\n    a\n      b\n  ''", '"a\\n  b\\n"'],
    ['"${1}"', "<error type: cannot coerce an integer to a string>"],
    ['toString [ 1 true false null "x" [ ] [ 2 ] 1.5 ]', '"1 1   x 2 1.500000"'],
    ['"${{ __toString = s: s.n; n = "x"; }}${{ outPath = "/y"; }}"', '"x/y"'],
    ['./a/../b + "/c"', "/repo/b/c"],
    ["/a + /b", "/a/b"],
    ['let n = "x"; in ./${n}/y.nix', "/repo/x/y.nix"],
    ["toString ./.", '"/repo"'],
    ["https://a.b/c", '"https://a.b/c"'],
  ],
  "numbers overflow, divide and compare": [
    ["7 / 2", "3"],
    ["-7 / 2", "-3"],
    ["7 / 2.0", "3.5"],
    ["1 / 0", "<error evaluation: division by zero>"],
    ["9223372036854775807 + 1", "<error evaluation: integer overflow in adding 9223372036854775807 + 1>"],
    ["1 == 1.0", "true"],
    ["[ 1 2 ] < [ 1 3 ]", "true"],
    ['"a" < "b" && "😀" > "\uffee"', "true"],
    ['1 < "a"', "<error type: cannot compare an integer with a string>"],
  ],
  "functions are equal only as the same value inside of data": [
    ["let f = x: x; in f == f", "false"],
    ["let f = x: x; in [ f ] == [ f ]", "true"],
    ["[ (x: x) ] == [ (x: x) ]", "false"],
    ["{ a = 1; b = [ 2 ]; } == { b = [ 2 ]; a = 1; }", "true"],
  ],
  "tryEval catches throw and assert, nothing else": [
    ['(builtins.tryEval (throw "x")).success', "false"],
    ["(builtins.tryEval (assert false; 1)).success", "false"],
    ['builtins.tryEval (abort "x")', "<error abort: evaluation aborted with the following error message: x>"],
    ["builtins.tryEval ({ }.a)", "<error missing-attribute: attribute 'a' missing>"],
    ['builtins.tryEval [ (throw "x") ] ? value', "true"],
  ],
  "__curPos and unsafeGetAttrPos count lines and columns from 1": [
    ["\n  __curPos", '{ column = 3; file = "/repo/main.nix"; line = 2; }'],
    [
      'builtins.unsafeGetAttrPos "b" { a = 1; b = 2; }',
      '{ column = 40; file = "/repo/main.nix"; line = 1; }',
    ],
    ['builtins.unsafeGetAttrPos "c" { }', "null"],
  ],
  "an old recursive set may override itself": [["(rec { a = b; b = 1; __overrides = { b = 2; }; }).a", "2"]],
};

for (const [behaviour, cases] of Object.entries(CASES)) {
  test(behaviour, () => {
    const got = cases.map(([source]) => [source, evaluated(source, { strict: true })]);
    expect(got).toEqual(cases);
  });
}

test("a file with an undefined variable or a duplicate attribute is refused as a whole, as Nix does", () => {
  expect(evaluated("{ a = 1; b = nope; }.a", { strict: true })).toBe(
    "<error undefined-variable: undefined variable 'nope'>",
  );
  expect(evaluated("{ a = 1; a = 2; b = 3; }.b", { strict: true })).toBe(
    "<error duplicate-attribute: attribute 'a' already defined>",
  );
});

test("without strictness only the wrong part of a half-typed file is missing", () => {
  expect(evaluated("{ a = 1; b = nope; }.a")).toBe("1");
  expect(evaluated("{ a = 1; b = ; }.a")).toBe("1");
});
