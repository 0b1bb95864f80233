// Moves diagnostics along with an edit. The fleet's findings take longer than a file's own ones; until they are
// computed anew the last ones stay where their text has moved to, and those whose text was touched disappear.

import type { Diagnostic, Position, Range } from "vscode-languageserver/node";

/** One change of a document as the client sends it; without a range the whole text is new. */
export interface ContentChange {
  readonly range?: Range;
  readonly text: string;
}

/** The diagnostics after one change. */
export function carryOver(diagnostics: readonly Diagnostic[], change: ContentChange): Diagnostic[] {
  const { range: replaced, text } = change;
  if (replaced === undefined) return [];
  return diagnostics.flatMap(diagnostic => {
    const { start, end } = diagnostic.range;
    if (isBefore(end, replaced.start)) return [diagnostic];
    if (isBefore(start, replaced.end)) return [];
    const range = { start: move(start, replaced, text), end: move(end, replaced, text) };
    return [{ ...diagnostic, range }];
  });
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** A position at or behind the end of the replaced range. */
function move(position: Position, replaced: Range, text: string): Position {
  const lines = text.split(/\r\n|\r|\n/);
  const line = position.line - replaced.end.line + replaced.start.line + lines.length - 1;
  if (position.line !== replaced.end.line) return { line, character: position.character };
  const last = lines.at(-1)?.length ?? 0;
  const before = lines.length === 1 ? replaced.start.character + last : last;
  return { line, character: position.character - replaced.end.character + before };
}
