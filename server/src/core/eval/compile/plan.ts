// What a set or a `let` binds, worked out before it is compiled: attribute paths are merged as Nix's parser does it.

import type {
  AttrBinding,
  AttrName,
  AttrsExpr,
  Binding,
  Expr,
  LetExpr,
  VariableExpr,
} from "../../syntax/expr";
import { spanOf } from "../../text/span";
import type { StaticProblem } from "./compiledFile";
import { staticName } from "./names";

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The bindings of one set after merging `a.b = 1; a.c = 2;`. */
export interface Plan extends Range {
  readonly kind: "plan";
  readonly recursive: boolean;
  readonly entries: Map<string, Entry>;
  readonly dynamic: { readonly attr: AttrName; readonly name: Expr; readonly content: Content }[];
  /** The sources of `inherit (source) …`. */
  readonly sources: Expr[];
}

/** A value as it is written, or a set that several bindings may add to. */
export type Content = Expr | Plan;

/** `inherit name;`, or of the source with that number. */
interface Inherited extends Range {
  readonly kind: "inherit";
  readonly source: number | undefined;
  readonly name: VariableExpr;
}

interface Entry {
  readonly attr: AttrName;
  /** A set that is written as a value is planned only when another binding adds to it, or its problems are wanted. */
  content: Content | Inherited;
}

/** Where what Nix refuses is noted by who looks for it; who compiles has no use for it. */
export interface Problems {
  readonly path: string;
  readonly found: StaticProblem[];
}

export function note(
  problems: Problems | undefined,
  range: Range,
  problem: Omit<StaticProblem, "span" | "first">,
  first?: Range,
): void {
  if (problems === undefined) return;
  const { path, found } = problems;
  const span = spanOf(path, range);
  found.push(first === undefined ? { ...problem, span } : { ...problem, span, first: spanOf(path, first) });
}

export function planOfSet(expr: AttrsExpr, problems?: Problems): Plan {
  const plan = emptyPlan(expr, expr.recursive);
  addBindings(problems, plan, expr.bindings);
  return plan;
}

export function planOfLet(expr: LetExpr, problems?: Problems): Plan {
  const plan = emptyPlan(expr, true);
  addBindings(problems, plan, expr.bindings);
  for (const { attr } of plan.dynamic) {
    note(problems, attr, { kind: "syntax", message: "dynamic attributes not allowed in let" });
  }
  return plan;
}

function emptyPlan({ start, end }: Range, recursive: boolean): Plan {
  return { kind: "plan", recursive, entries: new Map(), dynamic: [], sources: [], start, end };
}

function addBindings(problems: Problems | undefined, plan: Plan, bindings: readonly Binding[]): void {
  for (const binding of bindings) {
    if (binding.kind === "binding") addBinding(problems, plan, binding);
    else {
      const source = binding.from === undefined ? undefined : plan.sources.push(binding.from) - 1;
      for (const attr of binding.names) addInherited(problems, plan, attr, source);
    }
  }
}

function addInherited(
  problems: Problems | undefined,
  plan: Plan,
  attr: AttrName,
  source: number | undefined,
): void {
  const name = staticName(attr);
  if (name === undefined) {
    note(problems, attr, { kind: "syntax", message: "dynamic attributes not allowed in inherit" });
    return;
  }
  const { start, end } = attr;
  const variable: VariableExpr = { kind: "variable", name, start, end };
  define(problems, plan, name, { attr, content: { kind: "inherit", source, name: variable, start, end } });
}

function addBinding(problems: Problems | undefined, plan: Plan, binding: AttrBinding): void {
  let at = plan;
  const last = binding.path.length - 1;
  for (let i = 0; i <= last; i++) {
    const attr = binding.path[i];
    if (attr === undefined) return;
    const name = staticName(attr);
    if (i === last) addLast(problems, at, attr, name, binding);
    else {
      const existing = name === undefined ? undefined : at.entries.get(name);
      const nested = existing === undefined ? undefined : openSet(problems, existing);
      if (nested !== undefined) at = nested;
      else {
        const content = emptyPlan(binding.value, false);
        if (name !== undefined) define(problems, at, name, { attr, content });
        else if (attr.kind === "dynamic") at.dynamic.push({ attr, name: attr.expr, content });
        at = content;
      }
    }
  }
}

function addLast(
  problems: Problems | undefined,
  plan: Plan,
  attr: AttrName,
  name: string | undefined,
  { value }: AttrBinding,
): void {
  if (name === undefined) {
    if (attr.kind === "dynamic") plan.dynamic.push({ attr, name: attr.expr, content: value });
    return;
  }
  const existing = value.kind === "attrs" ? plan.entries.get(name) : undefined;
  const nested = existing === undefined ? undefined : openSet(problems, existing);
  if (nested !== undefined && value.kind === "attrs") {
    // Nix moves the later set's bindings into the first one, whichever of them is recursive.
    addBindings(problems, nested, value.bindings);
    return;
  }
  const content = value.kind === "attrs" && problems !== undefined ? planOfSet(value, problems) : value;
  define(problems, plan, name, { attr, content });
}

/** The set of an entry that another binding adds to; undefined where it is none. */
function openSet(problems: Problems | undefined, entry: Entry): Plan | undefined {
  if (entry.content.kind === "attrs") entry.content = planOfSet(entry.content, problems);
  return entry.content.kind === "plan" ? entry.content : undefined;
}

function define(problems: Problems | undefined, plan: Plan, name: string, entry: Entry): void {
  const existing = plan.entries.get(name);
  if (existing === undefined) plan.entries.set(name, entry);
  else {
    const message = `attribute '${name}' already defined`;
    note(problems, entry.attr, { kind: "duplicate-attribute", message, name }, existing.attr);
  }
}
