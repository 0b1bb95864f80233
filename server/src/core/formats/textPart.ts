// Pieces of one text with their offsets, so that whoever judges a part can point at it; and the mark that stands in a
// text for a piece nobody knows (an interpolation). A part that holds the mark is never judged.

/** Offsets into the text that was parsed: `start` inclusive, `end` exclusive, UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface TextPart extends TextRange {
  readonly text: string;
}

/** Stands for an unknown piece; the same character as UNKNOWN_TEXT of core/eval/datum.ts (a test compares them). */
export const UNKNOWN_MARK = "\uFFFC";

export function holdsUnknown(text: string): boolean {
  return text.includes(UNKNOWN_MARK);
}

export function partOf(text: string, start: number, end: number = text.length): TextPart {
  return { text: text.slice(start, end), start, end };
}

/** The words of `text` between `start` and `end`, split at ASCII blanks and line breaks as Nix splits its lists. */
export function wordsOf(text: string, start = 0, end: number = text.length): TextPart[] {
  const words: TextPart[] = [];
  const pattern = /[^ \t\r\n]+/g;
  pattern.lastIndex = start;
  for (let match = pattern.exec(text); match !== null && match.index < end; match = pattern.exec(text)) {
    words.push(partOf(text, match.index, Math.min(match.index + match[0].length, end)));
  }
  return words;
}

/** The text without blanks and line breaks (ASCII ones, as Nix counts them) around it. */
export function trimmedPart(text: string): TextPart {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return partOf(text, start, end);
}

/** Space, tab, line feed, carriage return. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** The text with `range` replaced. */
export function replaceRange(text: string, range: TextRange, by: string): string {
  return text.slice(0, range.start) + by + text.slice(range.end);
}
