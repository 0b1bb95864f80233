// What a set or a `let` binds, worked out when it is compiled: attribute paths are merged as Nix's parser does it.

import type { AttrBinding, AttrName, Binding, Expr } from "../../syntax/expr";
import type { Span } from "../../text/span";
import { staticName } from "./names";
import { spanIn, type Unit } from "./scope";

/** The bindings of one set after merging `a.b = 1; a.c = 2;`. */
export interface Plan {
  readonly recursive: boolean;
  readonly span: Span;
  readonly entries: Map<string, Entry>;
  readonly dynamic: { readonly name: Expr; readonly nameSpan: Span; readonly content: Content }[];
  /** The sources of `inherit (source) …`. */
  readonly sources: Expr[];
}

export type Content =
  | { readonly kind: "value"; readonly expr: Expr }
  | { readonly kind: "set"; readonly plan: Plan };

interface Entry {
  readonly nameSpan: Span;
  readonly span: Span;
  readonly content:
    | Content
    | { readonly kind: "inherit"; readonly source: number | undefined; readonly name: Expr };
}

export function planOf(unit: Unit, range: Expr, recursive: boolean, bindings: readonly Binding[]): Plan {
  const plan: Plan = { recursive, span: spanIn(unit, range), entries: new Map(), dynamic: [], sources: [] };
  addBindings(unit, plan, bindings);
  return plan;
}

function addBindings(unit: Unit, plan: Plan, bindings: readonly Binding[]): void {
  for (const binding of bindings) {
    if (binding.kind === "binding") addBinding(unit, plan, binding);
    else {
      const source = binding.from === undefined ? undefined : plan.sources.push(binding.from) - 1;
      for (const attr of binding.names) {
        const name = staticName(attr);
        if (name === undefined) reject(unit, attr, "dynamic attributes not allowed in inherit");
        else {
          const nameSpan = spanIn(unit, attr);
          const variable: Expr = { kind: "variable", name, start: attr.start, end: attr.end };
          const content = { kind: "inherit", source, name: variable } as const;
          define(unit, plan, name, { nameSpan, span: nameSpan, content });
        }
      }
    }
  }
}

function addBinding(unit: Unit, plan: Plan, binding: AttrBinding): void {
  let at = plan;
  const last = binding.path.length - 1;
  for (let i = 0; i <= last; i++) {
    const attr = binding.path[i];
    if (attr === undefined) return;
    const name = staticName(attr);
    if (i === last) addLast(unit, at, attr, name, binding);
    else {
      const next = name === undefined ? undefined : at.entries.get(name);
      if (next?.content.kind === "set") at = next.content.plan;
      else {
        const plan = emptyPlan(spanIn(unit, binding.value));
        const nameSpan = spanIn(unit, attr);
        if (name !== undefined) {
          define(unit, at, name, { nameSpan, span: plan.span, content: { kind: "set", plan } });
        } else if (attr.kind === "dynamic") {
          at.dynamic.push({ name: attr.expr, nameSpan, content: { kind: "set", plan } });
        }
        at = plan;
      }
    }
  }
}

function emptyPlan(span: Span): Plan {
  return { recursive: false, span, entries: new Map(), dynamic: [], sources: [] };
}

function addLast(
  unit: Unit,
  plan: Plan,
  attr: AttrName,
  name: string | undefined,
  binding: AttrBinding,
): void {
  const { value } = binding;
  const nameSpan = spanIn(unit, attr);
  if (name === undefined) {
    const content: Content = { kind: "value", expr: value };
    if (attr.kind === "dynamic") plan.dynamic.push({ name: attr.expr, nameSpan, content });
    return;
  }
  const existing = plan.entries.get(name);
  if (existing?.content.kind === "set" && value.kind === "attrs") {
    // Nix moves the later set's bindings into the first one, whichever of them is recursive.
    addBindings(unit, existing.content.plan, value.bindings);
    return;
  }
  const span = spanIn(unit, value);
  const content: Content =
    value.kind === "attrs"
      ? { kind: "set", plan: planOf(unit, value, value.recursive, value.bindings) }
      : { kind: "value", expr: value };
  define(unit, plan, name, { nameSpan, span, content });
}

function define(unit: Unit, plan: Plan, name: string, entry: Entry): void {
  const existing = plan.entries.get(name);
  if (existing === undefined) plan.entries.set(name, entry);
  else {
    unit.problems.push({
      kind: "duplicate-attribute",
      message: `attribute '${name}' already defined`,
      span: entry.nameSpan,
      name,
      first: existing.nameSpan,
    });
  }
}

function reject(unit: Unit, range: AttrName, message: string): void {
  unit.problems.push({ kind: "syntax", message, span: spanIn(unit, range) });
}
