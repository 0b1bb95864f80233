// All safe fixes of one file as one set of edits.

import type { Analysis } from "../analysis";
import { readFacts } from "../facts/readFacts";
import type { Finding, Fix } from "../rules/rule";
import { applyEdits, editsOverlap, type TextEdit } from "../text/textEdit";

/** A fix that is among those applied, and the finding that it mends. */
export interface ChosenFix {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly edits: readonly TextEdit[];
}

/** The edits of every safe fix that stays within the file; see `chooseFixes`. */
export function fixAll(analysis: Analysis, path: string): TextEdit[] {
  return editsOf(chooseFixes(analysis, path));
}

/** The edits of fixes that do not touch each other, in the order of the text. */
export function editsOf(fixes: readonly ChosenFix[]): TextEdit[] {
  return fixes.flatMap(({ edits }) => edits).sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * The safe fixes of a file that go together. Where two of them touch the same text the first one wins; the other finding
 * is still there afterwards and is fixed by asking again. None after which Nix would refuse the file.
 */
export function chooseFixes(analysis: Analysis, path: string): ChosenFix[] {
  const chosen: ChosenFix[] = [];
  for (const finding of analysis.findings(path)) {
    const fix = finding.fixes.find(each => each.safety === "safe");
    if (fix === undefined || [...fix.edits.keys()].some(file => file !== path)) continue;
    const edits = fix.edits.get(path) ?? [];
    const isFree = edits.every(edit =>
      chosen.every(other => other.edits.every(each => !touches(edit, each))),
    );
    if (isFree) chosen.push({ finding, fix, edits });
  }
  return isSound(analysis, path, editsOf(chosen)) ? chosen : soundAmong(analysis, path, chosen);
}

/** Tried one after the other, because it takes one bad fix to spoil the file for all. */
function soundAmong(analysis: Analysis, path: string, fixes: readonly ChosenFix[]): ChosenFix[] {
  const kept: ChosenFix[] = [];
  for (const fix of fixes) if (isSound(analysis, path, editsOf([...kept, fix]))) kept.push(fix);
  return kept;
}

/** Whether Nix refuses no more of the file after the edits than before them: a renamed attribute may be there already. */
export function isSound(analysis: Analysis, path: string, edits: readonly TextEdit[]): boolean {
  const before = analysis.file(path);
  if (before === undefined || edits.length === 0) return true;
  const after = readFacts(analysis.parse(path, applyEdits(before.text, edits)));
  return (after.refused ?? []).length <= (analysis.facts(path)?.refused ?? []).length;
}

/** Overlapping, or two insertions in one place, whose order nobody knows. */
function touches(a: TextEdit, b: TextEdit): boolean {
  return editsOverlap(a, b) || a.start === b.start;
}
