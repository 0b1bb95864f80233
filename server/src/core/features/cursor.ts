// Where in a Nix file the cursor is: on which expression, under which attribute path. Goals: right for every way in
// which people nest sets, functions and module wrappers. Non-goals: following variables; that is what facts are for.

import { childrenOf } from "../syntax/children";
import type { AttrBinding, AttrName, Binding, Expr, ListExpr, StringExpr } from "../syntax/expr";

/** Stands in a path for a name that is computed: `mapAttrs (name: host: { … })` gives `*` for each `name`. */
const ANY_NAME = "*";

export interface Cursor {
  /** Attribute names from the outermost set down to the cursor; the last one is the name the cursor is on, if it is. */
  readonly path: readonly string[];
  readonly spot: Spot;
}

export type Spot =
  /** On a name of a binding's attribute path. */
  | {
      readonly kind: "name";
      readonly binding: AttrBinding;
      readonly name: AttrName;
      /** What other bindings define in the same set. */
      readonly others: readonly string[];
    }
  /** On a name of a selection such as `self.nixosConfigurations.web`: `selected` are the names up to the cursor. */
  | {
      readonly kind: "select";
      readonly target: Expr;
      readonly selected: readonly string[];
      readonly name: AttrName;
    }
  /** In a string; `list` is the list that it is an item of. */
  | { readonly kind: "string"; readonly expr: StringExpr; readonly list: ListExpr | undefined }
  /** In a list, between its items. */
  | { readonly kind: "list"; readonly expr: ListExpr }
  /** In a set, between its bindings. */
  | { readonly kind: "set" }
  /** Anywhere else; the innermost expression, and the list that it is an item of. */
  | { readonly kind: "expression"; readonly expr: Expr; readonly list: ListExpr | undefined };

/** What is at an offset. An offset at the end of a name or of a string still belongs to it. */
export function cursorAt(root: Expr, offset: number): Cursor {
  return descend(root, [], offset, undefined);
}

/** Calls that make a set by calling a function once a name: in their functions the path has one more, unknown name. */
const MAPPERS = new Set([
  "mapAttrs",
  "mapAttrs'",
  "genAttrs",
  "listToAttrs",
  "filterMapAttrs",
  "concatMapAttrs",
  "mapAttrsToList",
]);

function descend(expr: Expr, path: readonly string[], offset: number, list: ListExpr | undefined): Cursor {
  switch (expr.kind) {
    case "attrs":
      return inBindings(expr.bindings, path, offset) ?? { path, spot: { kind: "set" } };
    case "let": {
      if (contains(expr.body, offset)) return descend(expr.body, path, offset, undefined);
      return inBindings(expr.bindings, [], offset) ?? { path: [], spot: { kind: "set" } };
    }
    case "list": {
      const item = expr.items.find(each => contains(each, offset));
      if (item === undefined) return { path, spot: { kind: "list", expr } };
      return descend(item, path, offset, expr);
    }
    case "string": {
      const inner = expr.parts.find(part => part.kind === "interpolation" && contains(part, offset));
      if (inner?.kind === "interpolation") return descend(inner.expr, [], offset, undefined);
      return { path, spot: { kind: "string", expr, list } };
    }
    case "select": {
      const at = expr.path.findIndex(name => contains(name, offset));
      const name = expr.path[at];
      if (name === undefined || contains(expr.target, offset)) return inChildren(expr, path, offset, list);
      return {
        path,
        spot: { kind: "select", target: expr.target, selected: namesOf(expr.path.slice(0, at + 1)), name },
      };
    }
    default:
      return inChildren(expr, path, offset, list);
  }
}

function inBindings(
  bindings: readonly Binding[],
  path: readonly string[],
  offset: number,
): Cursor | undefined {
  for (const binding of bindings) {
    if (!contains(binding, offset)) continue;
    if (binding.kind === "inherit") {
      if (binding.from !== undefined && contains(binding.from, offset))
        return descend(binding.from, [], offset, undefined);
      continue;
    }
    const at = binding.path.findIndex(name => contains(name, offset));
    const name = binding.path[at];
    if (name !== undefined) {
      const full = [...path, ...namesOf(binding.path.slice(0, at + 1))];
      const others = bindings.flatMap(each =>
        each === binding ? [] : definedAt(each, full.slice(path.length, -1)),
      );
      return { path: full, spot: { kind: "name", binding, name, others } };
    }
    if (contains(binding.value, offset))
      return descend(binding.value, [...path, ...namesOf(binding.path)], offset, undefined);
  }
  return undefined;
}

/** The name that a binding defines directly below a prefix of its set; none for one that only leads further down. */
function definedAt(binding: Binding, prefix: readonly string[]): string[] {
  if (binding.kind === "inherit") return prefix.length === 0 ? namesOf(binding.names) : [];
  const names = namesOf(binding.path);
  const isHere = names.length === prefix.length + 1 && prefix.every((name, i) => name === names[i]);
  return isHere ? names.slice(-1) : [];
}

/** Module wrappers, functions and operators stand for the value at their path; conditions do not. */
function inChildren(expr: Expr, path: readonly string[], offset: number, list: ListExpr | undefined): Cursor {
  for (const child of childrenOf(expr)) {
    if (!contains(child, offset)) continue;
    const isValue = standsForWhole(expr, child);
    const inner = isValue ? pathInside(expr, child, path) : [];
    return descend(child, inner, offset, isValue ? list : undefined);
  }
  return { path, spot: { kind: "expression", expr, list } };
}

function pathInside(expr: Expr, child: Expr, path: readonly string[]): readonly string[] {
  const isMapped = expr.kind === "apply" && child.kind === "lambda" && MAPPERS.has(calledName(expr) ?? "");
  return isMapped ? [...path, ANY_NAME] : path;
}

/** Whether a child stands for the value of the whole. */
function standsForWhole(expr: Expr, child: Expr): boolean {
  switch (expr.kind) {
    case "with":
    case "assert":
    case "lambda":
      return child === expr.body;
    case "if":
      return child !== expr.condition;
    case "apply":
      return true;
    case "select":
      return child === expr.fallback;
    case "binary":
      return expr.operator === "++" || expr.operator === "//" || expr.operator === "+";
    default:
      return false;
  }
}

/** The last name of the function that an application calls: `mapAttrs` of `lib.mapAttrs f xs`. */
export function calledName(expr: Expr): string | undefined {
  let fn = expr;
  while (fn.kind === "apply") fn = fn.fn;
  if (fn.kind === "variable") return fn.name;
  return fn.kind === "select" ? namesOf(fn.path).at(-1) : undefined;
}

/** The names of an attribute path; a computed one is ANY_NAME. */
export function namesOf(path: readonly AttrName[]): string[] {
  return path.map(name => (name.kind === "static" ? name.name : ANY_NAME));
}

function contains(range: { readonly start: number; readonly end: number }, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

/** Whether a path ends like this; `*` in the pattern is any one name. */
export function endsWith(path: readonly string[], pattern: readonly string[]): boolean {
  const from = path.length - pattern.length;
  return from >= 0 && pattern.every((name, i) => name === ANY_NAME || name === path[from + i]);
}
