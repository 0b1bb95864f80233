// Half-typed files are the normal case: what a text may look like while it is being typed is analysed, and nothing throws.

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../server/src/core/rules/index";
import { analyse, analyseChange } from "./harness/analyse";
import { parseFixture } from "./harness/fixture";

/** `npm test` analyses every prefix; while working, every sixty-fourth will do. */
const STEP = process.env["EVERY_PREFIX"] === "1" ? 1 : 64;

const FOLDER = new URL("../server/src/core/rules/", import.meta.url);

/** The fixtures of the rules' tests, read from their sources. */
function fixturesOfTests(): readonly string[] {
  const tests = readdirSync(FOLDER).filter(name => name.endsWith(".test.ts"));
  return tests.flatMap(name =>
    [...readFileSync(new URL(name, FOLDER), "utf8").matchAll(/\bnix`([^`]*)`/g)].map(match => match[1] ?? ""),
  );
}

function examplesOfRules(): readonly ReadonlyMap<string, string>[] {
  return RULES.flatMap(({ meta }) => [...meta.docs.bad, ...meta.docs.good]).map(example =>
    typeof example === "string"
      ? new Map([["/w/configuration.nix", example]])
      : new Map(Object.entries(example).map(([name, text]) => [`/w/${name}`, text])),
  );
}

function everyPrefix(files: ReadonlyMap<string, string>): number {
  let analysed = 0;
  for (const [path, text] of files) {
    analyse(files);
    for (let end = 0; end < text.length; end += STEP) {
      analyseChange(path, text.slice(0, end));
      analysed++;
    }
  }
  return analysed;
}

test("every prefix of every example of the rule pages", () => {
  const analysed = examplesOfRules().map(files => everyPrefix(files));
  expect(analysed.every(count => count > 0)).toBe(true);
}, 600_000);

test("every prefix of every fixture of the rules' tests", () => {
  const fixtures = fixturesOfTests();
  expect(fixtures.length).toBeGreaterThan(20);
  for (const raw of fixtures) everyPrefix(parseFixture(raw).files);
}, 600_000);

test("garbage is no configuration and no crash", () => {
  const texts = [
    "\u0000\u0001\ufffd",
    "{".repeat(5000),
    "[ ".repeat(5000),
    "a.".repeat(5000),
    '"${'.repeat(2000),
    "''",
  ];
  for (const text of texts) {
    expect(
      analyse(
        new Map([
          ["/w/configuration.nix", text],
          ["/w/nix.conf", text],
        ]),
      ).crashes,
    ).toEqual([]);
  }
});

test("a set of options that refers to itself ends", () => {
  const text = `let s = s; k = [ k k ]; a = b; b = a; in
    { nix.settings = s; nix.settings.substituters = k ++ a ++ b; nix.sshServe = rec { keys = keys ++ keys; }; }`;
  expect(analyse(new Map([["/w/configuration.nix", text]])).crashes).toEqual([]);
});
