// The string and path literals of a file, for rules about secrets that may be pasted or lie anywhere.

import type { PathDatum, TextDatum } from "../eval/datum";
import type { LiteralContext } from "../eval/literalReader";
import { EMPTY_SCOPE } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import { literalText } from "../eval/literalTexts";
import { forEachChild } from "../syntax/children";
import type { Expr } from "../syntax/expr";

export interface Literals {
  /** Those long enough for a secret, in the order of the text; interpolations are unknown pieces of them. */
  readonly texts: readonly TextDatum[];
  /** Paths of files and folders that are no Nix files. */
  readonly paths: readonly PathDatum[];
}

/** No token, password with its place, or key is shorter, in UTF-16 units with its quotes. */
const SHORTEST_SECRET = 20;

export function literalsOf(ctx: LiteralContext, root: Expr): Literals {
  const texts: TextDatum[] = [];
  const paths: PathDatum[] = [];
  const waiting: Expr[] = [root];
  const later = (child: Expr): void => void waiting.push(child);
  for (let expr = waiting.pop(); expr !== undefined; expr = waiting.pop()) {
    if (expr.kind === "string" && expr.end - expr.start >= SHORTEST_SECRET) {
      texts.push(literalText(ctx.path, expr));
    }
    if (expr.kind === "path") {
      const datum = readLiteral(ctx, expr, EMPTY_SCOPE);
      if (datum.kind === "path" && !datum.path.endsWith(".nix")) paths.push(datum);
    }
    forEachChild(expr, later);
  }
  return { texts: texts.sort(byPlace), paths: paths.sort(byPlace) };
}

function byPlace(a: TextDatum | PathDatum, b: TextDatum | PathDatum): number {
  return a.span.start - b.span.start;
}
