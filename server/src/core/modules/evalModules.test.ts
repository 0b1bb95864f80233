import { beforeAll, expect, test } from "vitest";
import { evaluatorPorts } from "../../io/evaluatorPorts";
import { loadParser } from "../../io/grammar";
import type { NixParser } from "../analysis";
import type { Evaluation } from "../eval/evaluation";
import { createEvaluator } from "../eval/evaluator";
import { memoryFiles } from "../eval/files";
import { printValue } from "../eval/printValue";
import type { Value } from "../eval/value";
import { nixpkgsLib } from "../nixpkgs/lib";

let parser: NixParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** `config` of modules, printed as Nix prints values. `unknown` is something that nobody knows. */
function configOf(modules: string, files: Readonly<Record<string, string>> = {}): string {
  const texts = new Map(
    Object.entries({
      ...files,
      "/w/case.nix": `lib: unknown: (lib.evalModules { modules = ${modules}; }).config`,
    }),
  );
  const ctx = createEvaluator(
    evaluatorPorts((path, content) => parser.parse(path, content), memoryFiles(texts, ["/w"])),
  ).start();
  const unknown = { kind: "unknown", reason: "nobody knows", span: undefined } as const;
  const value = ctx.call(ctx.importFile("/w/case.nix"), [nixpkgsLib(ctx), unknown]);
  return shown(ctx, value);
}

function shown(ctx: Evaluation, value: Value): string {
  const printed = printValue(ctx, value);
  if (typeof printed === "string") return printed;
  switch (printed.kind) {
    case "unknown":
      return `unknown: ${printed.reason}`;
    case "error":
      return `error: ${printed.message}`;
    case "alternatives":
      return printed.branches
        .map(
          branch =>
            `${branch.conditions.map(each => (each.negated ? "not " : "") + each.text)}: ${shown(ctx, branch.value)}`,
        )
        .join("; ");
  }
}

const LIST =
  "{ lib, ... }: { options.x = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; }; }";

test("lists of several modules are joined in Nix's order", () => {
  expect(configOf(`[ (${LIST}) { x = [ "a" ]; } { x = [ "b" ]; } ]`)).toBe('{ x = [ "b" "a" ]; }');
});

test("mkBefore and mkAfter order what they wrap", () => {
  const modules = `[ (${LIST}) ({ lib, ... }: { x = lib.mkAfter [ "z" ]; }) { x = [ "m" ]; } ({ lib, ... }: { x = lib.mkBefore [ "a" ]; }) ]`;
  expect(configOf(modules)).toBe('{ x = [ "a" "m" "z" ]; }');
});

test("the strongest priority wins", () => {
  const modules = `[ (${LIST}) ({ lib, ... }: { x = lib.mkForce [ "a" ]; }) { x = [ "b" ]; } ]`;
  expect(configOf(modules)).toBe('{ x = [ "a" ]; }');
});

test("a condition of mkIf is not looked at before it is needed", () => {
  const modules = `[ ({ lib, config, ... }: { options.a = lib.mkOption { default = true; }; options.b = lib.mkOption { default = 1; }; config = lib.mkIf config.a { b = 2; }; }) ]`;
  expect(configOf(modules)).toBe("{ a = true; b = 2; }");
});

test("what hangs on an unknown condition is told apart by case", () => {
  const text = configOf(`[ (${LIST}) ({ lib, ... }: { x = lib.mkIf unknown [ "a" ]; }) { x = [ "b" ]; } ]`);
  expect(text).toContain('"a"');
  expect(text).toContain('[ "b" ]');
});

test("a module that cannot be read makes the values that it may touch unknown", () => {
  expect(configOf(`[ (${LIST}) unknown { x = [ "b" ]; } ]`)).toContain("nobody knows");
});

test("an option that does not exist is an error", () => {
  expect(configOf(`[ (${LIST}) { y = 1; } ]`)).toContain("The option `y' does not exist");
});

test("a module may take the whole of what it defines out of another option", () => {
  const modules = `[
    ({ lib, ... }: { options.only = lib.mkOption { default = x: lib.mkIf true x; }; options.x.y = lib.mkOption { default = 0; }; })
    ({ config, ... }: { x = config.only { y = 1; }; })
  ]`;
  expect(configOf(modules)).toBe("{ only = <LAMBDA>; x = { y = 1; }; }");
  expect(configOf(modules.replace("y = 1;", "z = 1;"))).toContain("The option `x.z' does not exist");
});

test("an option whose name is empty is none but itself", () => {
  const option = "lib.mkOption { default = 1; }";
  expect(configOf(`[ { options = { "" = ${option}; a."" = ${option}; }; } ]`)).toBe(
    '{ "" = 1; a = { "" = 1; }; }',
  );
});

test("submodules merge their own options", () => {
  const option =
    "lib.mkOption { type = lib.types.attrsOf (lib.types.submodule ({ name, ... }: { options.p = lib.mkOption { default = name; }; })); }";
  const modules = `[ ({ lib, ... }: { options.s = ${option}; }) { s.a = { }; s.b.p = 1; } ]`;
  expect(configOf(modules)).toBe('{ s = { a = { p = "a"; }; b = { p = 1; }; }; }');
});

test("paths are imported, each once", () => {
  const files = { "/w/a.nix": '{ x = [ "a" ]; }', "/w/b.nix": "{ imports = [ ./a.nix ]; }" };
  expect(configOf(`[ (${LIST}) ./a.nix ./b.nix ]`, files)).toBe('{ x = [ "a" ]; }');
});

test("disabledModules leaves out a module and what only that imports", () => {
  const files = { "/w/a.nix": '{ imports = [ ./c.nix ]; x = [ "a" ]; }', "/w/c.nix": '{ x = [ "c" ]; }' };
  expect(configOf(`[ (${LIST}) ./a.nix { disabledModules = [ ./a.nix ]; x = [ "b" ]; } ]`, files)).toBe(
    '{ x = [ "b" ]; }',
  );
});
