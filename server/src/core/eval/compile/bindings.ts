// Attribute sets and `let`: what they bind is planned when they are compiled, and the set or the frame is built at run
// time. A set that is the same in every environment is made at once.

import type { AttrsExpr, LetExpr } from "../../syntax/expr";
import type { Span } from "../../text/span";
import type { Evaluation } from "../evaluation";
import {
  type Attr,
  type AttrsValue,
  attrsValue,
  type Code,
  errorValue,
  type Lazy,
  Thunk,
  type Value,
} from "../value";
import { addDynamic, type CompiledDynamic, compileDynamic } from "./dynamicNames";
import { type Content, type Plan, planOf } from "./plan";
import { type Compiled, Constant, constant, delayed, type Env, Frame, type Scope, type Unit } from "./scope";

/** A binding compiled: where its value comes from at run time. */
interface CompiledEntry {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly value: EntryValue;
}

/** Of its own environment; of the one around a recursive set, for `inherit name;`; or of a source that is inherited from. */
type EntryValue =
  | { readonly of: "inner" | "outer"; readonly compiled: Compiled }
  | { readonly of: number; readonly select: Code<Lazy | undefined> };

function laterOf(entry: CompiledEntry, env: Env, outer: Env, sources: readonly Lazy[]): Lazy {
  const { value } = entry;
  if ("select" in value) return Thunk.of(value.select, sources[value.of]);
  return value.compiled.later(value.of === "inner" ? env : outer);
}

interface CompiledPlan {
  readonly entries: readonly CompiledEntry[];
  readonly sources: readonly Compiled[];
  readonly dynamic: readonly CompiledDynamic[];
}

function compilePlan(
  unit: Unit,
  inner: Scope | undefined,
  outer: Scope | undefined,
  plan: Plan,
  done: readonly Compiled[] = NONE,
): CompiledPlan {
  const entries = Array.from(plan.entries, ([name, { nameSpan, span, content: of }], i): CompiledEntry => {
    if (of.kind !== "inherit") {
      const compiled = done[i] ?? compileContent(unit, inner, of);
      return { name, nameSpan, span, value: { of: "inner", compiled } };
    }
    if (of.source === undefined) {
      const compiled = done[i] ?? unit.compile(unit, outer, of.name);
      return { name, nameSpan, span, value: { of: "outer", compiled } };
    }
    return { name, nameSpan, span, value: { of: of.source, select: selection(name, nameSpan) } };
  });
  return {
    entries,
    sources: eachOf(plan.sources, source => unit.compile(unit, inner, source)),
    dynamic: eachOf(plan.dynamic, of =>
      compileDynamic(unit, inner, of.name, of.nameSpan, compileContent(unit, inner, of.content)),
    ),
  };
}

/** Most sets have none, and there are very many sets. */
const NONE: readonly never[] = [];

function eachOf<T, R>(items: readonly T[], make: (item: T) => R): readonly R[] {
  return items.length === 0 ? NONE : items.map(make);
}

function compileContent(unit: Unit, scope: Scope | undefined, of: Content): Compiled {
  return of.kind === "set" ? compileSet(unit, scope, of.plan) : unit.compile(unit, scope, of.expr);
}

function selection(name: string, nameSpan: Span): Code<Lazy | undefined> {
  return (set, ctx) =>
    set === undefined
      ? errorValue("type", "no set to inherit from", nameSpan)
      : ctx.select(set, name, nameSpan);
}

/**
 * The attributes of a plain set in which every value is the same in every environment: of most sets there are. What had
 * to be compiled to see that a set is none of them is in `compiled`, in the order of the plan.
 */
function constantAttrs(
  unit: Unit,
  scope: Scope | undefined,
  plan: Plan,
  compiled: Compiled[],
): Map<string, Attr> | undefined {
  if (plan.sources.length > 0 || plan.dynamic.length > 0) return undefined;
  const attrs = new Map<string, Attr>();
  for (const [name, { nameSpan, span, content }] of plan.entries) {
    const value =
      content.kind === "inherit"
        ? unit.compile(unit, scope, content.name)
        : compileContent(unit, scope, content);
    compiled.push(value);
    if (!(value instanceof Constant)) return undefined;
    attrs.set(name, { value: value.value, nameSpan, span });
  }
  return attrs;
}

export function compileAttrs(unit: Unit, scope: Scope | undefined, expr: AttrsExpr): Compiled {
  return compileSet(unit, scope, planOf(unit, expr, expr.recursive, expr.bindings));
}

function compileSet(unit: Unit, scope: Scope | undefined, plan: Plan): Compiled {
  const { span } = plan;
  if (plan.entries.size === 0 && plan.dynamic.length === 0 && plan.sources.length === 0) {
    return constant({ kind: "attrs", attrs: new Map(), span });
  }
  return plan.recursive ? compileRecursive(unit, scope, plan) : compilePlain(unit, scope, plan);
}

function compilePlain(unit: Unit, scope: Scope | undefined, plan: Plan): Compiled {
  const { span } = plan;
  const compiled: Compiled[] = [];
  const constants = constantAttrs(unit, scope, plan, compiled);
  if (constants !== undefined) return constant(attrsValue(constants, span));
  const { entries, sources, dynamic } = compilePlan(unit, scope, scope, plan, compiled);
  return delayed((env, ctx) => {
    const full = ctx.allocate(entries.length);
    if (full !== undefined) return full;
    const from = sources.map(source => source.later(env));
    const attrs = new Map<string, Attr>();
    for (const entry of entries) {
      const { name, nameSpan, span: at } = entry;
      attrs.set(name, { value: laterOf(entry, env, env, from), nameSpan, span: at });
    }
    const set: AttrsValue = { kind: "attrs", attrs, span };
    return dynamic.length === 0 ? set : addDynamic(ctx, set, dynamic, env);
  });
}

function compileRecursive(unit: Unit, scope: Scope | undefined, plan: Plan): Compiled {
  const { span } = plan;
  const fill = compileFrame(unit, scope, plan);
  const overrides = plan.entries.has("__overrides");
  const { length } = fill.entries;
  return delayed((env, ctx) => {
    const full = ctx.allocate(length);
    if (full !== undefined) return full;
    const frame = fill.frame(env);
    const attrs = new Map<string, Attr>();
    for (const [slot, { name, nameSpan, span: at }] of fill.entries.entries()) {
      attrs.set(name, { value: frame.slots[slot] ?? UNSET, nameSpan, span: at });
    }
    const set: AttrsValue = { kind: "attrs", attrs, span };
    const finish = (result: AttrsValue) => addDynamic(ctx, result, fill.dynamic, frame);
    return overrides ? override(ctx, set, frame, fill.entries, finish) : finish(set);
  });
}

const UNSET: Value = errorValue("infinite-recursion", "infinite recursion encountered");

/** The old `__overrides` of recursive sets: replaces attributes and the variables behind them. */
function override(
  ctx: Evaluation,
  set: AttrsValue,
  frame: Frame,
  entries: readonly CompiledEntry[],
  finish: (set: AttrsValue) => Value,
): Value {
  return ctx.useAttrs(set.attrs.get("__overrides")?.value ?? UNSET, set.span, overrides => {
    const attrs = new Map(set.attrs);
    for (const [name, attr] of overrides.attrs) attrs.set(name, attr);
    for (const [slot, entry] of entries.entries()) {
      const replaced = overrides.attrs.get(entry.name);
      if (replaced !== undefined) frame.slots[slot] = replaced.value;
    }
    return finish(overrides.open === undefined ? { ...set, attrs } : { ...set, attrs, open: overrides.open });
  });
}

interface FrameCode {
  readonly entries: readonly CompiledEntry[];
  readonly dynamic: readonly CompiledDynamic[];
  readonly frame: (env: Env) => Frame;
}

function compileFrame(unit: Unit, scope: Scope | undefined, plan: Plan): FrameCode {
  const names = new Map<string, number>();
  for (const name of plan.entries.keys()) names.set(name, names.size);
  const inner: Scope = { names, up: scope };
  const { entries, sources, dynamic } = compilePlan(unit, inner, scope, plan);
  const frame = (env: Env): Frame => {
    const result = new Frame(new Array<Lazy | undefined>(entries.length), env);
    const from = sources.map(source => source.later(result));
    let slot = 0;
    for (const entry of entries) result.slots[slot++] = laterOf(entry, result, env, from);
    return result;
  };
  return { entries, dynamic, frame };
}

export function compileLet(unit: Unit, scope: Scope | undefined, expr: LetExpr): Compiled {
  const plan = planOf(unit, expr, true, expr.bindings);
  for (const { nameSpan } of plan.dynamic) {
    unit.problems.push({ kind: "syntax", message: "dynamic attributes not allowed in let", span: nameSpan });
  }
  const names = new Map<string, number>();
  for (const name of plan.entries.keys()) names.set(name, names.size);
  const { frame } = compileFrame(unit, scope, plan);
  const body = unit.compile(unit, { names, up: scope }, expr.body);
  return delayed((env, ctx) => body.now(frame(env), ctx));
}
