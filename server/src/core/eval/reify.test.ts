// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Nix here
// Values as data for rules: every piece still points at what somebody typed.

import { expect, test } from "vitest";
import { evaluate } from "../../../../test/harness/evaluate";
import { type Datum, spanInText, type TextDatum, UNKNOWN_TEXT } from "./datum";
import { reify } from "./reify";

const AT = { path: "/repo/main.nix", start: 0, end: 0 };

function datumOf(source: string): Datum {
  const { value, ctx } = evaluate(source);
  return reify(ctx, value, AT);
}

/** The source text that a stretch of a text datum points at. */
function pointed(source: string, datum: TextDatum, start: number, end: number): string {
  const span = spanInText(datum, start, end);
  return source.slice(span.start, span.end);
}

function asText(datum: Datum | undefined): TextDatum {
  if (datum?.kind !== "text") throw new Error(`a text was expected, got ${datum?.kind}`);
  return datum;
}

test("a literal that went through functions points at itself", () => {
  const source = 'let f = x: map (u: u) ([ "https://a" ] ++ x); in f [ "https://b" ]';
  const datum = datumOf(source);
  if (datum.kind !== "list") throw new Error("a list was expected");
  const [a, b] = datum.items;
  expect(source.slice(a?.span.start, a?.span.end)).toBe('"https://a"');
  expect(pointed(source, asText(b), 8, 9)).toBe("b");
});

test("true, false and null are where they are written", () => {
  const source = "let yes = true; no = null; in [ yes no (if yes then false else yes) ]";
  const datum = datumOf(source);
  if (datum.kind !== "list") throw new Error("a list was expected");
  expect(datum.items.map(({ span }) => span.start)).toEqual([10, 21, 52]);
});

test("pieces of joined, cut and escaped texts keep their offsets", () => {
  const source = 'let h = "host.example"; in "https://${h}/a\\"b" + builtins.substring 0 4 h';
  const datum = asText(datumOf(source));
  expect(datum.text).toBe('https://host.example/a"bhost');
  expect(pointed(source, datum, 0, 8)).toBe("https://");
  expect(pointed(source, datum, 8, 12)).toBe("host");
  expect(pointed(source, datum, 13, 20)).toBe("example");
  expect(pointed(source, datum, 23, 24)).toBe("b");
  expect(pointed(source, datum, 24, 28)).toBe("host");
});

test("lines of an indented string are found again", () => {
  const source = "''\n    first\n    second = 1\n  ''";
  const datum = asText(datumOf(source));
  expect(datum.text).toBe("first\nsecond = 1\n");
  expect(pointed(source, datum, 6, 12)).toBe("second");
});

test("a piece that is not known is marked in the text", () => {
  const source = '"https://${builtins.getEnv "HOST"}/x"';
  const datum = asText(datumOf(source));
  expect(datum.text).toBe(`https://${UNKNOWN_TEXT}/x`);
  expect(pointed(source, datum, 9, 11)).toBe("/x");
});

test("names of a mapped set stay where they were written", () => {
  const source = "builtins.mapAttrs (n: v: { name = n; }) { web = 1; }";
  const datum = datumOf(source);
  if (datum.kind !== "attrs") throw new Error("a set was expected");
  const entry = datum.entries.get("web");
  expect(source.slice(entry?.nameSpan.start, entry?.nameSpan.end)).toBe("web");
  const value = entry?.value;
  const name = value?.kind === "attrs" ? value.entries.get("name")?.value : undefined;
  expect(source.slice(name?.span.start, name?.span.end)).toBe("web");
});

test("alternatives carry their conditions, and a branch that fails does not count", () => {
  const datum = datumOf(
    'if builtins.getEnv "E" == "p" then "a" else if builtins.currentTime > 1 then throw "x" else "b"',
  );
  if (datum.kind !== "alternatives") throw new Error("alternatives were expected");
  expect(datum.branches.map(({ condition }) => [condition.negated, condition.text])).toEqual([
    [false, 'builtins.getEnv "E" == "p"'],
    [false, '!(builtins.getEnv "E" == "p") && !(builtins.currentTime > 1)'],
  ]);
});

test("endless data is cut off", () => {
  const { value, ctx } = evaluate("let s = { inherit s; }; in s");
  let datum = reify(ctx, value, AT, { depth: 5, nodes: 100 });
  for (let i = 0; i < 5 && datum.kind === "attrs"; i++) datum = datum.entries.get("s")?.value ?? datum;
  expect(datum.kind).toBe("unknown");
});

test("of a flake that a setting holds only the marks are told, and it is not taken for complete", () => {
  const datum = datumOf(
    '{ nixpkgs.flake = { _type = "flake"; outPath = "/s"; lib = { a = 1; }; }; to.path = "/a"; }',
  );
  if (datum.kind !== "attrs") throw new Error("a set was expected");
  const nixpkgs = datum.entries.get("nixpkgs")?.value;
  if (nixpkgs?.kind !== "attrs") throw new Error("a set was expected");
  const flake = nixpkgs.entries.get("flake")?.value;
  if (flake?.kind !== "attrs") throw new Error("a set was expected");
  expect([...flake.entries.keys()]).toEqual(["_type", "outPath"]);
  expect(flake.complete).toBe(false);
  expect(datum.entries.has("to")).toBe(true);
});
