// The checks that rule tests are written with. Each runs the whole pipeline; an API change edits this file alone.

import { expect } from "vitest";
import type { Finding, Fix } from "../../server/src/core/rules/rule";
import { applyEdits } from "../../server/src/core/text/textEdit";
import { analyse, findingsOfRule } from "./analyse";
import { annotate, toExpectation } from "./annotate";
import { type Expectation, type Fixture, parseFixture } from "./fixture";

/** The findings of one rule are exactly those under which the fixture has carets. */
export function checkDiagnostics(code: string, raw: string): void {
  const fixture = parseFixture(raw);
  if (fixture.expectations.length === 0) throw new Error("a fixture without carets: use checkClean");
  const stray = fixture.expectations.find(each => each.code !== code);
  if (stray !== undefined) throw new Error(`an expectation of another rule: ${stray.code}`);
  compare(fixture, code);
}

/** The rule finds nothing. */
export function checkClean(code: string, raw: string): void {
  const fixture = parseFixture(raw);
  if (fixture.expectations.length > 0) throw new Error("carets in a fixture of checkClean");
  compare(fixture, code);
}

/**
 * The fix of the finding at `$0` turns `before` into `after`, and the finding is gone. Where several fixes are offered,
 * `title` (or its beginning) chooses one.
 */
export function checkFix(code: string, before: string, after: string, title?: string): void {
  const fixture = parseFixture(before);
  const finding = findingAtCursor(code, fixture);
  const fix = chooseFix(finding, title);
  const fixed = applyFix(fixture.files, fix);
  const wanted = parseFixture(after);
  expect(annotate(fixed, [])).toBe(annotate(wanted.files, []));
  const again = findingsOfRule(analyse(fixed), code).filter(each => each.message === finding.message);
  expect(again, "the finding must be gone after its fix").toEqual([]);
}

/** The finding at `$0` has no fix. */
export function checkNoFix(code: string, before: string): void {
  const finding = findingAtCursor(code, parseFixture(before));
  expect(finding.fixes.map(fix => fix.title)).toEqual([]);
}

/** The files after a fix. */
export function applyFix(files: ReadonlyMap<string, string>, fix: Fix): ReadonlyMap<string, string> {
  const result = new Map(files);
  for (const [path, edits] of fix.edits) {
    const text = result.get(path);
    if (text === undefined) throw new Error(`the fix edits ${path}, which is not in the fixture`);
    result.set(path, applyEdits(text, edits));
  }
  return result;
}

function compare(fixture: Fixture, code: string): void {
  const analysis = analyse(fixture.files);
  const found = findingsOfRule(analysis, code).map(finding =>
    toExpectation(finding, analysis.text(finding.span.path) ?? ""),
  );
  const wanted = fixture.expectations;
  const settled = found.map(each => wanted.find(other => agree(each, other)) ?? each);
  if (found.length === wanted.length && settled.every((each, i) => each !== found[i])) return;
  expect(annotate(fixture.files, settled)).toBe(annotate(fixture.files, inOrder(wanted)));
  throw new Error("two expectations of a fixture say the same");
}

function agree(found: Expectation, wanted: Expectation): boolean {
  const { message } = wanted;
  const sameMessage =
    message === undefined ||
    message === found.message ||
    (message.endsWith("…") && (found.message ?? "").startsWith(message.slice(0, -1)));
  return (
    sameMessage &&
    found.path === wanted.path &&
    found.line === wanted.line &&
    found.character === wanted.character &&
    found.length === wanted.length &&
    found.severity === wanted.severity &&
    found.fix === wanted.fix
  );
}

function inOrder(expectations: readonly Expectation[]): readonly Expectation[] {
  return [...expectations].sort(
    (a, b) => a.line - b.line || a.character - b.character || a.length - b.length,
  );
}

function findingAtCursor(code: string, fixture: Fixture): Finding {
  const { cursor, files } = fixture;
  if (cursor === undefined) throw new Error("mark the place with $0");
  const findings = findingsOfRule(analyse(files), code);
  const here = findings.filter(
    ({ span }) => span.path === cursor.path && span.start <= cursor.offset && cursor.offset <= span.end,
  );
  const [finding] = here;
  if (finding !== undefined) return finding;
  const found = findings.map(each => toExpectation(each, files.get(each.span.path) ?? ""));
  throw new Error(`no ${code} at $0; found:\n${annotate(files, found)}`);
}

function chooseFix(finding: Finding, title: string | undefined): Fix {
  const fixes = finding.fixes.filter(fix => title === undefined || fix.title.startsWith(title));
  const [fix, other] = fixes;
  if (fix === undefined)
    throw new Error(`no such fix; offered: ${finding.fixes.map(each => each.title).join(" | ")}`);
  if (other !== undefined)
    throw new Error(`several fixes, give a title: ${fixes.map(each => each.title).join(" | ")}`);
  return fix;
}
