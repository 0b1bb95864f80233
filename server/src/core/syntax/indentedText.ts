// Resolves escapes and indentation of `''…''` literals exactly as Nix does: first cut into the tokens of Nix's lexer,
// because they decide what counts as indentation, then measured, then stripped.

import { TextBuilder, unescaped } from "./cookedText";
import type { TextPart } from "./expr";
import type { Stretch } from "./flatTree";

const NEWLINE = 10;
const SPACE = 32;
const DOLLAR = 36;
const QUOTE = 39;

/** One token of an indented string, as Nix's lexer cuts it. Escapes and lone `$` and `'` count as no indentation. */
interface Token {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly indents: boolean;
}

/** What stands between the quotes of an indented string, in order. */
export type IndentedPiece = Stretch | "interpolation";

/**
 * The pieces of an indented string with their escapes resolved and their common indentation taken away; an
 * interpolation stays where it was, a piece that becomes empty is undefined.
 */
export function cookIndented(
  text: string,
  pieces: readonly IndentedPiece[],
): readonly (TextPart | "interpolation" | undefined)[] {
  const cut = pieces.map((piece, index) =>
    piece === "interpolation" ? piece : tokens(text, index === 0 ? withoutFirstLine(text, piece) : piece),
  );
  const indentation = commonIndentation(cut);
  const stripper = new Stripper(indentation);
  return cut.map((piece, index) => {
    if (piece !== "interpolation") return stripper.strip(piece, index === cut.length - 1);
    stripper.passInterpolation();
    return piece;
  });
}

/** The opening quotes swallow blanks and the line break behind them. */
function withoutFirstLine(text: string, { start, end }: Stretch): Stretch {
  let at = start;
  while (at < end && text.charCodeAt(at) === SPACE) at++;
  return at < end && text.charCodeAt(at) === NEWLINE ? { start: at + 1, end } : { start, end };
}

function tokens(text: string, { start, end }: Stretch): readonly Token[] {
  const result: Token[] = [];
  let at = start;
  while (at < end) {
    const plain = plainEnd(text, at, end);
    if (plain > at) {
      result.push({ value: text.slice(at, plain), start: at, end: plain, indents: true });
      at = plain;
    } else {
      const token = escapeToken(text, at, end);
      result.push(token);
      at = token.end;
    }
  }
  return result;
}

/** Where the run of ordinary characters ends: a `$` or a quote with its next character is ordinary but in a few cases. */
function plainEnd(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const c = text.charCodeAt(at);
    if (c !== DOLLAR && c !== QUOTE) {
      at++;
      continue;
    }
    const next = at + 1 < end ? text.charAt(at + 1) : "";
    if (next === "" || next === "'" || next === (c === DOLLAR ? "{" : "$")) break;
    at += 2;
  }
  return at;
}

function escapeToken(text: string, start: number, end: number): Token {
  const token = (value: string, length: number): Token => ({
    value,
    start,
    end: Math.min(start + length, end),
    indents: false,
  });
  if (text.charCodeAt(start) === DOLLAR) return token("$", 1);
  const next = text.slice(start + 1, Math.min(start + 4, end));
  if (next.startsWith("'$")) return token("$", 3);
  if (next.startsWith("''")) return token("''", 3);
  if (next.startsWith("'\\") && next.length === 3) return token(unescaped(next.charAt(2)), 4);
  return token("'", 1);
}

/** The least number of blanks before the first other character of a line; lines of blanks alone do not count. */
function commonIndentation(pieces: readonly (readonly Token[] | "interpolation")[]): number {
  let least = Number.POSITIVE_INFINITY;
  let atLineStart = true;
  let current = 0;
  const endIndentation = () => {
    if (atLineStart) least = Math.min(least, current);
    atLineStart = false;
  };
  const measure = (token: Token) => {
    for (let i = 0; i < token.value.length; i++) {
      const c = token.value.charCodeAt(i);
      if (c === NEWLINE) {
        atLineStart = true;
        current = 0;
      } else if (!atLineStart) {
        // Only a line break matters inside a line.
        const next = token.value.indexOf("\n", i);
        if (next === -1) return;
        i = next - 1;
      } else if (c === SPACE) {
        current++;
      } else {
        endIndentation();
      }
    }
  };
  for (const piece of pieces) {
    if (piece === "interpolation") endIndentation();
    else {
      for (const token of piece) {
        if (token.indents) measure(token);
        else endIndentation();
      }
    }
  }
  return least;
}

/** Takes the common indentation away; goes through all pieces in order, because a line can span several. */
class Stripper {
  private atLineStart = true;
  private dropped = 0;

  constructor(private readonly indentation: number) {}

  passInterpolation(): void {
    this.atLineStart = false;
    this.dropped = 0;
  }

  strip(piece: readonly Token[], isLastPiece: boolean): TextPart | undefined {
    const builder = new TextBuilder();
    for (const [index, token] of piece.entries()) {
      this.stripToken(builder, token, isLastPiece && index === piece.length - 1);
    }
    return builder.finish();
  }

  /** The last line of the last token is dropped where it holds blanks alone. */
  private stripToken(builder: TextBuilder, token: Token, isLast: boolean): void {
    const { value } = token;
    const keep = isLast ? keptLength(value) : value.length;
    if (!token.indents) {
      if (this.passEscape(value) && keep > 0)
        builder.add(value.slice(0, keep), token.start, token.end - token.start);
      return;
    }
    let at = 0;
    while (at < value.length) {
      if (this.atLineStart) at = this.skipIndentation(value, at);
      const lineBreak = value.indexOf("\n", at);
      const lineEnd = lineBreak === -1 ? value.length : lineBreak + 1;
      builder.add(value.slice(at, Math.min(lineEnd, keep)), token.start + at);
      if (lineBreak !== -1) this.startLine();
      at = lineEnd;
    }
  }

  /** Where the line's text begins once its share of the common indentation is gone. */
  private skipIndentation(value: string, from: number): number {
    let at = from;
    while (at < value.length && value.charCodeAt(at) === SPACE && this.dropped < this.indentation) {
      this.dropped++;
      at++;
    }
    let end = at;
    while (end < value.length && value.charCodeAt(end) === SPACE) end++;
    if (end === value.length) this.dropped += end - at;
    else if (value.charCodeAt(end) !== NEWLINE) this.atLineStart = false;
    return at;
  }

  private startLine(): void {
    this.atLineStart = true;
    this.dropped = 0;
  }

  /** Whether an escaped character stays: a blank does not where it stands in the indentation of its line. */
  private passEscape(value: string): boolean {
    if (value === "\n") this.startLine();
    else if (value !== " ") this.passInterpolation();
    else if (this.atLineStart) return this.dropped++ >= this.indentation;
    return true;
  }
}

/** How much of the last token stays once a last line of blanks alone is cut off. */
function keptLength(value: string): number {
  const lineBreak = value.lastIndexOf("\n");
  if (lineBreak === -1) return value.length;
  for (let i = lineBreak + 1; i < value.length; i++) {
    if (value.charCodeAt(i) !== SPACE) return value.length;
  }
  return lineBreak + 1;
}
