// nix.conf text, line by line as Nix 2.3 to 2.35 read it: blanks split words, `#` starts a comment anywhere, there is no
// quoting and no continuation. Nothing is lost: lines and words keep their offsets. Files are never included here.

import { holdsUnknown, partOf, type TextPart, type TextRange, wordsOf } from "./textPart";

export type NixConfLine =
  | NixConfSetting
  | NixConfInclude
  | NixConfProblem
  | NixConfBlank
  /** The line holds an unknown piece where its meaning is decided; it may be anything, even several lines. */
  | (LineRange & { readonly kind: "unknown" });

interface LineRange extends TextRange {
  /** From 0. `start`..`end` is the line without its line break. */
  readonly line: number;
  /** From `#` to the end of the line. */
  readonly comment?: TextPart;
}

export interface NixConfSetting extends LineRange {
  readonly kind: "setting";
  readonly name: TextPart;
  /** Whatever follows `=`, split at blanks. */
  readonly words: readonly NixConfWord[];
  /** From the first word to the last; empty and behind `=` without words. */
  readonly value: TextPart;
}

export interface NixConfWord extends TextPart {
  /** Holds an unknown piece: it may be another word, or several. */
  readonly unknown: boolean;
}

export interface NixConfInclude extends LineRange {
  readonly kind: "include";
  readonly file: NixConfWord;
  /** `!include`: a missing file is ignored. */
  readonly optional: boolean;
}

export interface NixConfBlank extends LineRange {
  readonly kind: "blank";
}

export type NixConfProblemKind =
  /** `name=value`, `name= value`, `name =value`. */
  | "no-blanks-around-equals"
  /** An indented line, or one after a trailing `\`, that continues the list of the line before. */
  | "continued-line"
  /** `include` without a file, or with several. */
  | "bad-include"
  | "no-equals";

export interface NixConfProblem extends LineRange {
  readonly kind: "problem";
  readonly problem: NixConfProblemKind;
  /** The narrow place inside the line. */
  readonly at: TextRange;
  /** Edits of the whole text that certainly mend it. */
  readonly mend?: TextRange & { readonly newText: string };
  /** What the line would set if it were mended; for `no-blanks-around-equals`. */
  readonly name?: TextPart;
}

/** All lines of the text, in order. */
export function parseNixConf(text: string): NixConfLine[] {
  const lines: NixConfLine[] = [];
  let start = 0;
  for (let line = 0; start <= text.length; line++) {
    const newline = text.indexOf("\n", start);
    const stop = newline < 0 ? text.length : newline;
    const end = stop > start && text.charAt(stop - 1) === "\r" ? stop - 1 : stop;
    lines.push(readLine(text, { line, start, end }, lines.at(-1)));
    start = stop + 1;
  }
  return lines;
}

/** Only the settings, in order; later ones win in Nix. */
export function nixConfSettings(text: string): NixConfSetting[] {
  return parseNixConf(text).filter(line => line.kind === "setting");
}

function readLine(text: string, range: LineRange, before: NixConfLine | undefined): NixConfLine {
  const hash = text.slice(range.start, range.end).indexOf("#");
  const end = hash < 0 ? range.end : range.start + hash;
  const line = hash < 0 ? range : { ...range, comment: partOf(text, end, range.end) };
  const words = wordsOf(text, range.start, end).map(word => ({ ...word, unknown: holdsUnknown(word.text) }));
  const [first, second, ...rest] = words;
  if (first === undefined) return { kind: "blank", ...line };
  if (first.text === "include" || first.text === "!include") return readInclude(line, first, words.slice(1));
  if (second?.text === "=") {
    if (first.unknown) return { kind: "unknown", ...line };
    const value = partOf(text, rest[0]?.start ?? second.end, rest.at(-1)?.end ?? second.end);
    return { kind: "setting", ...line, name: first, words: rest, value };
  }
  if (first.unknown || second?.unknown === true) return { kind: "unknown", ...line };
  return readProblem(text, line, words, before);
}

function readInclude(line: LineRange, keyword: TextPart, files: readonly NixConfWord[]): NixConfLine {
  const [file, ...surplus] = files;
  if (file !== undefined && surplus.length === 0) {
    return { kind: "include", ...line, file, optional: keyword.text === "!include" };
  }
  if (files.some(word => word.unknown)) return { kind: "unknown", ...line };
  const at = surplus[0] ?? keyword;
  return { kind: "problem", ...line, problem: "bad-include", at: { start: at.start, end: at.end } };
}

function readProblem(
  text: string,
  line: LineRange,
  words: readonly TextPart[],
  before: NixConfLine | undefined,
): NixConfProblem {
  const first = words[0] ?? partOf(text, line.start, line.end);
  const last = words.at(-1) ?? first;
  const at = { start: first.start, end: last.end };
  const assignment = /^([A-Za-z][A-Za-z0-9-]*)([ \t]*=[ \t]*)/.exec(text.slice(first.start, last.end));
  if (assignment !== null) {
    const [whole, name = "", equals = ""] = assignment;
    const start = first.start + name.length;
    const range = { start, end: first.start + whole.length };
    return {
      kind: "problem",
      ...line,
      problem: "no-blanks-around-equals",
      at: { start: start + equals.indexOf("="), end: start + equals.indexOf("=") + 1 },
      mend: { ...range, newText: " = " },
      name: partOf(text, first.start, start),
    };
  }
  const mend = continuation(text, line, first, before);
  if (mend !== undefined) return { kind: "problem", ...line, problem: "continued-line", at, mend };
  return { kind: "problem", ...line, problem: "no-equals", at };
}

/** The edit that joins the line to the setting before, if it continues one. */
function continuation(
  text: string,
  line: LineRange,
  first: TextPart,
  before: NixConfLine | undefined,
): (TextRange & { readonly newText: string }) | undefined {
  if (before === undefined || before.comment !== undefined) return undefined;
  const continues =
    before.kind === "setting" || (before.kind === "problem" && before.problem === "continued-line");
  const content = text.slice(before.start, before.end).trimEnd();
  const backslash = content.endsWith("\\");
  if (!continues || (first.start === line.start && !backslash)) return undefined;
  const from = backslash ? before.start + content.slice(0, -1).trimEnd().length : before.end;
  return { start: from, end: first.start, newText: " " };
}
