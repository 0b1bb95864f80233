// All safe fixes of one file as one set of edits.

import type { Analysis } from "../analysis";
import { editsOverlap, type TextEdit } from "../text/textEdit";

/**
 * The edits of every safe fix that stays within the file. Where two fixes touch the same text the first one wins;
 * the other finding is still there afterwards and is fixed by asking again.
 */
export function fixAll(analysis: Analysis, path: string): TextEdit[] {
  const chosen: TextEdit[] = [];
  for (const finding of analysis.findings(path)) {
    const fix = finding.fixes.find(each => each.safety === "safe");
    if (fix === undefined || [...fix.edits.keys()].some(file => file !== path)) continue;
    const edits = fix.edits.get(path) ?? [];
    if (edits.every(edit => chosen.every(other => !touches(edit, other)))) chosen.push(...edits);
  }
  return chosen.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Overlapping, or two insertions in one place, whose order nobody knows. */
function touches(a: TextEdit, b: TextEdit): boolean {
  return editsOverlap(a, b) || a.start === b.start;
}
