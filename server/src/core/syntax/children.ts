// What stands right inside an expression: the one place that knows the parts of every kind.

import type { AttrName, Binding, Expr } from "./expr";

/** The expressions right inside of one. */
export function childrenOf(expr: Expr): readonly Expr[] {
  const children: Expr[] = [];
  forEachChild(expr, child => children.push(child));
  return children;
}

/** Calls `use` with each expression right inside of one, in the order of `childrenOf`. */
export function forEachChild(expr: Expr, use: (child: Expr) => void): void {
  switch (expr.kind) {
    case "string":
    case "path":
      for (const part of expr.parts) if (part.kind === "interpolation") use(part.expr);
      return;
    case "list":
      for (const item of expr.items) use(item);
      return;
    case "attrs":
      for (const binding of expr.bindings) inBinding(binding, use);
      return;
    case "let":
      for (const binding of expr.bindings) inBinding(binding, use);
      use(expr.body);
      return;
    case "with":
      use(expr.scope);
      use(expr.body);
      return;
    case "assert":
      use(expr.condition);
      use(expr.body);
      return;
    case "if":
      use(expr.condition);
      use(expr.thenBranch);
      use(expr.elseBranch);
      return;
    case "lambda":
      for (const { defaultValue } of expr.formals?.items ?? [])
        if (defaultValue !== undefined) use(defaultValue);
      use(expr.body);
      return;
    case "apply":
      use(expr.fn);
      use(expr.arg);
      return;
    case "select":
      use(expr.target);
      inPath(expr.path, use);
      if (expr.fallback !== undefined) use(expr.fallback);
      return;
    case "hasAttr":
      use(expr.target);
      inPath(expr.path, use);
      return;
    case "unary":
      use(expr.operand);
      return;
    case "binary":
      use(expr.left);
      use(expr.right);
      return;
    default:
      return;
  }
}

function inBinding(binding: Binding, use: (child: Expr) => void): void {
  if (binding.kind === "binding") {
    inPath(binding.path, use);
    use(binding.value);
  } else if (binding.from !== undefined) use(binding.from);
}

function inPath(path: readonly AttrName[], use: (child: Expr) => void): void {
  for (const name of path) if (name.kind === "dynamic") use(name.expr);
}

/** What an expression gives, behind the names and conditions that it begins with. */
export function resultOf(expr: Expr): Expr {
  let result = expr;
  while (result.kind === "let" || result.kind === "with" || result.kind === "assert") result = result.body;
  return result;
}
