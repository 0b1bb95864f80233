// Attribute sets and `let`: what they bind is planned when they are compiled, and the set or the frame is built at run
// time. A set that is the same in every environment is made at once.

import type { LetExpr } from "../../syntax/expr";
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
import { addDynamic, type CompiledDynamic } from "./dynamicNames";
import { type Plan, planOfLet } from "./plan";
import { isConstant, postponed } from "./postponed";
import {
  type Compiled,
  Constant,
  constant,
  delayed,
  type Env,
  Frame,
  type Scope,
  spanIn,
  type Unit,
} from "./scope";

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
): CompiledPlan {
  const entries: CompiledEntry[] = [];
  for (const [name, { attr, content: of }] of plan.entries) {
    const nameSpan = spanIn(unit, attr);
    const span = spanIn(unit, of);
    if (of.kind !== "inherit") {
      const compiled = postponed(unit, inner, of);
      entries.push({ name, nameSpan, span, value: { of: "inner", compiled } });
    } else if (of.source === undefined) {
      const compiled = unit.compile(unit, outer, of.name);
      entries.push({ name, nameSpan, span, value: { of: "outer", compiled } });
    } else {
      entries.push({ name, nameSpan, span, value: { of: of.source, select: selection(name, nameSpan) } });
    }
  }
  return {
    entries,
    sources: eachOf(plan.sources, source => postponed(unit, inner, source)),
    dynamic: eachOf(plan.dynamic, ({ attr, name, content }) => ({
      name: unit.compile(unit, inner, name),
      nameSpan: spanIn(unit, attr),
      value: postponed(unit, inner, content),
    })),
  };
}

/** Most sets have none, and there are very many sets. */
const NONE: readonly never[] = [];

function eachOf<T, R>(items: readonly T[], make: (item: T) => R): readonly R[] {
  return items.length === 0 ? NONE : items.map(make);
}

function selection(name: string, nameSpan: Span): Code<Lazy | undefined> {
  return (set, ctx) =>
    set === undefined
      ? errorValue("type", "no set to inherit from", nameSpan)
      : ctx.select(set, name, nameSpan);
}

/** The attributes of a plain set in which every value is the same in every environment: of most sets there are. */
function constantAttrs(unit: Unit, scope: Scope | undefined, plan: Plan): Map<string, Attr> | undefined {
  const attrs = new Map<string, Attr>();
  for (const [name, { attr, content }] of plan.entries) {
    const value = unit.compile(unit, scope, content.kind === "inherit" ? content.name : content);
    if (!(value instanceof Constant)) return undefined;
    attrs.set(name, { value: value.value, nameSpan: spanIn(unit, attr), span: spanIn(unit, content) });
  }
  return attrs;
}

export function compileSet(unit: Unit, scope: Scope | undefined, plan: Plan): Compiled {
  if (plan.entries.size === 0 && plan.dynamic.length === 0 && plan.sources.length === 0) {
    return constant({ kind: "attrs", attrs: new Map(), span: spanIn(unit, plan) });
  }
  return plan.recursive ? compileRecursive(unit, scope, plan) : compilePlain(unit, scope, plan);
}

function compilePlain(unit: Unit, scope: Scope | undefined, plan: Plan): Compiled {
  const span = spanIn(unit, plan);
  const constants = isConstant(unit, scope, plan) ? constantAttrs(unit, scope, plan) : undefined;
  if (constants !== undefined) return constant(attrsValue(constants, span));
  const { entries, sources, dynamic } = compilePlan(unit, scope, scope, plan);
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
  const span = spanIn(unit, plan);
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
  readonly scope: Scope;
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
  return { scope: inner, entries, dynamic, frame };
}

export function compileLet(unit: Unit, scope: Scope | undefined, expr: LetExpr): Compiled {
  const { scope: inner, frame } = compileFrame(unit, scope, planOfLet(expr));
  const body = unit.compile(unit, inner, expr.body);
  return delayed((env, ctx) => body.now(frame(env), ctx));
}
