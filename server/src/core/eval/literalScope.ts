// Which expression a variable stands for, as far as that can be read off the page: `let` variables and the names of
// `rec` sets. Function arguments hide names without giving them a value.

import type { AttrBinding, AttrsExpr, Binding, Expr } from "../syntax/expr";

/** Names in sight. A name that maps to undefined is bound to something that cannot be read here. */
export interface LiteralScope {
  readonly parent: LiteralScope | undefined;
  readonly names: ReadonlyMap<string, ScopedExpr | undefined>;
}

export interface ScopedExpr {
  readonly expr: Expr;
  readonly scope: LiteralScope;
}

export const EMPTY_SCOPE: LiteralScope = { parent: undefined, names: new Map() };

/** The meaning of a variable: "free" where nothing binds it lexically. */
export function lookUp(scope: LiteralScope, name: string): ScopedExpr | undefined | "free" {
  for (let at: LiteralScope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.names.has(name)) return at.names.get(name);
  }
  return "free";
}

/** The scope inside `let` or `rec`: its bindings see each other. */
export function scopeOfBindings(bindings: readonly Binding[], parent: LiteralScope): LiteralScope {
  const names = new Map<string, ScopedExpr | undefined>();
  const scope: LiteralScope = { parent, names };
  const nested = new Map<string, AttrBinding[]>();
  for (const binding of bindings) {
    if (binding.kind === "inherit") {
      for (const name of binding.names) {
        if (name.kind === "static")
          names.set(name.name, inherited(binding.from, name.name, name, parent, scope));
      }
      continue;
    }
    const [first, ...rest] = binding.path;
    if (first?.kind !== "static") continue;
    if (rest.length === 0) names.set(first.name, { expr: binding.value, scope });
    else nested.set(first.name, [...(nested.get(first.name) ?? []), { ...binding, path: rest }]);
  }
  for (const [name, inner] of nested) {
    const known = names.get(name);
    const more = known?.expr.kind === "attrs" ? known.expr.bindings : [];
    names.set(name, { expr: attrsOf([...more, ...inner]), scope });
  }
  return scope;
}

/** What `inherit name;` or `inherit (from) name;` gives. */
export function inherited(
  from: Expr | undefined,
  name: string,
  at: { readonly start: number; readonly end: number },
  outer: LiteralScope,
  inner: LiteralScope,
): ScopedExpr {
  const place = { start: at.start, end: at.end };
  if (from === undefined) return { expr: { kind: "variable", name, ...place }, scope: outer };
  const path = [{ kind: "static", name, quoted: false, ...place }] as const;
  return { expr: { kind: "select", target: from, path, fallback: undefined, ...place }, scope: inner };
}

/** The scope inside a function: its arguments hide what is outside. */
export function scopeOfLambda(expr: Expr & { kind: "lambda" }, parent: LiteralScope): LiteralScope {
  const names = new Map<string, ScopedExpr | undefined>();
  if (expr.param !== undefined) names.set(expr.param.name, undefined);
  for (const formal of expr.formals?.items ?? []) names.set(formal.name.name, undefined);
  return { parent, names };
}

function attrsOf(bindings: readonly Binding[]): AttrsExpr {
  const start = Math.min(...bindings.map(binding => binding.start));
  const end = Math.max(...bindings.map(binding => binding.end));
  return { kind: "attrs", recursive: false, bindings, start, end };
}
