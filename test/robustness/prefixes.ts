// Half-typed files are the normal case: every prefix of every example and fixture of the rules is analysed, as when
// somebody types it, and nothing throws. Two test files share the work, one for each of two processors.

import { readdirSync, readFileSync } from "node:fs";
import { RULES } from "../../server/src/core/rules/index";
import { analyse, analyseChange } from "../harness/analyse";
import { parseFixture } from "../harness/fixture";

/** `npm test` analyses every prefix; while working, every sixty-fourth will do. */
const STEP = process.env["EVERY_PREFIX"] === "1" ? 1 : 64;

const SHARES = 2;

const FOLDER = new URL("../../server/src/core/rules/", import.meta.url);

type Files = ReadonlyMap<string, string>;

/** Prefixes of one file among others: what is typed, up to here. */
interface Typing {
  readonly files: Files;
  readonly path: string;
  readonly ends: readonly number[];
}

/** Analyses the prefixes of one share of all files, and answers how many they were. */
export function analysePrefixes(share: number): number {
  let analysed = 0;
  for (const { files, path, ends } of typings().filter((_, index) => index % SHARES === share)) {
    analyse(files);
    for (const end of ends) analyseChange(path, files.get(path)?.slice(0, end) ?? "");
    analysed += ends.length;
  }
  return analysed;
}

/** Every file of every workspace, with the prefixes that no workspace before it has among the same other files. */
function typings(): Typing[] {
  const seen = new Map<string, Set<string>>();
  return [...examplesOfRules(), ...fixturesOfTests()].flatMap(files =>
    Array.from(files, ([path, text]) => {
      const others = JSON.stringify([path, ...[...files].filter(([other]) => other !== path)]);
      const known = seen.get(others) ?? new Set<string>();
      seen.set(others, known);
      const ends: number[] = [];
      for (let end = 0; end < text.length; end += STEP) {
        const prefix = text.slice(0, end);
        if (!known.has(prefix)) ends.push(end);
        known.add(prefix);
      }
      return { files, path, ends };
    }),
  );
}

function examplesOfRules(): readonly Files[] {
  return RULES.flatMap(({ meta }) => [...meta.docs.bad, ...meta.docs.good]).map(example =>
    typeof example === "string"
      ? new Map([["/w/configuration.nix", example]])
      : new Map(Object.entries(example).map(([name, text]) => [`/w/${name}`, text])),
  );
}

/** The fixtures of the rules' tests, read from their sources. */
function fixturesOfTests(): readonly Files[] {
  const tests = readdirSync(FOLDER).filter(name => name.endsWith(".test.ts"));
  return tests
    .flatMap(name =>
      [...readFileSync(new URL(name, FOLDER), "utf8").matchAll(/\bnix`([^`]*)`/g)].map(
        match => match[1] ?? "",
      ),
    )
    .map(raw => parseFixture(raw).files);
}
