// `==` and `<`: equality and order of values, Unknown as soon as something unknown decides.

import type { Span } from "../text/span";
import { followed } from "./coerce";
import { describe } from "./describe";
import type { Evaluation } from "./evaluation";
import { isNumber, numberOf } from "./numbers";
import {
  type AttrsValue,
  boolValue,
  errorValue,
  type KnownValue,
  type Lazy,
  type UnknownValue,
  unknownFrom,
  unknownValue,
  type Value,
} from "./value";

/** Whether two values are equal: a bool, Unknown, an error, or alternatives of these. */
export function equal(ctx: Evaluation, left: Lazy, right: Lazy, site: Span | undefined): Value {
  const withText = (text: UnknownValue) => (other: KnownValue) => unlikeText(text, other, site);
  return ctx.use(
    left,
    a =>
      ctx.use(
        right,
        b => equalKnown(ctx, a, b, site),
        b => withText(b)(a),
      ),
    a => (followed(a) === undefined ? unknownFrom(a) : ctx.use(right, withText(a))),
  );
}

/** The text of something's copy in the store is a string, whatever it is: nothing else equals it. */
function unlikeText(text: UnknownValue, other: KnownValue, site: Span | undefined): Value {
  return followed(text) === undefined || other.kind === "string" ? unknownFrom(text) : boolValue(false, site);
}

/** Items and attributes are compared by identity first, so that functions in them may be equal. */
function equalInside(ctx: Evaluation, left: Lazy, right: Lazy, site: Span | undefined): Value {
  if (left === right) {
    const value = ctx.force(left);
    return value.kind === "error" || value.kind === "unknown" ? value : boolValue(true, site);
  }
  return ctx.use(left, a =>
    ctx.use(right, b => {
      // Nix may or may not have shared them: that hangs on how it was implemented.
      if (a.kind === "function" && a === b) return unknownValue("functions are compared", site);
      return equalKnown(ctx, a, b, site);
    }),
  );
}

function equalKnown(ctx: Evaluation, a: KnownValue, b: KnownValue, site: Span | undefined): Value {
  if (isNumber(a) && isNumber(b)) {
    if (a.kind === "int" && b.kind === "int") return boolValue(a.value === b.value, site);
    return boolValue(numberOf(a) === numberOf(b), site);
  }
  if (a.kind === "null" && b.kind === "null") return boolValue(true, site);
  if (a.kind === "bool" && b.kind === "bool") return boolValue(a.value === b.value, site);
  if (a.kind === "string" && b.kind === "string") return boolValue(a.text === b.text, site);
  if (a.kind === "path" && b.kind === "path") return boolValue(a.path === b.path, site);
  if (a.kind === "list" && b.kind === "list") {
    if (a.open !== undefined || b.open !== undefined) return unknownValue(a.open ?? b.open ?? "", site);
    if (a.items.length !== b.items.length) return boolValue(false, site);
    return equalItems(ctx, a.items, b.items, 0, site);
  }
  if (a.kind === "attrs" && b.kind === "attrs") return equalSets(ctx, a, b, site);
  return boolValue(false, site);
}

function equalItems(
  ctx: Evaluation,
  left: readonly Lazy[],
  right: readonly Lazy[],
  from: number,
  site: Span | undefined,
): Value {
  if (!ctx.enter()) return ctx.limit;
  const result = compareItems(ctx, left, right, from, site);
  ctx.leave();
  return result;
}

function compareItems(
  ctx: Evaluation,
  left: readonly Lazy[],
  right: readonly Lazy[],
  from: number,
  site: Span | undefined,
): Value {
  for (let i = from; i < left.length; i++) {
    const [a, b] = [left[i], right[i]];
    if (a === undefined || b === undefined) break;
    const same = equalInside(ctx, a, b, site);
    if (same.kind === "alternatives") {
      return ctx.useBool(same, site, yes =>
        yes ? equalItems(ctx, left, right, i + 1, site) : boolValue(false, site),
      );
    }
    if (same.kind !== "bool" || !same.value) return same;
    if (!ctx.spend(1)) return ctx.limit;
  }
  return boolValue(true, site);
}

function equalSets(ctx: Evaluation, a: AttrsValue, b: AttrsValue, site: Span | undefined): Value {
  if (a.open !== undefined || b.open !== undefined) return unknownValue(a.open ?? b.open ?? "", site);
  return ctx.use(isDerivation(ctx, a), left =>
    ctx.use(isDerivation(ctx, b), right => {
      const derivations = left.kind === "bool" && left.value && right.kind === "bool" && right.value;
      const [outA, outB] = [a.attrs.get("outPath"), b.attrs.get("outPath")];
      if (derivations && outA !== undefined && outB !== undefined)
        return equalInside(ctx, outA.value, outB.value, site);
      if (a.attrs.size !== b.attrs.size) return boolValue(false, site);
      const names = [...a.attrs.keys()].sort();
      if (!names.every(name => b.attrs.has(name))) return unequalNames(ctx, a, b, site);
      const nothing: Value = boolValue(false, site);
      const lefts = names.map(name => a.attrs.get(name)?.value ?? nothing);
      const rights = names.map(name => b.attrs.get(name)?.value ?? nothing);
      return equalItems(ctx, lefts, rights, 0, site);
    }),
  );
}

/** Nix walks both sets in its own order of symbols until a difference; what it forces before is not certain. */
function unequalNames(ctx: Evaluation, a: AttrsValue, b: AttrsValue, site: Span | undefined): Value {
  const common = [...a.attrs.keys()].filter(name => b.attrs.has(name));
  for (const name of common) {
    const [left, right] = [a.attrs.get(name), b.attrs.get(name)];
    if (left === undefined || right === undefined) continue;
    const same = ctx.speculate(() => equalInside(ctx, left.value, right.value, site));
    if (same.kind === "error") return unknownValue("the order of comparison is not known", site);
  }
  return boolValue(false, site);
}

/** Whether `type` is "derivation". */
function isDerivation(ctx: Evaluation, set: AttrsValue): Value {
  const type = set.attrs.get("type");
  if (type === undefined) return boolValue(false);
  return ctx.use(type.value, value => boolValue(value.kind === "string" && value.text === "derivation"));
}

/** Whether `left < right`. */
export function lessThan(ctx: Evaluation, left: Lazy, right: Lazy, site: Span | undefined): Value {
  return ctx.use(left, a => ctx.use(right, b => lessKnown(ctx, a, b, site)));
}

function lessKnown(ctx: Evaluation, a: KnownValue, b: KnownValue, site: Span | undefined): Value {
  if (a.kind === "int" && b.kind === "int") return boolValue(a.value < b.value, site);
  if (isNumber(a) && isNumber(b)) return boolValue(numberOf(a) < numberOf(b), site);
  if (a.kind === "string" && b.kind === "string") return boolValue(compareText(a.text, b.text) < 0, site);
  if (a.kind === "path" && b.kind === "path") return boolValue(compareText(a.path, b.path) < 0, site);
  if (a.kind === "list" && b.kind === "list") return lessLists(ctx, a, b, 0, site);
  return errorValue("type", `cannot compare ${describe(a)} with ${describe(b)}`, site);
}

function lessLists(
  ctx: Evaluation,
  a: KnownValue & { kind: "list" },
  b: KnownValue & { kind: "list" },
  index: number,
  site: Span | undefined,
): Value {
  if (a.open !== undefined || b.open !== undefined) return unknownValue(a.open ?? b.open ?? "", site);
  const right = b.items[index];
  if (right === undefined) return boolValue(false, site);
  const left = a.items[index];
  if (left === undefined) return boolValue(true, site);
  if (!ctx.enter()) return ctx.limit;
  const result = ctx.useBool(equalInside(ctx, left, right, site), site, same =>
    same ? lessLists(ctx, a, b, index + 1, site) : lessThan(ctx, left, right, site),
  );
  ctx.leave();
  return result;
}

/** Order of strings as Nix has it: by the bytes of their UTF-8, which is the order of code points. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const surrogates = x >= 0xd800 && y >= 0xd800;
    if (!surrogates) return x - y;
    // Surrogates stand for code points above all others, though their units are below U+E000.
    const high = (unit: number) => (unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
    return high(x) - high(y);
  }
  return a.length - b.length;
}

/** Names in the order in which Nix shows them. */
export function sortedNames(names: Iterable<string>): string[] {
  return [...names].sort(compareText);
}
