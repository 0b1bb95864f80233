// Text edits with lines and characters, applied to a text and taken back. Taking back works on a text that went on
// changing, as long as what was put in still stands there once.

import { createHash } from "node:crypto";
import type { ProtocolPosition, ProtocolRange, ProtocolTextEdit } from "../../../server/src/protocol";

/** How to take one change back: what was put in, and what stood there before. */
export interface Replaced {
  /** In the text after all changes. */
  readonly offset: number;
  readonly inserted: string;
  readonly removed: string;
}

export interface Applied {
  readonly text: string;
  readonly replaced: readonly Replaced[];
}

/** The text with all edits made at once. Invariant: they do not overlap. */
export function applyChanges(text: string, edits: readonly ProtocolTextEdit[]): Applied {
  const starts = lineStarts(text);
  const placed = edits.map(({ range, newText }) => ({
    start: offsetOf(starts, text, range.start),
    end: offsetOf(starts, text, range.end),
    newText,
  }));
  placed.sort((a, b) => a.start - b.start || a.end - b.end);
  const replaced: Replaced[] = [];
  let result = "";
  let at = 0;
  for (const { start, end, newText } of placed) {
    result += text.slice(at, start);
    replaced.push({ offset: result.length, inserted: newText, removed: text.slice(start, end) });
    result += newText;
    at = end;
  }
  return { text: result + text.slice(at), replaced };
}

/** Tells a text from another one, and nothing about it. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * The edits that take changes back. `after` is the fingerprint of the text right after them. Undefined where the text has
 * changed since so that a place cannot be found again.
 */
export function takeBack(
  text: string,
  replaced: readonly Replaced[],
  after: string,
): readonly ProtocolTextEdit[] | undefined {
  const untouched = fingerprint(text) === after;
  const starts = lineStarts(text);
  const edits: ProtocolTextEdit[] = [];
  for (const change of replaced) {
    const offset = untouched ? change.offset : onlyPlace(text, change.inserted);
    if (offset === undefined) return undefined;
    const range = rangeOf(starts, offset, offset + change.inserted.length);
    edits.push({ range, newText: change.removed });
  }
  return edits;
}

/** The lines in which two texts differ, as one edit; none where they are the same. */
export function lineDifference(before: string, after: string): readonly ProtocolTextEdit[] {
  if (before === after) return [];
  const starts = lineStarts(before);
  const [old, fresh] = [linesOf(before, starts), linesOf(after, lineStarts(after))];
  const most = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < most && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const end = starts[old.length - tail] ?? before.length;
  const newText = fresh.slice(head, fresh.length - tail).join("");
  return [{ range: rangeOf(starts, starts[head] ?? before.length, end), newText }];
}

function linesOf(text: string, starts: readonly number[]): readonly string[] {
  return starts.map((start, index) => text.slice(start, starts[index + 1]));
}

function onlyPlace(text: string, piece: string): number | undefined {
  const first = text.indexOf(piece);
  return piece.trim() === "" || first < 0 || text.includes(piece, first + 1) ? undefined : first;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

function offsetOf(starts: readonly number[], text: string, position: ProtocolPosition): number {
  const start = starts[position.line] ?? text.length;
  return Math.min(start + position.character, starts[position.line + 1] ?? text.length);
}

function rangeOf(starts: readonly number[], start: number, end: number): ProtocolRange {
  return { start: positionOf(starts, start), end: positionOf(starts, end) };
}

function positionOf(starts: readonly number[], offset: number): ProtocolPosition {
  const line = Math.max(
    0,
    starts.findLastIndex(start => start <= offset),
  );
  return { line, character: offset - (starts[line] ?? 0) };
}
