// What rules and features see of a value: plain, already forced, finite data in which every part says where it was
// typed and whether it is known. The literal reader and the evaluator both produce it; nothing here is lazy.

import type { Span } from "../text/span";

export type Datum =
  | TextDatum
  | ScalarDatum
  | PathDatum
  | ListDatum
  | AttrsDatum
  | FunctionDatum
  | AlternativesDatum
  | UnknownDatum;

interface Origin {
  /** The literal in the file where somebody typed this, however many functions it went through since. */
  readonly span: Span;
}

/** Stands in a text for a piece that is not known (an interpolation); text that holds it is only partly known. */
export const UNKNOWN_TEXT = "\uFFFC";

/** A string. `text` holds UNKNOWN_TEXT where an interpolated piece is not known. */
export interface TextDatum extends Origin {
  readonly kind: "text";
  readonly text: string;
  /** How offsets of `text` map to source files; ascending in `at`, the first one at 0. */
  readonly pieces: readonly TextPiece[];
  /** Written without quotes: a URL literal. */
  readonly unquoted?: boolean;
}

/** From `at` on, the text came one to one from `path` at `start`, or (`exact` false) as a whole from that span. */
export interface TextPiece {
  readonly at: number;
  readonly span: Span;
  readonly exact: boolean;
}

export interface ScalarDatum extends Origin {
  readonly kind: "scalar";
  readonly value: null | boolean | number | bigint;
}

/** A Nix path, absolute. `literal` where it was written as one (so that using it copies it to the store). */
export interface PathDatum extends Origin {
  readonly kind: "path";
  readonly path: string;
}

/** `complete` false: these and perhaps more, in unknown places. */
export interface ListDatum extends Origin {
  readonly kind: "list";
  readonly items: readonly Datum[];
  readonly complete: boolean;
}

/** `complete` false: these and perhaps more. */
export interface AttrsDatum extends Origin {
  readonly kind: "attrs";
  readonly entries: ReadonlyMap<string, AttrDatum>;
  readonly complete: boolean;
}

export interface AttrDatum {
  readonly value: Datum;
  /** Where the name stands; for a computed name, where the set stands. */
  readonly nameSpan: Span;
}

export interface FunctionDatum extends Origin {
  readonly kind: "function";
}

/** One of these, depending on something unknown. Invariant: at least two branches; a branch may be alternatives again. */
export interface AlternativesDatum extends Origin {
  readonly kind: "alternatives";
  readonly branches: readonly Branch[];
}

export interface Branch {
  /** The condition in the words of its source, such as `environment == "production"`; negated for an else. */
  readonly condition: Condition;
  readonly value: Datum;
}

export interface Condition {
  readonly text: string;
  readonly negated: boolean;
  readonly span: Span;
}

/** Not knowable here. No rule reports on it. */
export interface UnknownDatum extends Origin {
  readonly kind: "unknown";
  readonly reason: string;
}

export function unknownDatum(span: Span, reason: string): UnknownDatum {
  return { kind: "unknown", span, reason };
}

/** The text if all of it is known, else undefined. */
export function knownText(datum: Datum): string | undefined {
  return datum.kind === "text" && !datum.text.includes(UNKNOWN_TEXT) ? datum.text : undefined;
}

/** A value together with the conditions under which it holds; alternatives are spread into one entry a branch. */
export interface Conditional<T> {
  readonly value: T;
  readonly conditions: readonly Condition[];
}

/** All values that a datum may have. */
export function branchesOf(
  datum: Datum,
  conditions: readonly Condition[] = [],
): Conditional<Exclude<Datum, AlternativesDatum>>[] {
  if (datum.kind !== "alternatives") return [{ value: datum, conditions }];
  return datum.branches.flatMap(branch => branchesOf(branch.value, [...conditions, branch.condition]));
}

/**
 * The source span of `text[start..end)`. Where a piece is not exact the whole span of that piece is given, so the
 * answer always points at something that was typed.
 */
export function spanInText(datum: TextDatum, start: number, end: number): Span {
  const first = pieceAt(datum, start);
  const last = pieceAt(datum, Math.max(start, end - 1));
  if (first === undefined || last === undefined || first.span.path !== last.span.path) return datum.span;
  const from = first.exact ? first.span.start + (start - first.at) : first.span.start;
  const to = last.exact ? last.span.start + (end - last.at) : last.span.end;
  return from <= to ? { path: first.span.path, start: from, end: to } : datum.span;
}

function pieceAt(datum: TextDatum, offset: number): TextPiece | undefined {
  return datum.pieces.findLast(piece => piece.at <= offset);
}
