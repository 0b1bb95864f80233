// The operators that join values: `+`, unary `-`, `++` and `//`.

import type { Span } from "../text/span";
import { joinBranches } from "./alternatives";
import { append, coerceToString, EMPTY_TEXT, finishText, INTERPOLATION, PLAIN } from "./coerce";
import { describe } from "./describe";
import { expected } from "./errors";
import type { Evaluation } from "./evaluation";
import { arithmetic, isNumber } from "./numbers";
import { canonicalPath } from "./paths";
import {
  type Attr,
  type AttrsValue,
  errorValue,
  floatValue,
  intValue,
  type KnownValue,
  type Lazy,
  lazily,
  listValue,
  openAttrs,
  openList,
  pathValue,
  unknownFrom,
  unknownValue,
  type Value,
} from "./value";

/** `+`: what it means is decided by its left side. */
export function add(ctx: Evaluation, left: Lazy, right: Lazy, span: Span | undefined): Value {
  const first = ctx.force(left);
  if (first.kind === "unknown" && first.partial !== undefined) {
    return spreadText(ctx, coerceToString(ctx, right, INTERPOLATION, span), piece =>
      finishText(ctx, append(append(EMPTY_TEXT, first, span), piece, span), span),
    );
  }
  return ctx.use(first, a => addTo(ctx, a, right, span));
}

function addTo(ctx: Evaluation, a: KnownValue, right: Lazy, span: Span | undefined): Value {
  if (isNumber(a)) {
    return ctx.use(right, b => {
      if (isNumber(b)) return arithmetic("+", a, b, span);
      return errorValue("type", `cannot add ${describe(b)} to ${describe(a)}`, span);
    });
  }
  if (a.kind === "path") return addToPath(ctx, a.path, right, span);
  const how = a.kind === "string" ? INTERPOLATION : PLAIN;
  return spreadText(ctx, coerceToString(ctx, a, how, span), start =>
    spreadText(ctx, coerceToString(ctx, right, how, span), piece =>
      finishText(ctx, append(append(EMPTY_TEXT, start, span), piece, span), span),
    ),
  );
}

function addToPath(ctx: Evaluation, path: string, right: Lazy, span: Span | undefined): Value {
  const value = ctx.force(right);
  if (value.kind === "path") return pathValue(canonicalPath(path + value.path), span);
  return ctx.useString(coerceToString(ctx, value, PLAIN, span), span, text =>
    pathValue(canonicalPath(path + text.text), span),
  );
}

/** Gives each string or Unknown among the alternatives to `use`; errors are given on. */
function spreadText(ctx: Evaluation, value: Value, use: (piece: Value) => Value): Value {
  if (value.kind === "error") return value;
  return value.kind === "alternatives" ? ctx.each(value, use, use) : use(value);
}

/** Unary minus. */
export function negate(ctx: Evaluation, operand: Lazy, span: Span | undefined): Value {
  return ctx.use(operand, value => {
    // `-0.0` is written as a subtraction from the integer 0, and 0 - 0.0 is 0.
    if (value.kind === "float") return floatValue(0 - value.value, span);
    if (value.kind === "int") return arithmetic("-", intValue(0), value, span);
    return expected("an integer", value, span);
  });
}

/** `++`: with an unknown side, a list of these and perhaps more. */
export function concatLists(ctx: Evaluation, left: Lazy, right: Lazy, span: Span | undefined): Value {
  return spreadLists(ctx, left, span, (a, openLeft) =>
    spreadLists(ctx, right, span, (b, openRight) => {
      if (openLeft !== undefined && openRight !== undefined && a.length + b.length === 0) {
        return unknownValue(openLeft, span);
      }
      const full = ctx.allocate(a.length + b.length);
      if (full !== undefined) return full;
      const items = a.length === 0 ? b : b.length === 0 ? a : [...a, ...b];
      const open = openLeft ?? openRight;
      return open === undefined ? listValue(items, span) : openList(items, open, span);
    }),
  );
}

/** Gives the items of a list (none of an unknown one) and why there may be more. */
export function spreadLists(
  ctx: Evaluation,
  lazy: Lazy,
  span: Span | undefined,
  use: (items: readonly Lazy[], open: string | undefined) => Value,
): Value {
  return ctx.use(
    lazy,
    list => (list.kind === "list" ? use(list.items, list.open) : expected("a list", list, span)),
    unknown => (ctx.optimistic ? use([], unknown.reason) : unknownFrom(unknown)),
  );
}

/** Where an update stands, and its right side in the words of its source. */
export interface UpdateSite {
  readonly span: Span | undefined;
  readonly text: string;
}

/** `//`: the right side wins; what an unknown or open right side may replace is not certain any more. */
export function update(ctx: Evaluation, left: Lazy, right: Lazy, site: UpdateSite): Value {
  const open = (reason: string) => openAttrs(NO_ATTRS, reason, site.span);
  return spreadSets(ctx, left, site.span, open, a =>
    spreadSets(ctx, right, site.span, open, b => merge(ctx, a, b, site)),
  );
}

const NO_ATTRS: ReadonlyMap<string, Attr> = new Map();

function spreadSets(
  ctx: Evaluation,
  lazy: Lazy,
  span: Span | undefined,
  open: (reason: string) => AttrsValue,
  use: (set: AttrsValue) => Value,
): Value {
  return ctx.use(
    lazy,
    set => (set.kind === "attrs" ? use(set) : expected("a set", set, span)),
    unknown => (ctx.optimistic ? use(open(unknown.reason)) : unknownFrom(unknown)),
  );
}

function merge(ctx: Evaluation, a: AttrsValue, b: AttrsValue, site: UpdateSite): Value {
  if (b.attrs.size === 0 && b.open === undefined) return a;
  if (a.attrs.size === 0 && a.open === undefined) return b;
  const full = ctx.spend(a.attrs.size >> 3) ? ctx.allocate(b.attrs.size) : ctx.limit;
  if (full !== undefined) return full;
  const attrs = new Map<string, Attr>();
  for (const [name, attr] of a.attrs) {
    attrs.set(name, b.open === undefined ? attr : perhapsReplaced(attr, name, b.open, site));
  }
  for (const [name, attr] of b.attrs) attrs.set(name, attr);
  const span = site.span;
  const open = a.open ?? b.open;
  const set: AttrsValue = { kind: "attrs", attrs, span };
  const replaced = b.attrs.has("outPath") || b.open !== undefined;
  const imported = b.imported ?? (replaced ? undefined : a.imported);
  const withImported = imported === undefined ? set : { ...set, imported };
  return open === undefined ? withImported : { ...withImported, open };
}

/** The attribute, unless the open set after it has one of the same name. */
function perhapsReplaced(attr: Attr, name: string, why: string, site: UpdateSite): Attr {
  const span = site.span ?? attr.span;
  if (span === undefined) return { ...attr, value: unknownValue(why) };
  const text = `${site.text} has ${name}`;
  const value = lazily(ctx => {
    if (ctx.speculatesDeeply) return unknownValue(why, span);
    const subject = {};
    const kept = ctx.speculate(() => ctx.force(attr.value));
    return joinBranches(
      [
        { conditions: [{ text, negated: true, sense: false, span, subject }], value: kept },
        {
          conditions: [{ text, negated: false, sense: true, span, subject }],
          value: unknownValue(why, span),
        },
      ],
      span,
    );
  });
  return { ...attr, value };
}
