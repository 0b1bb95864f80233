// What the functions that lower one kind of node share: the text, the tree, and the way to lower a node within.

import type { Expr, MissingExpr, PathExpr, StringExpr, SyntaxProblem } from "./expr";
import type { FlatTree } from "./flatTree";
import { isExpression } from "./nodeKinds";

export interface Lowering {
  readonly text: string;
  readonly tree: FlatTree;
  /** Problems that the tree does not know of, such as a path that ends in a slash. */
  readonly problems: SyntaxProblem[];
  /** Every string and path that was lowered so far. */
  readonly literals: (StringExpr | PathExpr)[];
  /** The text of a node that is a name. */
  name(node: number): string;
  /** Lowers an expression node; total: what is no readable expression becomes `missing`. */
  expr(node: number): Expr;
}

/** The first expression among the node's children. */
export function expressionIn(ctx: Lowering, node: number): number | undefined {
  const { tree } = ctx;
  const end = tree.after(node);
  for (let each = node + 1; each < end; each = tree.after(each)) {
    if (isExpression(tree.kind(each))) return each;
  }
  return undefined;
}

/** The expression that is the `index`-th among the node's children; `missing` at the node's end where there is none. */
export function operand(ctx: Lowering, node: number, index: number): Expr {
  const { tree } = ctx;
  const end = tree.after(node);
  let seen = 0;
  for (let each = node + 1; each < end; each = tree.after(each)) {
    if (!isExpression(tree.kind(each))) continue;
    if (seen === index) return ctx.expr(each);
    seen++;
  }
  return missingAt(tree.end(node));
}

/** The expression of a node that has but one, behind its first child; `missing` where that cannot be read for sure. */
export function soleOperand(ctx: Lowering, node: number): Expr {
  if (ctx.tree.damaged && ctx.tree.child(node, "ERROR") !== undefined)
    return missingAt(ctx.tree.end(node + 1));
  return operand(ctx, node, 0);
}

export function missingAt(offset: number): MissingExpr {
  return { kind: "missing", start: offset, end: offset };
}

/** `missing` in place of all that a node spans. */
export function missingFor(tree: FlatTree, node: number): MissingExpr {
  return { kind: "missing", start: tree.start(node), end: tree.end(node) };
}

/**
 * The same items in an array of just their size. An array that grew holds room for many more, and a tree consists of
 * arrays of one or two.
 */
export function fitted<T>(items: readonly T[]): readonly T[] {
  return items.slice();
}

export function textOf(ctx: Lowering, node: number): string {
  return ctx.text.slice(ctx.tree.start(node), ctx.tree.end(node));
}
