// Where a function's argument is declared, for errors that are about one argument of a whole function.

import { childrenOf } from "../syntax/children";
import type { Expr, SourceFile } from "../syntax/expr";
import type { Span } from "../text/span";

/** The place of the argument `name` in the function that stands at `span`; undefined if there is none. */
export function findFormal(file: SourceFile | undefined, span: Span, name: string): Span | undefined {
  let expr: Expr | undefined = file?.root;
  while (expr !== undefined) {
    if (expr.kind === "lambda" && expr.start === span.start && expr.end === span.end) {
      const formal = expr.formals?.items.find(item => item.name.name === name);
      return formal === undefined
        ? undefined
        : { path: span.path, start: formal.name.start, end: formal.name.end };
    }
    expr = childrenOf(expr).find(child => child.start <= span.start && child.end >= span.end);
  }
  return undefined;
}
