// What fixes and edit requests leave is read by the real Nix: a text that it parsed before is one that it parses after.

import { expect, test } from "vitest";
import { badExamples, type ChangedText, editedTexts, fixedTexts, fixturesIn } from "./changedTexts";
import { confAccepted, parsed } from "./realNix";

const examples = badExamples();
const fixtures = [...fixturesIn("rules"), ...fixturesIn("features")];

/** The changes after which Nix refuses a text that it took before. */
function broken(changes: readonly ChangedText[], accepts: (texts: readonly string[]) => boolean[]): string[] {
  const texts = [...new Set(changes.flatMap(({ before, after }) => [before, after]))];
  const answers = accepts(texts);
  const accepted = new Set(texts.filter((_, index) => answers[index]));
  return changes
    .filter(({ before, after }) => accepted.has(before) && !accepted.has(after))
    .map(({ by, after }) => `${by}\n${after}`);
}

const isNix = ({ path }: ChangedText): boolean => path.endsWith(".nix");
const isConf = ({ path }: ChangedText): boolean => path.endsWith(".conf");
const hasConf = (files: ReadonlyMap<string, string>): boolean =>
  [...files.keys()].some(path => path.endsWith(".conf"));

test("Nix parses what every fix of the rules' own examples leaves", () => {
  const changes = examples.flatMap(fixedTexts).filter(isNix);
  expect(changes.length).toBeGreaterThan(100);
  expect(broken(changes, parsed)).toEqual([]);
});

test("Nix parses what every fix of the tests' fixtures leaves", () => {
  const changes = fixtures.flatMap(fixedTexts).filter(isNix);
  expect(changes.length).toBeGreaterThan(500);
  expect(broken(changes, parsed)).toEqual([]);
});

test("Nix parses what every edit request leaves", () => {
  const changes = [
    ...fixturesIn("edits").flatMap(files => editedTexts(files, { oneByOne: true })),
    ...[...examples, ...fixtures].flatMap(files => editedTexts(files, { oneByOne: false })),
  ];
  expect(changes.length).toBeGreaterThan(500);
  expect(broken(changes, parsed)).toEqual([]);
});

test("Nix takes the nix.conf that a fix leaves", () => {
  const changes = [...examples, ...fixtures].filter(hasConf).flatMap(fixedTexts).filter(isConf);
  expect(changes.length).toBeGreaterThan(20);
  expect(broken(changes, confAccepted)).toEqual([]);
});
