// What holds for every rule: its file, code, index line, test and page agree, and the examples of its page are true.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { outOfDate } from "../scripts/generate.mjs";
import { RULES } from "../server/src/core/rules/index";
import type { Example, Rule } from "../server/src/core/rules/rule";
import { analyse, findingsOfRule } from "./harness/analyse";
import { applyFix } from "./harness/check";
import { fixturePath, parseFixture } from "./harness/fixture";

const FOLDER = new URL("../server/src/core/rules/", import.meta.url);
const codes = RULES.map(rule => rule.meta.code);

test("the files named like a rule are the rules of the index, in its order", () => {
  const files = readdirSync(FOLDER).filter(
    name => /^[a-z0-9]+(-[a-z0-9]+)+\.ts$/.test(name) || codes.includes(name.replace(".ts", "")),
  );
  expect(files.map(name => name.replace(".ts", ""))).toEqual(codes);
});

test("every rule has a test beside it", () => {
  expect(codes.filter(code => !existsSync(new URL(`${code}.test.ts`, FOLDER)))).toEqual([]);
});

test("generated files are current; run npm run generate", async () => {
  expect(await outOfDate()).toEqual([]);
});

describe.each(RULES.map(rule => [rule.meta.code, rule] as const))("%s", (code, rule) => {
  test("its code is written in its own file and names the bad thing", () => {
    expect(readFileSync(new URL(`${code}.ts`, FOLDER), "utf8")).toContain(`code: "${code}"`);
    expect(code).not.toMatch(/^no-/);
  });

  test("it is documented", () => {
    const { docs } = rule.meta;
    expect(docs.summary).toMatch(/^[A-Z`].*[^.]$/);
    expect(docs.why.length).toBeGreaterThan(80);
    expect(docs.bad.length).toBeGreaterThan(0);
    expect(docs.good.length).toBeGreaterThan(0);
  });

  test.each(examples(rule.meta.docs.bad))("a wrong example is found: %s", (_, files) => {
    const findings = findingsOfRule(analyse(files), code);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) checkShape(rule, finding, files);
  });

  test.each(examples(rule.meta.docs.good))("a right example is not: %s", (_, files) => {
    expect(findingsOfRule(analyse(files), code)).toEqual([]);
  });
});

function examples(list: readonly Example[]): readonly (readonly [string, ReadonlyMap<string, string>])[] {
  return list.map(example => {
    if (typeof example === "string") return [example, parseFixture(example).files];
    const files = new Map(Object.entries(example).map(([name, text]) => [fixturePath(name), text]));
    return [Object.keys(example).join(", "), files];
  });
}

/** Messages are one line without a final period, and every fix leads to text that can be analysed again. */
function checkShape(
  rule: Rule,
  finding: ReturnType<typeof findingsOfRule>[number],
  files: ReadonlyMap<string, string>,
): void {
  expect(finding.message).toMatch(/^[^\n]*[^.\n]$/);
  if (rule.meta.fix === "none") expect(finding.fixes).toEqual([]);
  for (const fix of finding.fixes) analyse(applyFix(files, fix));
}
