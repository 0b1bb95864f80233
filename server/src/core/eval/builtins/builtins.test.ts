// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${…} is Nix here
// Builtins where they are easy to get wrong. The differential test compares the rest with the real Nix.

import { expect, test } from "vitest";
import { evaluated } from "../../../../../test/harness/evaluate";

const CASES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "strings are counted and cut in bytes": [
    ['builtins.stringLength "é😀"', "6"],
    ['builtins.substring 0 2 "éa"', '"é"'],
    ['builtins.substring 0 1 "éa"', "<unknown: cuts a character in two>"],
    ['builtins.substring 2 (-1) "abc"', '"c"'],
    ['builtins.substring 9 1 "abc"', '""'],
    ['builtins.substring (-1) 1 "abc"', "<error evaluation: negative start position in 'substring'>"],
  ],
  "replaceStrings takes the first pattern that fits, an empty one everywhere": [
    ['builtins.replaceStrings [ "a" "ab" ] [ "1" "2" ] "abab"', '"1b1b"'],
    ['builtins.replaceStrings [ "" ] [ "-" ] "ab"', '"-a-b-"'],
    [
      'builtins.replaceStrings [ "a" ] [ ] "a"',
      "<error evaluation: 'from' and 'to' arguments passed to builtins.replaceStrings have different lengths>",
    ],
  ],
  "regular expressions are POSIX's": [
    ['builtins.match "a(b)?(.*)" "acd"', '[ null "cd" ]'],
    ['builtins.match "[[:digit:]]{2}" "12"', "[ ]"],
    ['builtins.match "a" "ab"', "null"],
    ['builtins.split "(-)" "a-b"', '[ "a" [ "-" ] "b" ]'],
    [
      'builtins.split "a|ab" "ab"',
      "<unknown: a regular expression that is not certain to mean the same here>",
    ],
    [
      'builtins.match "\\\\s" "x"',
      "<unknown: a regular expression that is not certain to mean the same here>",
    ],
    [
      'builtins.match "((x+)+)+y" "xxxxxxxxxxxxxxxx"',
      "<unknown: a regular expression that is not certain to mean the same here>",
    ],
    ['builtins.match "[a\\\\]+" "a\\\\"', "[ ]"],
  ],
  "versions compare component by component": [
    ['builtins.compareVersions "1.0" "1.0.1"', "-1"],
    ['builtins.compareVersions "2.3pre" "2.3"', "-1"],
    ['builtins.compareVersions "2.3a" "2.3.1"', "-1"],
    ['builtins.splitVersion "1.2-rc3"', '[ "1" "2" "rc" "3" ]'],
    ['builtins.parseDrvName "nix-js-1.2"', '{ name = "nix-js"; version = "1.2"; }'],
  ],
  "sort is stable, and an order that contradicts itself is not followed": [
    [
      "map (x: x.i) (builtins.sort (a: b: a.k < b.k) [ { k = 1; i = 1; } { k = 0; i = 2; } { k = 1; i = 3; } ])",
      "[ 2 1 3 ]",
    ],
    ["builtins.sort (a: b: true) [ 1 2 3 ]", "<unknown: sorted by an order that contradicts itself>"],
    ['builtins.sort builtins.lessThan [ 1 "a" ]', "<error type: cannot compare a string with an integer>"],
  ],
  "JSON keeps integers apart from floats": [
    ['builtins.fromJSON "[1, 1.0, 1e2, null, \\"\\\\u00e9\\"]"', '[ 1 1 100 null "é" ]'],
    ['builtins.isInt (builtins.fromJSON "1.0")', "false"],
    ['builtins.toJSON { b = [ 1 ]; a.__toString = s: "x"; }', '"{\\"a\\":\\"x\\",\\"b\\":[1]}"'],
    ["builtins.toJSON 0.1", '"0.1"'],
    ["builtins.toJSON (x: x)", "<error type: cannot convert a function to JSON>"],
  ],
  "TOML is read": [
    ['builtins.fromTOML "a = 1\\n[b]\\nc = [ 1.5, \\"x\\" ]"', '{ a = 1; b = { c = [ 1.5 "x" ]; }; }'],
  ],
  "the first definition of listToAttrs wins": [
    ['builtins.listToAttrs [ { name = "a"; value = 1; } { name = "a"; value = 2; } ]', "{ a = 1; }"],
  ],
  "foldl' evaluates each step, map none": [
    ['builtins.foldl\' (a: b: b) (throw "x") [ 1 ]', "1"],
    ['builtins.foldl\' (a: b: if b == 1 then throw "x" else 2) 0 [ 1 2 ]', "<error throw: x>"],
    ['builtins.length (map (x: throw "x") [ 1 ])', "1"],
  ],
  "partition and sort evaluate the items, filter does not": [
    ['builtins.partition (x: true) [ (throw "x") ]', "<error throw: x>"],
    ['builtins.sort (a: b: true) [ (throw "x") ]', "<error throw: x>"],
    ['builtins.length (builtins.filter (x: true) [ (throw "x") ])', "1"],
  ],
  "functionArgs tells defaults": [["builtins.functionArgs ({ a, b ? 1 }: 1)", "{ a = false; b = true; }"]],
  "hashes are of the UTF-8 bytes": [['builtins.hashString "md5" "é"', '"66ddcd97cfdeabb2f6fb8a999b4bc76f"']],
  "what needs the machine, the network or the store is unknown": [
    ["builtins.currentSystem", "<unknown: hangs on the machine that evaluates>"],
    ['builtins.fetchTarball "https://x"', "<unknown: is fetched from the network>"],
    ["<nixpkgs>", "<unknown: <nixpkgs> is not known here>"],
    ["builtins.nixVersion", "<unknown: hangs on the version of Nix>"],
    ['"${./x}"', "<unknown: the store path of /repo/x>"],
  ],
  "strings that are known have no context": [
    ['builtins.hasContext "x"', "false"],
    ['builtins.getContext "x"', "{ }"],
    ['builtins.unsafeDiscardStringContext "x"', '"x"'],
  ],
};

for (const [behaviour, cases] of Object.entries(CASES)) {
  test(behaviour, () => {
    const got = cases.map(([source]) => [source, evaluated(source, { strict: true })]);
    expect(got).toEqual(cases);
  });
}
