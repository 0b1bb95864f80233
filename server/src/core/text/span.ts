// Where something stands: a file and two offsets into its text. Offsets count UTF-16 code units from 0, as
// JavaScript strings and the language server protocol do; turning them into lines is lineIndex.ts.

/** A stretch of one file's text: `start` inclusive, `end` exclusive, both UTF-16 offsets. */
export interface Span {
  /** Absolute path with forward slashes, the key under which the file was handed to core. */
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export function spanOf(path: string, range: { readonly start: number; readonly end: number }): Span {
  return { path, start: range.start, end: range.end };
}

export function sameSpan(a: Span, b: Span): boolean {
  return a.path === b.path && a.start === b.start && a.end === b.end;
}

/** Orders by path, then start, then end: the order in which findings are listed. */
export function compareSpans(a: Span, b: Span): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}
