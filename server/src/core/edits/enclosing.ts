// From a place in a file outwards: the bindings around it, and the set of options that a definition is a part of. Stops
// at conditions: what is written inside them holds only sometimes.

import { calledName, namesOf } from "../features/cursor";
import { childrenOf } from "../syntax/children";
import type { AttrBinding, AttrsExpr, Expr } from "../syntax/expr";

export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A binding and the set or `let` in which it stands. */
export interface Enclosing {
  readonly holder: Expr;
  readonly binding: AttrBinding;
}

/** The bindings around a place, outermost first; undefined where a condition stands between. */
export function bindingsAround(root: Expr, place: Place): readonly Enclosing[] | undefined {
  if (isConditional(root) && contains(root, place)) return undefined;
  if (root.kind === "attrs" || root.kind === "let") {
    const binding = root.bindings.find(each => contains(each, place));
    if (binding?.kind === "binding") {
      const inner = contains(binding.value, place) ? bindingsAround(binding.value, place) : [];
      return inner === undefined ? undefined : [{ holder: root, binding }, ...inner];
    }
  }
  const child = childrenOf(root).find(each => contains(each, place));
  return child === undefined ? [] : bindingsAround(child, place);
}

const CONDITIONAL = new Set(["mkIf", "optional", "optionals", "optionalAttrs", "optionalString"]);

function isConditional(expr: Expr): boolean {
  return expr.kind === "if" || (expr.kind === "apply" && CONDITIONAL.has(calledName(expr) ?? ""));
}

function contains(outer: Place, inner: Place): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The set of options in which an option is defined at a place, however it is nested on the way. */
export function moduleAround(root: Expr, place: Place, option: readonly string[]): AttrsExpr | undefined {
  const chain = bindingsAround(root, place) ?? [];
  let names: readonly string[] = [];
  for (const { holder, binding } of chain.toReversed()) {
    names = [...namesOf(binding.path), ...names];
    if (names.length > option.length) return undefined;
    if (names.length === option.length)
      return holder.kind === "attrs" && names.every((name, i) => name === option[i]) ? holder : undefined;
  }
  return undefined;
}
