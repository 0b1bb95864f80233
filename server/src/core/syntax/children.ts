// What stands right inside an expression: the one place that knows the parts of every kind.

import type { AttrName, Binding, Expr } from "./expr";

/** The expressions right inside of one. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "string":
    case "path":
      return expr.parts.flatMap(part => (part.kind === "interpolation" ? [part.expr] : []));
    case "list":
      return expr.items;
    case "attrs":
      return expr.bindings.flatMap(inBinding);
    case "let":
      return [...expr.bindings.flatMap(inBinding), expr.body];
    case "with":
      return [expr.scope, expr.body];
    case "assert":
      return [expr.condition, expr.body];
    case "if":
      return [expr.condition, expr.thenBranch, expr.elseBranch];
    case "lambda": {
      const defaults = (expr.formals?.items ?? []).flatMap(formal => formal.defaultValue ?? []);
      return [...defaults, expr.body];
    }
    case "apply":
      return [expr.fn, expr.arg];
    case "select":
      return [expr.target, ...inPath(expr.path), ...(expr.fallback === undefined ? [] : [expr.fallback])];
    case "hasAttr":
      return [expr.target, ...inPath(expr.path)];
    case "unary":
      return [expr.operand];
    case "binary":
      return [expr.left, expr.right];
    default:
      return [];
  }
}

function inBinding(binding: Binding): readonly Expr[] {
  if (binding.kind === "inherit") return binding.from === undefined ? [] : [binding.from];
  return [...inPath(binding.path), binding.value];
}

function inPath(path: readonly AttrName[]): readonly Expr[] {
  return path.flatMap(name => (name.kind === "dynamic" ? [name.expr] : []));
}
