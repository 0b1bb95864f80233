// The properties that wrap definitions (mkIf, mkMerge, mkOverride, mkOrder) and how a definition is freed of them, as
// far as their conditions are known. What hangs on an unknown condition is kept, with the condition.

import { allOf } from "../eval/alternatives";
import type { Evaluation } from "../eval/evaluation";
import {
  type AttrsValue,
  type BranchCondition,
  type ErrorValue,
  type Lazy,
  LIMIT,
  type Value,
} from "../eval/value";
import type { Span } from "../text/span";
import { conditionBranches } from "./conditions";

/** Where a definition comes from. */
export interface Source {
  /** The module's file, for messages; undefined for a model's own definitions. */
  readonly path: string | undefined;
}

/** How a definition was wrapped: 1000 for mkDefault, 50 for mkForce; a plain one has none and counts as 100. */
export interface Override {
  readonly level: number;
  readonly span: Span | undefined;
}

export const ORDINARY_LEVEL = 100;
export const ORDINARY_ORDER = 1000;

/** A definition at some place of the option tree, perhaps still wrapped. */
export interface Definition {
  readonly value: Lazy;
  /** What it hangs on, besides what `value` itself says. */
  readonly conditions: readonly BranchCondition[];
  /** Conditions of mkIf around sets of options: not looked at before the option's value is wanted, as in Nix. */
  readonly pending: readonly PendingCondition[];
  readonly override: Override | undefined;
  readonly order: number;
  readonly source: Source;
  readonly nameSpan: Span | undefined;
  readonly span: Span | undefined;
}

export interface PendingCondition {
  readonly condition: Lazy;
  readonly site: Span | undefined;
}

export function definition(value: Lazy, source: Source, span?: Span): Definition {
  return {
    value,
    conditions: [],
    pending: [],
    override: undefined,
    order: ORDINARY_ORDER,
    source,
    nameSpan: span,
    span,
  };
}

/** A definition without wrappers, its value in weak head normal form. */
export interface Discharged extends Definition {
  readonly value: Exclude<Value, { kind: "alternatives" }>;
}

/** The definitions left of some, and what is not known about them. */
export interface Flat {
  readonly definitions: readonly Discharged[];
  /** There may be more definitions, or others: why. */
  readonly open: string | undefined;
  /** An error that Nix would certainly raise while looking at them. */
  readonly error: ErrorValue | undefined;
}

class Collected {
  readonly definitions: Discharged[] = [];
  open: string | undefined;
  error: ErrorValue | undefined;
}

type Wrapper = "if" | "merge" | "override" | "order";

function wrapperOf(ctx: Evaluation, set: AttrsValue): Wrapper | undefined {
  const type = set.attrs.get("_type");
  if (type === undefined) return undefined;
  const name = ctx.force(type.value);
  if (name.kind !== "string") return undefined;
  return name.text === "if" || name.text === "merge" || name.text === "override" || name.text === "order"
    ? name.text
    : undefined;
}

/**
 * Frees definitions of an option of their wrappers, in Nix's order: mkMerge and mkIf first, then one mkOverride, then
 * one mkOrder. `mkForce (mkIf …)` stays wrapped in Nix too, which no type takes.
 */
export function discharge(ctx: Evaluation, definitions: readonly Definition[]): Flat {
  const out = new Collected();
  for (const each of definitions) dischargeOne(ctx, each, out, "option");
  return out;
}

/** The same for sets on the way to options: there mkOverride is pushed down too, and mkOrder means nothing. */
export function pushDown(ctx: Evaluation, definitions: readonly Definition[]): Flat {
  const out = new Collected();
  for (const each of definitions) dischargeOne(ctx, each, out, "set");
  return out;
}

function dischargeOne(ctx: Evaluation, def: Definition, out: Collected, place: "option" | "set"): void {
  if (!ctx.enter()) {
    out.open ??= LIMIT;
    return;
  }
  dischargeEntered(ctx, def, out, place);
  ctx.leave();
}

function dischargeEntered(ctx: Evaluation, def: Definition, out: Collected, place: "option" | "set"): void {
  const first = def.pending[0];
  if (place === "option" && first !== undefined) {
    whereItHolds(ctx, { ...def, pending: def.pending.slice(1) }, first, out, place);
    return;
  }
  const value = ctx.force(def.value);
  if (value.kind === "alternatives") {
    for (const branch of value.branches) {
      const conditions = allOf(def.conditions, branch.conditions);
      if (conditions === undefined || branch.value.kind === "error") continue;
      ctx.speculate(() => dischargeOne(ctx, { ...def, value: branch.value, conditions }, out, place));
    }
    return;
  }
  if (value.kind === "error") {
    if (def.conditions.length === 0) out.error ??= value;
    return;
  }
  const wrapper = value.kind === "attrs" ? wrapperOf(ctx, value) : undefined;
  if (wrapper === undefined || value.kind !== "attrs") {
    out.definitions.push(hasValue(def, value) ? def : { ...def, value });
    return;
  }
  unwrap(ctx, def, value, wrapper, out, place);
}

function hasValue(def: Definition, value: Discharged["value"]): def is Discharged {
  return def.value === value;
}

/** `set` is what the definition's value comes to. */
function unwrap(
  ctx: Evaluation,
  def: Definition,
  set: AttrsValue,
  wrapper: Wrapper,
  out: Collected,
  place: "option" | "set",
): void {
  const at = (name: string): Lazy | undefined => set.attrs.get(name)?.value;
  const content = at(wrapper === "merge" ? "contents" : "content");
  if (content === undefined) {
    out.open ??= "a wrapper of the module system is not readable";
    return;
  }
  if (wrapper === "order") {
    if (def.order !== ORDINARY_ORDER || place === "set") out.open ??= "mkOrder where it means nothing";
    else unwrapOrder(ctx, def, at("priority"), content, out);
  } else if (def.override !== undefined || def.order !== ORDINARY_ORDER) {
    // Nix does not look below the outermost mkOverride or mkOrder, so the wrapper itself would be the value.
    out.open ??= "a wrapper of the module system stands inside mkForce or mkOrder";
  } else if (wrapper === "override") unwrapOverride(ctx, def, set.span, at("priority"), content, out, place);
  else if (wrapper === "merge") unwrapMerge(ctx, def, content, out, place);
  else unwrapIf(ctx, def, set.span, at("condition"), content, out, place);
}

function unwrapOrder(
  ctx: Evaluation,
  def: Definition,
  priority: Lazy | undefined,
  content: Lazy,
  out: Collected,
): void {
  const order = numberOf(ctx, priority);
  if (order === undefined) {
    out.open ??= "the number of mkOrder is not known";
    return;
  }
  const value = ctx.force(content);
  if (value.kind === "alternatives") {
    dischargeOne(ctx, { ...def, value, order }, out, "option");
  } else if (value.kind === "error") {
    if (def.conditions.length === 0) out.error ??= value;
  } else if (value.kind === "attrs" && wrapperOf(ctx, value) !== undefined) {
    out.open ??= "a wrapper of the module system stands inside mkOrder";
  } else out.definitions.push({ ...def, value, order });
}

function unwrapOverride(
  ctx: Evaluation,
  def: Definition,
  span: Span | undefined,
  priority: Lazy | undefined,
  content: Lazy,
  out: Collected,
  place: "option" | "set",
): void {
  const level = numberOf(ctx, priority);
  if (level === undefined) out.open ??= "the priority of a definition is not known";
  else dischargeOne(ctx, { ...def, value: content, override: { level, span } }, out, place);
}

function numberOf(ctx: Evaluation, lazy: Lazy | undefined): number | undefined {
  const value = lazy === undefined ? undefined : ctx.force(lazy);
  return value?.kind === "int" ? Number(value.value) : undefined;
}

function unwrapMerge(
  ctx: Evaluation,
  def: Definition,
  contents: Lazy,
  out: Collected,
  place: "option" | "set",
): void {
  const list = ctx.force(contents);
  if (list.kind === "alternatives") {
    for (const branch of list.branches) {
      const conditions = allOf(def.conditions, branch.conditions);
      if (conditions !== undefined) {
        ctx.speculate(() => unwrapMerge(ctx, { ...def, conditions }, branch.value, out, place));
      }
    }
  } else if (list.kind === "error") {
    if (def.conditions.length === 0) out.error ??= list;
  } else if (list.kind !== "list") out.open ??= list.kind === "unknown" ? list.reason : "mkMerge of no list";
  else {
    if (list.open !== undefined) out.open ??= list.open;
    for (const item of list.items) dischargeOne(ctx, { ...def, value: item }, out, place);
  }
}

function unwrapIf(
  ctx: Evaluation,
  def: Definition,
  span: Span | undefined,
  condition: Lazy | undefined,
  content: Lazy,
  out: Collected,
  place: "option" | "set",
): void {
  if (condition === undefined) {
    out.open ??= "the condition of mkIf is not readable";
    return;
  }
  const pending = { condition, site: span ?? def.span };
  const inner = { ...def, value: content };
  if (place === "set") dischargeOne(ctx, { ...inner, pending: [...def.pending, pending] }, out, place);
  else whereItHolds(ctx, inner, pending, out, place);
}

/** Goes on in every case in which the condition holds. */
function whereItHolds(
  ctx: Evaluation,
  def: Definition,
  { condition, site }: PendingCondition,
  out: Collected,
  place: "option" | "set",
): void {
  const verdict = conditionBranches(ctx, condition, site);
  if (verdict.error !== undefined && def.conditions.length === 0) out.error ??= verdict.error;
  for (const holds of verdict.holds) {
    const conditions = allOf(def.conditions, holds);
    if (conditions === undefined) continue;
    const inner = { ...def, conditions };
    if (conditions.length === 0) dischargeOne(ctx, inner, out, place);
    else ctx.speculate(() => dischargeOne(ctx, inner, out, place));
  }
}
