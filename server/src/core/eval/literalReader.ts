// What the parts of reading literals hand to each other: the file that is read, and how to read an expression inside it.

import type { Expr } from "../syntax/expr";
import type { Datum } from "./datum";
import type { LiteralScope } from "./literalScope";

/** What reading needs besides the expression. `fuel` bounds all reading of one file. */
export interface LiteralContext {
  readonly path: string;
  readonly text: string;
  readonly fuel: { left: number };
}

/** Reads an inner expression one level deeper, in the scope of the outer one unless another is given. */
export type Read = (expr: Expr, scope?: LiteralScope) => Datum;
