import { beforeAll, expect, test } from "vitest";
import { evaluatorPorts } from "../../io/evaluatorPorts";
import { loadParser } from "../../io/grammar";
import type { NixParser } from "../analysis";
import type { Evaluation } from "../eval/evaluation";
import { createEvaluator } from "../eval/evaluator";
import { memoryFiles } from "../eval/files";
import type { Value } from "../eval/value";
import { nixpkgsLib } from "./lib";
import { LIB_CASES } from "./libCases";

let parser: NixParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** The value of an expression that may use `lib` and, for what is not known, `unknown`. */
function evaluate(
  text: string,
  more: Readonly<Record<string, string>> = {},
): { readonly value: Value; readonly ctx: Evaluation } {
  const files = memoryFiles(new Map([...Object.entries(more), ["/w/case.nix", `lib: unknown: ${text}`]]), [
    "/w",
  ]);
  const ctx = createEvaluator(evaluatorPorts((path, content) => parser.parse(path, content), files)).start();
  const unknown = { kind: "unknown", reason: "nobody knows", span: undefined } as const;
  const value = ctx.call(ctx.importFile("/w/case.nix"), [nixpkgsLib(ctx), unknown]);
  return { value, ctx };
}

test("lib gives what real Nix gives", () => {
  const { value, ctx } = evaluate(
    `[ ${LIB_CASES.map(([text]) => `(builtins.toJSON (${text}))`).join(" ")} ]`,
  );
  const items = value.kind === "list" ? value.items : [];
  const answers = items.map((item, index) => {
    const answer = ctx.force(item);
    return [LIB_CASES[index]?.[0], answer.kind === "string" ? answer.text : answer.kind];
  });
  expect(answers).toEqual(LIB_CASES.map(([text, json]) => [text, json ?? "error"]));
});

test("a list that hangs on something unknown keeps both sides, with the words of the condition", () => {
  const { value } = evaluate('lib.optionals (unknown == "production") [ 1 ]');
  expect(value.kind).toBe("alternatives");
  const branches = value.kind === "alternatives" ? value.branches : [];
  expect(branches.map(branch => branch.conditions.map(({ text, negated }) => [text, negated]))).toEqual([
    [['unknown == "production"', false]],
    [['unknown == "production"', true]],
  ]);
});

test("filterAttrs with an unknown predicate leaves the set open", () => {
  const { value } = evaluate('lib.filterAttrs (name: _: name == "a" || unknown) { a = 1; b = 2; }');
  expect(value).toMatchObject({ kind: "attrs", open: "nobody knows" });
  expect(value.kind === "attrs" && [...value.attrs.keys()]).toEqual(["a"]);
});

test("a path is compared as its copy in the store, of which the name is known", () => {
  const answers = [
    'lib.hasSuffix ".nix" ./dir/x.nix',
    'lib.hasSuffix "-x.nix" ./dir/x.nix',
    'lib.hasSuffix "dir/x.nix" ./dir/x.nix',
    'lib.hasPrefix "_" ./dir/_x.nix',
    'lib.hasPrefix "/nix" ./dir/x.nix',
    'lib.hasInfix "dir" ./dir/x.nix',
    'lib.removeSuffix ".nix" ./dir/x.nix',
    'lib.removePrefix "/" ./dir/x.nix',
    'lib.hasSuffix "b.nix" "${unknown}/b.nix"',
    'lib.hasSuffix "c.nix" "${unknown}/b.nix"',
    'lib.hasSuffix "a/b.nix" "${unknown}/b.nix"',
  ].map(text => {
    const { value } = evaluate(text);
    return value.kind === "bool" ? value.value : value.kind;
  });
  expect(answers).toEqual([
    true,
    true,
    false,
    false,
    true,
    "unknown",
    "unknown",
    "unknown",
    true,
    false,
    "unknown",
  ]);
});

test("lib.fileset lists the files below a folder as nixpkgs does", () => {
  const files = {
    "/w/m/b.nix": "",
    "/w/m/a/default.nix": "",
    "/w/m/a/notes.md": "",
    "/w/m/.hidden.nix": "",
    "/w/one.nix": "",
  };
  const paths = (text: string): readonly string[] | string => {
    const { value, ctx } = evaluate(`with lib.fileset; ${text}`, files);
    if (value.kind !== "list") return value.kind;
    return value.items.map(item => {
      const path = ctx.force(item);
      return path.kind === "path" ? path.path : path.kind;
    });
  };
  const nix = ["/w/m/.hidden.nix", "/w/m/a/default.nix", "/w/m/b.nix"];
  expect(paths("toList ./m")).toEqual([
    "/w/m/.hidden.nix",
    "/w/m/a/default.nix",
    "/w/m/a/notes.md",
    "/w/m/b.nix",
  ]);
  expect(paths('toList (fileFilter (file: file.hasExt "nix") ./m)')).toEqual(nix);
  expect(paths('toList (difference (fileFilter (file: file.hasExt "nix") ./m) ./m/a)')).toEqual([
    nix[0],
    nix[2],
  ]);
  expect(paths("toList (intersection ./m (unions [ ./m/b.nix ./m/a ]))")).toEqual([
    "/w/m/a/default.nix",
    "/w/m/a/notes.md",
    "/w/m/b.nix",
  ]);
  expect(paths("toList (maybeMissing ./nowhere)")).toEqual([]);
  expect(paths("toList ./one.nix")).toEqual(["/w/one.nix"]);
  expect(paths("toList (unions [ ./one.nix ./m/b.nix ])")).toBe("unknown");
  expect(typeof paths("toList (gitTracked ./m)")).toBe("string");
});

test("a function of lib that is not modelled is unknown, never missing", () => {
  expect(evaluate("lib.notThereYet 1").value.kind).toBe("unknown");
  const sections =
    "asserts attrsets cli customisation debug derivations filesystem fileset fixedPoints generators lists meta modules options path sources strings stringsWithDeps systems trivial types versions";
  for (const section of sections.split(" "))
    expect(evaluate(`lib.${section}.notThereYet`).value.kind, section).toBe("unknown");
});

test("names keep their place through genAttrs", () => {
  const { value } = evaluate('lib.genAttrs [ "web" ] (name: 1)');
  const attr = value.kind === "attrs" ? value.attrs.get("web") : undefined;
  expect(attr?.nameSpan).toMatchObject({ path: "/w/case.nix" });
});
