// Where option definitions are found, with which conditions and priorities, and where not.

import { expect, test } from "vitest";
import { nix } from "../../../../test/harness/nix";
import { loadParser } from "../../io/grammar";
import type { Condition, Datum } from "../eval/datum";
import { readFacts, readNixConf } from "./readFacts";

const parser = await loadParser();

function factsOf(raw: string, path = "/w/configuration.nix") {
  return readFacts(parser.parse(path, raw.replaceAll("\\${", "${")));
}

/** The settings of a text, one line each: what was set, to what, when, how strongly. */
function outline(raw: string, path?: string): readonly string[] {
  return factsOf(raw, path).settings.map(fact => {
    const priority = fact.priority.wrapper === undefined ? "" : ` @${fact.priority.level}`;
    return `${fact.written} = ${show(fact.value)}${when(fact.conditions)}${priority}`;
  });
}

function when(conditions: readonly Condition[]): string {
  return conditions.map(({ text, negated }) => ` ?${negated ? "!" : ""}${text}`).join("");
}

function show(datum: Datum): string {
  switch (datum.kind) {
    case "text":
      return datum.text.replaceAll("\uFFFC", "…");
    case "scalar":
      return String(datum.value);
    case "list":
      return `[${datum.items.map(show).join(" ")}${datum.complete ? "" : " …"}]`;
    case "alternatives":
      return datum.branches.map(({ condition, value }) => `${show(value)}${when([condition])}`).join(" | ");
    default:
      return datum.kind;
  }
}

test("modules at the root, under config, in functions, imports, flake outputs and hives", () => {
  expect(
    outline(nix`
{
  outputs = { nixpkgs, ... }: let common = { nix.settings.a1 = 1; }; in {
    nixosModules.x = { nix.settings.a2 = 2; };
    nixosConfigurations.h = nixpkgs.lib.nixosSystem { modules = [ common ({ lib, ... }: { config = lib.mkIf true { nix.settings.a3 = 3; }; }) ]; };
    colmena = { defaults = { nix.settings.a4 = 4; }; host = { name, ... }: { imports = [ { nix.settings.a5 = 5; } ]; }; };
    home.users.alice = { nix.settings.a6 = 6; };
  };
}`),
  ).toEqual(["a1 = 1", "a2 = 2", "a3 = 3", "a4 = 4", "a5 = 5", "a6 = 6"]);
});

test("sets in any form lead to the option", () => {
  expect(
    outline(nix`
{ lib, c, ... }: let s = { b = 2; }; d = 4; in
{
  nix = { settings = { "a" = 1; } // s; } // { settings.c = lib.mkForce 3; };
  "nix".settings = { inherit d; };
  nix.settings = if c then { e = 5; } else { f = 6; };
  nix.settings.g = lib.mkMerge [ 7 (lib.mkIf c (lib.mkDefault 8)) ];
}`),
  ).toEqual(["a = 1", "b = 2", "c = 3 @50", "d = 4", "e = 5 ?c", "f = 6 ?!c", "g = 7", "g = 8 ?c @1000"]);
});

test("a value hangs on the conditions inside it", () => {
  expect(
    outline(nix`
{ lib, c, d, ... }:
{ nix.settings = {
    a = [ "1" ] ++ lib.optional c "2";
    b = if c then "x" + (if c then "y" else "z") else "w";
    e = (if c then [ "1" ] else [ "2" ]) ++ lib.optionals (!c) [ "3" ];
    f = unknown ++ [ "1" ];
}; }`),
  ).toEqual(["a = [1 2] ?c | [1] ?!c", "b = xy ?c | w ?!c", "e = [1] ?c | [2 3] ?!c", "f = [1 …]"]);
});

test("what is no definition of an option is left alone", () => {
  expect(
    outline(nix`
{
  options.nix.settings.a = mkOption { example = { nix.settings.b = 1; }; };
  inputs.nix.settings.c = 1;
  programs.vscode.userSettings.nix.settings.d = 1;
  settings.substituters = [ "e" ];
  x = pkgs.formats.json.generate "f" { nix.settings.g = 1; };
  y = config.nix.settings.h;
}`),
  ).toEqual([]);
});

test("nix.conf text, in options and in files, keeps its places", () => {
  const text = nix`
{ c, ... }: { nix.extraOptions = ''
    extra-substituters = https://a \${c}
    keep-outputs = true
  ''; }`;
  expect(outline(text)).toEqual(["extra-substituters = [https://a … …]", "keep-outputs = true"]);
  const fact = factsOf(text).settings[1];
  const source = text.replaceAll("\\${", "${");
  expect(source.slice(fact?.nameSpan.start, fact?.nameSpan.end)).toBe("keep-outputs");
  expect(source.slice(fact?.value.span.start, fact?.value.span.end)).toBe("true");
  const conf = "binary-caches = https://a https://b # c\n";
  const [setting] = readNixConf("/etc/nix/nix.conf", conf).settings;
  expect([setting?.name, setting?.written, setting?.value.kind]).toEqual([
    "substituters",
    "binary-caches",
    "list",
  ]);
});

test("a flake's nixConfig is read in flake.nix only", () => {
  const text = nix`{ nixConfig = { extra-substituters = "https://a https://b"; connect-timeout = 5; }; }`;
  expect(outline(text, "/w/flake.nix")).toEqual([
    "extra-substituters = [https://a https://b]",
    "connect-timeout = 5",
  ]);
  expect(outline(text, "/w/other.nix")).toEqual([]);
});

test("a program made to grow without bound ends in unknown", () => {
  const doubling = Array.from({ length: 40 }, (_, i) => `a${i + 1} = a${i} ++ a${i};`).join(" ");
  const settings = factsOf(`let a0 = [ "x" ]; ${doubling} in { nix.settings.substituters = a40; }`).settings;
  expect(settings).toHaveLength(1);
});
