// Replacements in one text, as plain data.

/** Replaces `start`..`end` (UTF-16 offsets, end exclusive) by `newText`; an insertion has start = end. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** Edits by path. Invariant: the edits of one path do not overlap. */
export type EditsByPath = ReadonlyMap<string, readonly TextEdit[]>;

/** The text with all edits applied; edits may come in any order and must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let at = 0;
  for (const edit of sorted) {
    result += text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return result + text.slice(at);
}

export function editsOverlap(a: TextEdit, b: TextEdit): boolean {
  return a.start < b.end && b.start < a.end;
}
