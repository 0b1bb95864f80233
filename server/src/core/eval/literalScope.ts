// Which expression a variable stands for, as far as that can be read off the page: `let` variables and the names of
// `rec` sets. Function arguments hide names without giving them a value.

import type { AttrBinding, AttrsExpr, Binding, Expr, LambdaExpr } from "../syntax/expr";

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

/** A scope whose names are read once one of them is looked up: most never are. */
class LazyScope implements LiteralScope {
  private known: ReadonlyMap<string, ScopedExpr | undefined> | undefined;

  constructor(
    readonly parent: LiteralScope,
    private readonly from: readonly Binding[] | LambdaExpr,
  ) {}

  get names(): ReadonlyMap<string, ScopedExpr | undefined> {
    this.known ??= "kind" in this.from ? argumentsOf(this.from) : namesOf(this.from, this.parent, this);
    return this.known;
  }
}

/** The scope inside `let` or `rec`: its bindings see each other. */
export function scopeOfBindings(bindings: readonly Binding[], parent: LiteralScope): LiteralScope {
  return new LazyScope(parent, bindings);
}

/** The scope inside a function: its arguments hide what is outside. */
export function scopeOfLambda(expr: LambdaExpr, parent: LiteralScope): LiteralScope {
  return new LazyScope(parent, expr);
}

function namesOf(
  bindings: readonly Binding[],
  parent: LiteralScope,
  scope: LiteralScope,
): ReadonlyMap<string, ScopedExpr | undefined> {
  const names = new Map<string, ScopedExpr | undefined>();
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
  return names;
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

function argumentsOf({ param, formals }: LambdaExpr): ReadonlyMap<string, undefined> {
  const names = new Map<string, undefined>();
  if (param !== undefined) names.set(param.name, undefined);
  for (const formal of formals?.items ?? []) names.set(formal.name.name, undefined);
  return names;
}

function attrsOf(bindings: readonly Binding[]): AttrsExpr {
  const start = Math.min(...bindings.map(binding => binding.start));
  const end = Math.max(...bindings.map(binding => binding.end));
  return { kind: "attrs", recursive: false, bindings, start, end };
}
