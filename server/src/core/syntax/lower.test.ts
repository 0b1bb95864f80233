// Lowering: every form of the language, spans, what is left of half-typed text, and bad input.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadParser } from "../../io/grammar";
import { forEachChild } from "./children";
import type { AttrName, Binding, Expr, Formals, StringPart } from "./expr";

const parser = await loadParser();

/** An expression as text in which every operation is bracketed and what is missing is `?`. */
function show(expr: Expr): string {
  switch (expr.kind) {
    case "variable":
      return expr.name;
    case "integer":
    case "float":
      return `${expr.value}`;
    case "string":
      return `"${showParts(expr.parts)}"`;
    case "path":
      return `${expr.flavour}:${showParts(expr.parts)}`;
    case "uri":
      return `uri:${expr.value}`;
    case "list":
      return `[${expr.items.map(show).join(" ")}]`;
    case "attrs":
      return `${expr.recursive ? "rec " : ""}{${showBindings(expr.bindings)}}`;
    case "let":
      return `(let ${showBindings(expr.bindings)} in ${show(expr.body)})`;
    case "with":
      return `(with ${show(expr.scope)}; ${show(expr.body)})`;
    case "assert":
      return `(assert ${show(expr.condition)}; ${show(expr.body)})`;
    case "if":
      return `(if ${show(expr.condition)} then ${show(expr.thenBranch)} else ${show(expr.elseBranch)})`;
    case "lambda": {
      const formals = expr.formals === undefined ? [] : [showFormals(expr.formals)];
      return `(${[...(expr.param === undefined ? [] : [expr.param.name]), ...formals].join("@")}: ${show(expr.body)})`;
    }
    case "apply":
      return `(${show(expr.fn)} ${show(expr.arg)})`;
    case "select":
      return `(${show(expr.target)}.${showPath(expr.path)}${expr.fallback === undefined ? "" : ` or ${show(expr.fallback)}`})`;
    case "hasAttr":
      return `(${show(expr.target)} ? ${showPath(expr.path)})`;
    case "unary":
      return `(${expr.operator}${show(expr.operand)})`;
    case "binary":
      return `(${show(expr.left)} ${expr.operator} ${show(expr.right)})`;
    case "missing":
      return "?";
  }
}

function showParts(parts: readonly StringPart[]): string {
  return parts.map(part => (part.kind === "text" ? part.value : `\${${show(part.expr)}}`)).join("");
}

function showPath(path: readonly AttrName[]): string {
  return path
    .map(name =>
      name.kind === "dynamic" ? `\${${show(name.expr)}}` : name.quoted ? `'${name.name}'` : name.name,
    )
    .join(".");
}

function showBindings(bindings: readonly Binding[]): string {
  return bindings
    .map(each =>
      each.kind === "binding"
        ? `${showPath(each.path)}=${show(each.value)};`
        : `inherit${each.from === undefined ? "" : ` (${show(each.from)})`}${each.names.map(name => ` ${showPath([name])}`).join("")};`,
    )
    .join(" ");
}

function showFormals(formals: Formals): string {
  const items = formals.items.map(
    ({ name, defaultValue }) => name.name + (defaultValue === undefined ? "" : ` ? ${show(defaultValue)}`),
  );
  return `{${[...items, ...(formals.ellipsis ? ["..."] : [])].join(", ")}}`;
}

const FORMS: readonly (readonly [text: string, shown: string])[] = [
  ["x: y", "(x: y)"],
  ["{ }: 1", "({}: 1)"],
  ["{ a, b ? 1, ... }@c: a", "(c@{a, b ? 1, ...}: a)"],
  ["c@{ a, }: a", "(c@{a}: a)"],
  ["f x (y z)", "((f x) (y z))"],
  ['a.b."c d".${e}."f${g}" or h', "(a.b.'c d'.${e}.${\"f${g}\"} or h)"],
  ['a ? b."c"', "(a ? b.'c')"],
  ["!a && -b < 1.5", "((!a) && ((-b) < 1.5))"],
  ["a -> b -> c", "(a -> (b -> c))"],
  ["a // b // c ++ d ++ e", "(a // (b // (c ++ (d ++ e))))"],
  ["a - b - c * d / e", "((a - b) - ((c * d) / e))"],
  ["a == b || c != d", "((a == b) || (c != d))"],
  ["a <= b && c >= d || e > f", "(((a <= b) && (c >= d)) || (e > f))"],
  ["a |> b |> c", "((a |> b) |> c)"],
  ["a <| b <| c", "(a <| (b <| c))"],
  ["map or [ ]", "((map or) [])"],
  ["f x or", "(f (x or))"],
  ["a.b or c or", "(a.b or (c or))"],
  ["[ a b.c (d e) ]", "[a (b.c) (d e)]"],
  ['{ a.b = 1; inherit c; inherit (d) e "f" ${g}; }', "{a.b=1; inherit c; inherit (d) e 'f' ${g};}"],
  ['{ ${"a b"} = 1; ${""} = 2; ${"a${b}"} = 3; }', "{'a b'=1; ''=2; ${\"a${b}\"}=3;}"],
  ["rec { }", "rec {}"],
  ["let a = 1; in a", "(let a=1; in a)"],
  ["let { body = 1; }", "(rec {body=1;}.body)"],
  ["with a; assert b; c", "(with a; (assert b; c))"],
  ["if a then b else c", "(if a then b else c)"],
  ["./a/${b}.c", "relative:./a/${b}.c"],
  ["a/b", "relative:a/b"],
  ["/a/b", "absolute:/a/b"],
  ["~/a", "home:/a"],
  ["~/${a}/b", "home:/${a}/b"],
  ["<nixpkgs/lib>", "search:nixpkgs/lib"],
  ["http://a.b/c?d=e", "uri:http://a.b/c?d=e"],
  ["x:y", "uri:x:y"],
  ["9223372036854775808", "9223372036854775808"],
  ["[ .5 1e3 1.e3 ]", "[0.5 1 e3 1000]"],
  ["__curPos", "__curPos"],
  ["''a${b}''", '"a${b}"'],
  ["# c\n/* d */ 1", "1"],
];

test.each(FORMS)("%s", (text, shown) => {
  const file = parser.parse("/a.nix", text);
  expect(show(file.root)).toBe(shown);
  expect(file.problems).toEqual([]);
});

const HALF_TYPED: readonly (readonly [text: string, shown: string, problems: readonly string[]])[] = [
  ["{ a = 1; b = ; c = 2; }", "{a=1; b=?; c=2;}", ["missing value"]],
  ["{ a = 1\n  b = 2; }", "{a=1; b=2;}", ["missing ';'"]],
  ["{ a = 1; b =\n  c = 2; }", "{a=1; b=?; c=2;}", ["missing value"]],
  ["{ a = 1; nix\n  c = 2; }", "{a=1; nix=?; c=2;}", ["missing value"]],
  ["{ a = 1; nix; c = 2; }", "{a=1; nix=?; c=2;}", ["missing value"]],
  ["{ a = 1; nix.settings. }", "{a=1; nix.settings.${?}=?;}", ["missing value"]],
  ["{ a = b.\n  c = 2; }", "{a=(b.${?}); c=2;}", ["missing name after '.'"]],
  ['{ x = [ "a"\n  b = 2; }', '{x=["a"]; b=2;}', ["missing ']'"]],
  ['{ a = 1; x = [ "a" ', '{a=1; x=["a"];}', ["'[' is never closed"]],
  ["{ x = f (y\n  b = 2; }", "{x=(f y); b=2;}", ["missing ')'"]],
  ["{ a = ( 1 + ; b = 2; }", "{a=(1 + ?); b=2;}", ["missing value"]],
  ["{ a = f ) x; b = 2; }", "{a=?; b=2;}", ["unexpected ') x'"]],
  ["{ a = 1; } b = 2; }", "{a=1;}", ["the expression of this file ends here, but more follows"]],
  ["{ a = 1; b = { c = 2; # d", "{a=1; b={c=2;};}", ["'{' is never closed"]],
  ['{ a = 1; b = "c', '{a=1; b="c";}', ["'\"' is never closed"]],
  ["{ a = 1; b = ''\n  c", '{a=1; b="c";}', ["'''' is never closed"]],
  ["{ a = let b = 1; c = (2", "{a=(let b=1; c=2; in ?);}", ["'(' is never closed"]],
  ["[ 1 ) 2 ]", "[1 ? 2]", ["unexpected ')'"]],
  ["{ a = 1; = 2; b = 3; }", "{a=1; ${?}=2; b=3;}", ["missing name"]],
  ["{ a = /b/; c = 1; }", "{a=absolute:/b/; c=1;}", ["a path cannot end in '/'"]],
  ["", "?", []],
];

test.each(HALF_TYPED)("half-typed: %j", (text, shown, problems) => {
  const file = parser.parse("/a.nix", text);
  expect(show(file.root)).toBe(shown);
  expect(file.problems.map(each => each.message)).toEqual(problems);
});

test("spans count UTF-16 units", () => {
  const text = '{ "é😀" = "😀${x}"; /* ü */ y = é; }';
  const file = parser.parse("/a.nix", text);
  if (file.root.kind !== "attrs") throw new Error("no set");
  const [first] = file.root.bindings;
  if (first?.kind !== "binding" || first.value.kind !== "string") throw new Error("no string");
  expect(text.slice(first.start, first.end)).toBe('"é😀" = "😀${x}";');
  expect(first.path[0]).toMatchObject({ name: "é😀", quoted: true });
  expect(first.value.parts.map(part => text.slice(part.start, part.end))).toEqual(["😀", "x"]);
  expect(file.comments).toEqual([{ start: 20, end: 27, text: "/* ü */" }]);
});

test("spans end where the text ends, not where the next binding begins", () => {
  const text = "{ a = [ 1\n\n  b = 2; }";
  const { root } = parser.parse("/a.nix", text);
  if (root.kind !== "attrs") throw new Error("no set");
  expect(root.bindings.map(each => text.slice(each.start, each.end))).toEqual(["a = [ 1", "b = 2;"]);
});

test("parentheses are not part of what they enclose", () => {
  expect(parser.parse("/a.nix", "( a )").root).toEqual({ kind: "variable", name: "a", start: 2, end: 3 });
});

/** Fails where a node does not lie in its parent or in the text. */
function checkSpans(value: unknown, from: number, to: number): void {
  if (Array.isArray(value)) for (const each of value) checkSpans(each, from, to);
  else if (typeof value === "object" && value !== null && "start" in value && "end" in value) {
    const { start, end } = value as { start: number; end: number };
    if (start < from || end > to || start > end)
      throw new Error(`${start}-${end} is not within ${from}-${to}`);
    for (const [key, each] of Object.entries(value)) if (key !== "map") checkSpans(each, start, end);
  }
}

const fixtures = ["expressions", "half-typed"].map(name =>
  readFileSync(new URL(`../../../../grammar/snapshots/${name}.nix`, import.meta.url), "utf8"),
);

test("every prefix of every fixture is read, with spans within the text", () => {
  const pieces = fixtures.flatMap(text => text.split(/^#---.*$/m));
  for (const piece of [...pieces, ...FORMS.map(([text]) => text)]) {
    for (let length = 0; length <= piece.length; length++) {
      const text = piece.slice(0, length);
      const file = parser.parse("/a.nix", text);
      checkSpans([file.root, file.comments, file.problems], 0, Math.max(1, text.length));
    }
  }
});

test("every string and path of a file is among its literals", () => {
  for (const piece of [
    ...fixtures.flatMap(text => text.split(/^#---.*$/m)),
    ...FORMS.map(([text]) => text),
  ]) {
    const { root, literals } = parser.parse("/a.nix", piece);
    const known = new Set<Expr>(literals);
    const look = (expr: Expr): void => {
      if (expr.kind === "string" || expr.kind === "path") expect(known.has(expr), piece).toBe(true);
      forEachChild(expr, look);
    };
    look(root);
  }
});

test.each([
  ["parentheses", "(".repeat(100_000) + ")".repeat(100_000)],
  ["open lists", "[".repeat(100_000)],
  ["operands", `${"1+".repeat(100_000)}1`],
  ["sets", "{a=".repeat(30_000)],
])("nesting without end is cut off: %s", (_, text) => {
  const file = parser.parse("/a.nix", text);
  expect(file.problems.map(each => each.message)).toContain("nested too deeply to be read");
});

test("binary garbage is read as nothing", () => {
  let seed = 1;
  const bytes = Array.from({ length: 20_000 }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed >> 16;
  });
  for (const alphabet of [256, 128, 65_536]) {
    const file = parser.parse("/a.nix", String.fromCharCode(...bytes.map(each => each % alphabet)));
    checkSpans([file.root, file.comments, file.problems], 0, file.text.length);
  }
});
