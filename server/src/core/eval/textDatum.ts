// Building and cutting TextDatum, so that every character of a value still knows where it was typed.

import type { Span } from "../text/span";
import { spanInText, type TextDatum, type TextPiece, UNKNOWN_TEXT } from "./datum";

/** A text that stands as it is at one place. */
export function plainText(text: string, span: Span): TextDatum {
  return { kind: "text", span, text, pieces: [{ at: 0, span, exact: true }] };
}

/** One character that stands for what is not known. */
export function unknownTextAt(span: Span): TextDatum {
  return { kind: "text", span, text: UNKNOWN_TEXT, pieces: [{ at: 0, span, exact: false }] };
}

/** The texts one after the other. */
export function joinTexts(span: Span, texts: readonly TextDatum[]): TextDatum {
  const pieces: TextPiece[] = [];
  let text = "";
  for (const part of texts) {
    for (const piece of part.pieces) pieces.push({ ...piece, at: piece.at + text.length });
    text += part.text;
  }
  if (pieces.length === 0) pieces.push({ at: 0, span, exact: false });
  return { kind: "text", span, text, pieces };
}

/** `text[start..end)` as a text of its own. */
export function sliceText(datum: TextDatum, start: number, end: number): TextDatum {
  const pieces: TextPiece[] = [];
  datum.pieces.forEach((piece, index) => {
    const next = datum.pieces[index + 1]?.at ?? datum.text.length;
    if (next <= start || piece.at >= Math.max(end, start + 1)) return;
    if (piece.at >= start || !piece.exact) pieces.push({ ...piece, at: Math.max(0, piece.at - start) });
    else
      pieces.push({
        at: 0,
        exact: true,
        span: { ...piece.span, start: piece.span.start + (start - piece.at) },
      });
  });
  const span = spanInText(datum, start, end);
  if (pieces.length === 0) pieces.push({ at: 0, span, exact: false });
  return { kind: "text", span, text: datum.text.slice(start, end), pieces };
}
