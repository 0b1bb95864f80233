// Strings as they stand on the page, with what is interpolated where that can be read.

import type { StringExpr, TextPart } from "../syntax/expr";
import type { Span } from "../text/span";
import { spanOf } from "../text/span";
import { branchCount, combine, MAX_BRANCHES } from "./conditionalDatum";
import { type Datum, type TextDatum, UNKNOWN_TEXT, unknownDatum } from "./datum";
import type { LiteralContext, Read } from "./literalReader";
import { joinTexts, unknownTextAt } from "./textDatum";

/** A string literal without looking at what is interpolated. */
export function literalText(path: string, expr: StringExpr): TextDatum {
  const parts = expr.parts.map(part =>
    part.kind === "text" ? textOfPart(path, part) : unknownTextAt(spanOf(path, part)),
  );
  return joinTexts(spanOf(path, expr), parts);
}

/** A string, each `${…}` read; beyond the limit of cases an interpolation is an unknown piece. */
export function readString(ctx: LiteralContext, expr: StringExpr, read: Read): Datum {
  const span = spanOf(ctx.path, expr);
  let whole: Datum = joinTexts(span, []);
  for (const part of expr.parts) {
    const piece =
      part.kind === "text"
        ? textOfPart(ctx.path, part)
        : interpolated(read(part.expr), spanOf(ctx.path, part));
    whole =
      branchCount(whole) * branchCount(piece) > MAX_BRANCHES
        ? append(span, whole, unknownTextAt(spanOf(ctx.path, part)))
        : append(span, whole, piece);
  }
  return whole;
}

function append(span: Span, whole: Datum, piece: Datum): Datum {
  return combine(whole, piece, (a, b) =>
    a.kind !== "text" || b.kind !== "text"
      ? unknownDatum(span, "not a text")
      : a.text === ""
        ? { ...b, span }
        : joinTexts(span, [a, b]),
  );
}

/** What `${…}` adds to a text; what is no text is an unknown piece of it. */
function interpolated(datum: Datum, place: Span): Datum {
  if (datum.kind === "text") return datum;
  if (datum.kind === "path") return storePath(datum.path, place);
  if (datum.kind !== "alternatives") return unknownTextAt(place);
  const branches = datum.branches.map(branch => ({ ...branch, value: interpolated(branch.value, place) }));
  return { ...datum, branches };
}

/** A path in a string is copied to the store; only the hash in the name of the copy is not known. */
function storePath(path: string, place: Span): TextDatum {
  const text = `/nix/store/${UNKNOWN_TEXT}-${path.slice(path.lastIndexOf("/") + 1)}`;
  return { kind: "text", span: place, text, pieces: [{ at: 0, span: place, exact: false }] };
}

function textOfPart(path: string, part: TextPart): TextDatum {
  const span = spanOf(path, part);
  const map = part.map ?? [0, part.start];
  const pieces = [];
  for (let i = 0; i + 1 < map.length; i += 2) {
    const start = map[i + 1] ?? part.start;
    const nextStart = map[i + 3] ?? part.end;
    pieces.push({ at: map[i] ?? 0, span: { path, start, end: nextStart }, exact: true });
  }
  return { kind: "text", span, text: part.value, pieces };
}
