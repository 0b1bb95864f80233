// Every other form of expression, one function each.

import type {
  ApplyExpr,
  AssertExpr,
  BinaryExpr,
  BinaryOperator,
  Expr,
  FloatExpr,
  Formal,
  Formals,
  HasAttrExpr,
  IfExpr,
  IntegerExpr,
  LambdaExpr,
  ListExpr,
  MissingExpr,
  SelectExpr,
  StaticName,
  UnaryExpr,
  VariableExpr,
  WithExpr,
} from "./expr";
import { lowerAttrPath } from "./lowerBindings";
import { fitted, type Lowering, missingFor, operand, soleOperand, textOf } from "./lowering";
import { isExpression } from "./nodeKinds";

export function lowerVariable(ctx: Lowering, node: number): VariableExpr {
  return { kind: "variable", start: ctx.tree.start(node), end: ctx.tree.end(node), name: ctx.name(node) };
}

export function lowerInteger(ctx: Lowering, node: number): IntegerExpr {
  const value = BigInt(textOf(ctx, node));
  return { kind: "integer", start: ctx.tree.start(node), end: ctx.tree.end(node), value };
}

export function lowerFloat(ctx: Lowering, node: number): FloatExpr {
  const value = Number(textOf(ctx, node));
  return { kind: "float", start: ctx.tree.start(node), end: ctx.tree.end(node), value };
}

export function lowerList(ctx: Lowering, node: number): ListExpr {
  const { tree } = ctx;
  const items: Expr[] = [];
  const end = tree.after(node);
  for (let each = node + 1; each < end; each = tree.after(each)) {
    const kind = tree.kind(each);
    if (isExpression(kind)) items.push(ctx.expr(each));
    else if (kind === "ERROR") items.push(missingFor(tree, each));
  }
  return { kind: "list", start: tree.start(node), end: tree.end(node), items: fitted(items) };
}

export function lowerParenthesized(ctx: Lowering, node: number): Expr {
  return operand(ctx, node, 0);
}

export function lowerWith(ctx: Lowering, node: number): WithExpr {
  const { tree } = ctx;
  const scope = operand(ctx, node, 0);
  return { kind: "with", start: tree.start(node), end: tree.end(node), scope, body: operand(ctx, node, 1) };
}

export function lowerAssert(ctx: Lowering, node: number): AssertExpr {
  const { tree } = ctx;
  const condition = operand(ctx, node, 0);
  return {
    kind: "assert",
    start: tree.start(node),
    end: tree.end(node),
    condition,
    body: operand(ctx, node, 1),
  };
}

export function lowerIf(ctx: Lowering, node: number): IfExpr {
  return {
    kind: "if",
    start: ctx.tree.start(node),
    end: ctx.tree.end(node),
    condition: operand(ctx, node, 0),
    thenBranch: operand(ctx, node, 1),
    elseBranch: operand(ctx, node, 2),
  };
}

export function lowerLambda(ctx: Lowering, node: number): LambdaExpr {
  const { tree } = ctx;
  const name = tree.child(node, "identifier");
  const formals = tree.child(node, "formals");
  return {
    kind: "lambda",
    start: tree.start(node),
    end: tree.end(node),
    param: name === undefined ? undefined : staticName(ctx, name),
    formals: formals === undefined ? undefined : lowerFormals(ctx, formals),
    body: operand(ctx, node, 0),
  };
}

function lowerFormals(ctx: Lowering, node: number): Formals {
  const { tree } = ctx;
  const items: Formal[] = [];
  const end = tree.after(node);
  for (let each = node + 1; each < end; each = tree.after(each)) {
    const name = tree.kind(each) === "formal" ? tree.child(each, "identifier") : undefined;
    if (name === undefined) continue;
    const hasDefault = tree.after(name) < tree.after(each);
    items.push({
      start: tree.start(each),
      end: tree.end(each),
      name: staticName(ctx, name),
      defaultValue: hasDefault ? soleOperand(ctx, each) : undefined,
    });
  }
  const ellipsis = tree.child(node, "ellipses") !== undefined;
  return { start: tree.start(node), end: tree.end(node), items: fitted(items), ellipsis };
}

export function lowerApply(ctx: Lowering, node: number): ApplyExpr {
  const { tree } = ctx;
  const fn = operand(ctx, node, 0);
  return { kind: "apply", start: tree.start(node), end: tree.end(node), fn, arg: operand(ctx, node, 1) };
}

export function lowerSelect(ctx: Lowering, node: number): SelectExpr {
  const { tree } = ctx;
  const path = tree.child(node, "attrpath") ?? node;
  const hasFallback = tree.after(path) < tree.after(node);
  return {
    kind: "select",
    start: tree.start(node),
    end: tree.end(node),
    target: operand(ctx, node, 0),
    path: lowerAttrPath(ctx, path),
    fallback: hasFallback ? operand(ctx, node, 1) : undefined,
  };
}

export function lowerHasAttr(ctx: Lowering, node: number): HasAttrExpr {
  const { tree } = ctx;
  return {
    kind: "hasAttr",
    start: tree.start(node),
    end: tree.end(node),
    target: operand(ctx, node, 0),
    path: lowerAttrPath(ctx, tree.child(node, "attrpath") ?? node),
  };
}

export function lowerUnary(ctx: Lowering, node: number): UnaryExpr {
  const { tree } = ctx;
  const operator = ctx.text.charAt(tree.start(node)) === "!" ? "!" : "-";
  return {
    kind: "unary",
    start: tree.start(node),
    end: tree.end(node),
    operator,
    operand: operand(ctx, node, 0),
  };
}

const OPERATORS: ReadonlyMap<string, BinaryOperator> = new Map(
  (
    ["+", "-", "*", "/", "++", "//", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "->", "|>", "<|"] as const
  ).map(each => [each, each]),
);

export function lowerBinary(ctx: Lowering, node: number): BinaryExpr | MissingExpr {
  const { tree } = ctx;
  const token = tree.child(node, "token");
  const operator = token === undefined ? undefined : OPERATORS.get(textOf(ctx, token));
  if (operator === undefined) return missingFor(tree, node);
  return {
    kind: "binary",
    start: tree.start(node),
    end: tree.end(node),
    operator,
    left: operand(ctx, node, 0),
    right: operand(ctx, node, 1),
  };
}

function staticName(ctx: Lowering, node: number): StaticName {
  const name = ctx.name(node);
  return { kind: "static", start: ctx.tree.start(node), end: ctx.tree.end(node), name, quoted: false };
}
