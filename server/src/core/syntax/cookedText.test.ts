// String literals against the values that `nix-instantiate --eval --strict --json` gave for them, and where each
// character of them came from.

import { expect, test } from "vitest";
import { loadParser } from "../../io/grammar";
import type { Expr, TextPart } from "./expr";

const parser = await loadParser();

const VALUES: readonly (readonly [literal: string, value: string])[] = [
  ['""', ""],
  ['"a"', "a"],
  ['"a\\nb\\tc\\rd\\\\e\\"f\\$\\${x}"', 'a\nb\tc\rd\\e"f$${x}'],
  ['"\\é\\q"', "éq"],
  ['"a\r\nb\rc"', "a\nb\nc"],
  ['"$"', "$"],
  ['"a$"', "a$"],
  ['"$$"', "$$"],
  ['"$${x}"', "$${x}"],
  ['"$\\${x}"', "$${x}"],
  ['"é😀\\n😀"', "é😀\n😀"],
  ['"a\nb"', "a\nb"],
  ['"\\\n"', "\n"],
  ['"x${"y"}z"', "xyz"],
  ['"${"a"}${"b"}"', "ab"],
  ["''''", ""],
  ["''a''", "a"],
  ["''  a''", "a"],
  ["'' \n a\n  b\n''", "a\n b\n"],
  ["''\n  a\n    b\n  ''", "a\n  b\n"],
  ["''\n    a\n  b\n    c''", "  a\nb\n  c"],
  ["''\n\ta\n\tb\n''", "\ta\n\tb\n"],
  ["''\n  \ta\n  b''", "\ta\nb"],
  ["''   \n''", ""],
  ["''\n   \n  a\n\n  b\n ''", " \na\n\nb\n"],
  ["''  a\n  b''", "a\nb"],
  ["''a\n  b\n''", "a\n  b\n"],
  ["''\n  a ''${x} b\n''", "a ${x} b\n"],
  ["''\n  ''\\n  a\n    b''", "\na\n  b"],
  ["''\n  a'''b\n''", "a''b\n"],
  ["''\n $${x}\n''", "$${x}\n"],
  ["''$''", "$"],
  ["''a$''", "a$"],
  ["'' '$ ''", "'$ "],
  ["''\n  $\n  x''", "$\nx"],
  ["''\n  ${\"q\"}\n    r\n  ''", "q\n  r\n"],
  ["''\n    x\n  ${\"q\"} ''", "  x\nq "],
  ["''\r\n  a\r\n  b\r\n''", "\r\n  a\r\n  b\r\n"],
  ["''\n  a\n  ''\\t''\\\\ b''", "a\n\t\\ b"],
  ["''\n      ''$a\n    b''", "  $a\nb"],
  ["''\n  '' + ''x''", "x"],
  ["''\n a\n '''\n  ''", "a\n''\n"],
  ["''\n  a${\"b\nc\"}\n d''", " ab\nc\nd"],
  ["''\n  ''\\\n  a''", "\na"],
  ["''\n  a\n  ''\\x  ''", "a\nx  "],
  ["''\n  a\n$''", "  a\n$"],
  ["''  ''", ""],
  ["''\n  é😀\n   x''", "é😀\n x"],
  ["''  \n  \n''", "\n"],
  ["''${\"a\"}  ${\"b\"}\n  ''", "a  b\n"],
  ["''\n   ${\"a\"}\n  ''\\  b\n''", " a\n  b\n"],
  ["''\n a\n  ''' ''", "a\n '' "],
  ["'' $'a' ''", "$'a' "],
  ["''\n    '' + \"\"", ""],
  ["''\n\n\n  x''", "\n\nx"],
  ["''a\n\n\n  ''", "a\n\n\n"],
  ["''\n  \\n \\${\"x\"}''", "\\n \\x"],
  ["''\n $$b''\\n''\\ é'$a''", "$$b\né'$a"],
  ["'' $$b''\\n''\\ é'$a''", "$$b\né'$a"],
];

/** The value of a string whose interpolations are strings, or of a sum of such. */
function cookedOf(expr: Expr): string {
  if (expr.kind === "binary") return cookedOf(expr.left) + cookedOf(expr.right);
  if (expr.kind !== "string") throw new Error(`no string: ${expr.kind}`);
  return expr.parts.map(part => (part.kind === "text" ? part.value : cookedOf(part.expr))).join("");
}

function sourceOffset(part: TextPart, cooked: number): number {
  const map = part.map ?? [0, part.start];
  let pair = 0;
  while (pair + 2 < map.length && map[pair + 2]! <= cooked) pair += 2;
  return map[pair + 1]! + cooked - map[pair]!;
}

function textParts(expr: Expr): readonly TextPart[] {
  if (expr.kind === "binary") return [...textParts(expr.left), ...textParts(expr.right)];
  if (expr.kind !== "string") return [];
  return expr.parts.flatMap(part => (part.kind === "text" ? [part] : textParts(part.expr)));
}

test.each(VALUES)("%j", (literal, value) => {
  const file = parser.parse("/a.nix", literal);
  expect(file.problems).toEqual([]);
  expect(cookedOf(file.root)).toBe(value);
});

test.each(VALUES)("%j: every character comes from where it stands", literal => {
  for (const part of textParts(parser.parse("/a.nix", literal).root)) {
    for (let at = 0; at < part.value.length; at++) {
      const source = sourceOffset(part, at);
      expect(source).toBeGreaterThanOrEqual(part.start);
      expect(source).toBeLessThan(part.end);
      const there = literal.charAt(source);
      if (there !== "\\" && there !== "'" && there !== "\r") expect(there).toBe(part.value.charAt(at));
    }
  }
});

test("a part that is one to one has no map", () => {
  const [part] = textParts(parser.parse("/a.nix", '  "abc"').root);
  expect(part).toEqual({ kind: "text", value: "abc", start: 3, end: 6 });
});

test("the map has a pair where an escape or an indentation was", () => {
  const [quoted] = textParts(parser.parse("/a.nix", '"a\\nb"').root);
  expect(quoted).toEqual({ kind: "text", value: "a\nb", start: 1, end: 5, map: [0, 1, 2, 4] });
  const [indented] = textParts(parser.parse("/a.nix", "''\n  a\n    b\n''").root);
  expect(indented).toEqual({ kind: "text", value: "a\n  b\n", start: 5, end: 13, map: [0, 5, 2, 9] });
});
