// Writes texts with caret lines under their findings: what a fixture should have looked like.

import type { Finding } from "../../server/src/core/rules/rule";
import { LineIndex } from "../../server/src/core/text/lineIndex";
import { type Expectation, FIXTURE_ROOT } from "./fixture";

/** A finding in the terms of a fixture. */
export function toExpectation(finding: Finding, text: string): Expectation {
  const index = new LineIndex(text);
  const { start, end } = index.range(finding.span);
  const lineEnd = (index.line(start.line) ?? "").length;
  const last = start.line === end.line ? end.character : lineEnd;
  return {
    path: finding.span.path,
    line: start.line,
    character: start.character,
    length: Math.max(1, last - start.character),
    severity: finding.severity,
    code: finding.code,
    fix: fixOf(finding),
    message: finding.message,
  };
}

function fixOf(finding: Finding): Expectation["fix"] {
  if (finding.fixes.length === 0) return "none";
  return finding.fixes.some(fix => fix.safety === "safe") ? "fix" : "review";
}

/** The files with carets, as one would write them in a test. */
export function annotate(files: ReadonlyMap<string, string>, found: readonly Expectation[]): string {
  const several = files.size > 1 || !files.has(`${FIXTURE_ROOT}/configuration.nix`);
  return [...files]
    .map(([path, text]) => {
      const head = several ? [`#- ${path.replace(`${FIXTURE_ROOT}/`, "")}`] : [];
      return [
        ...head,
        ...annotateText(
          text,
          found.filter(each => each.path === path),
        ),
      ].join("\n");
    })
    .join("\n");
}

function annotateText(text: string, found: readonly Expectation[]): string[] {
  return text.split("\n").flatMap((line, number) => {
    const escapes = (upTo: number): number => line.slice(0, upTo).split("${").length - 1;
    const carets = found
      .filter(each => each.line === number)
      .map(each => {
        const shift = escapes(each.character);
        const inside = escapes(each.character + each.length) - shift;
        const fix = each.fix === "none" ? "" : ` (${each.fix})`;
        const message = each.message === undefined ? "" : `: ${each.message}`;
        const marks = "^".repeat(each.length + inside);
        return `${" ".repeat(each.character + shift)}${marks} ${each.severity} ${each.code}${fix}${message}`;
      });
    return [line.replaceAll("${", "\\${"), ...carets];
  });
}
