// Resolves the escapes of `"…"` literals exactly as Nix does, and remembers where each piece came from. Works on the
// text alone; the tree only says where a literal's pieces of text and its interpolations are.

import type { TextPart } from "./expr";
import type { Stretch } from "./flatTree";

const NEWLINE = 10;
const RETURN = 13;
const BACKSLASH = 92;

/** Collects cooked text piece by piece, each copied one to one from a place in the source. */
export class TextBuilder {
  private value = "";
  private start = -1;
  private end = -1;
  private map: number[] | undefined;
  /** Source offset minus cooked offset of the last piece. */
  private shift = 0;

  /** Adds a piece that stands at `source` and takes `length` units there. */
  add(piece: string, source: number, length = piece.length): void {
    if (piece.length === 0) return;
    if (this.start === -1) {
      this.start = source;
      this.shift = source;
    } else if (source - this.value.length !== this.shift) {
      this.map ??= [0, this.start];
      this.map.push(this.value.length, source);
      this.shift = source - this.value.length;
    }
    this.value += piece;
    this.end = source + length;
  }

  finish(): TextPart | undefined {
    if (this.start === -1) return undefined;
    const part = { kind: "text", value: this.value, start: this.start, end: this.end } as const;
    return this.map === undefined ? part : { ...part, map: this.map };
  }
}

/** What a backslash and this character stand for. */
export function unescaped(char: string): string {
  if (char === "n") return "\n";
  if (char === "r") return "\r";
  if (char === "t") return "\t";
  return char;
}

/** A piece of a `"…"` string between its quotes and interpolations; undefined if it is empty. */
export function cookQuoted(text: string, { start, end }: Stretch): TextPart | undefined {
  const builder = new TextBuilder();
  let copied = start;
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === BACKSLASH && at + 1 < end) {
      builder.add(text.slice(copied, at), copied);
      builder.add(unescaped(text.charAt(at + 1)), at, 2);
      copied = at + 2;
      at++;
    } else if (c === RETURN) {
      // CR and CR LF are line feeds to Nix, but in quoted strings only.
      const length = text.charCodeAt(at + 1) === NEWLINE && at + 1 < end ? 2 : 1;
      builder.add(text.slice(copied, at), copied);
      builder.add("\n", at, length);
      copied = at + length;
      at += length - 1;
    }
  }
  builder.add(text.slice(copied, end), copied);
  return builder.finish();
}
