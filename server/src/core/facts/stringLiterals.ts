// Every string literal of a file, for rules about secrets that may be pasted anywhere.

import type { TextDatum } from "../eval/datum";
import { literalText } from "../eval/literals";
import { childrenOf } from "../syntax/children";
import type { Expr } from "../syntax/expr";

/** The string literals of an expression in the order of the text; interpolations are unknown pieces of them. */
export function stringLiterals(path: string, root: Expr): readonly TextDatum[] {
  const found: TextDatum[] = [];
  const waiting: Expr[] = [root];
  for (let expr = waiting.pop(); expr !== undefined; expr = waiting.pop()) {
    if (expr.kind === "string") found.push(literalText(path, expr));
    for (const child of childrenOf(expr)) waiting.push(child);
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}
