// Builtins that order values or walk a graph: sort, genericClosure, lessThan.

import type { Span } from "../../text/span";
import { lessThan } from "../equality";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { isNumber, numberOf } from "../numbers";
import {
  boolValue,
  errorValue,
  type KnownValue,
  type Lazy,
  listValue,
  unknownValue,
  type Value,
} from "../value";
import { arg, type NativeBuiltin, verdict } from "./native";

const INCONSISTENT = "sorted by an order that contradicts itself";

/** Up to this length an order is checked pair by pair; what an inconsistent one gives depends on Nix's algorithm. */
const CHECKED_LENGTH = 40;

/** Thrown inside merge sort to leave it with what a comparison gave instead of a bool. */
class NotOrdered extends Error {
  constructor(readonly value: Value) {
    super("not ordered");
  }
}

function sort(ctx: Evaluation, fn: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useList(list, site, ({ items, span, open }) => {
    if (items.length === 0 && open === undefined) return listValue(items, span ?? site);
    return ctx.useFunction(fn, site, compare => {
      if (open !== undefined) return { kind: "list", items, span: span ?? site, open };
      for (const item of items) {
        const value = ctx.force(item);
        if (value.kind === "error" || (value.kind === "unknown" && !ctx.optimistic)) return value;
      }
      const builtin = compare.kind === "function" && compare.builtin && compare.name === "lessThan";
      return sortItems(ctx, compare, items, builtin, site);
    });
  });
}

function sortItems(
  ctx: Evaluation,
  compare: Lazy,
  items: readonly Lazy[],
  trusted: boolean,
  site: Span | undefined,
): Value {
  const before = (a: Lazy, b: Lazy): boolean => {
    const answer = verdict(ctx, compare, [a, b], site);
    if (typeof answer === "boolean") return answer;
    throw new NotOrdered(answer);
  };
  if (items.length === 1) return listValue(items, site);
  let sorted: readonly Lazy[] | undefined;
  try {
    sorted = mergeSort(items, before);
    if (!trusted && !consistent(sorted, before)) return unknownValue(INCONSISTENT, site);
    return listValue(sorted, site);
  } catch (stop) {
    if (!(stop instanceof NotOrdered)) throw stop;
    // Which pairs are compared depends on the algorithm; with two items there is only one.
    const certain = sorted === undefined && (trusted || items.length === 2);
    if (stop.value.kind === "error" && !certain) return unknownValue(INCONSISTENT, site);
    return stop.value.kind === "alternatives"
      ? unknownValue("the order hangs on an unknown condition", site)
      : stop.value;
  }
}

function mergeSort(items: readonly Lazy[], before: (a: Lazy, b: Lazy) => boolean): Lazy[] {
  if (items.length < 2) return [...items];
  const middle = items.length >> 1;
  const left = mergeSort(items.slice(0, middle), before);
  const right = mergeSort(items.slice(middle), before);
  const result: Lazy[] = [];
  let i = 0;
  let j = 0;
  for (let a = left[i], b = right[j]; a !== undefined && b !== undefined; a = left[i], b = right[j]) {
    if (before(b, a)) {
      result.push(b);
      j++;
    } else {
      result.push(a);
      i++;
    }
  }
  return [...result, ...left.slice(i), ...right.slice(j)];
}

/** Whether `before` is a strict weak order on the sorted items (for long lists: on neighbours). */
function consistent(sorted: readonly Lazy[], before: (a: Lazy, b: Lazy) => boolean): boolean {
  const reach = sorted.length <= CHECKED_LENGTH ? sorted.length : 1;
  const rank: number[] = [];
  for (const [i, item] of sorted.entries()) {
    const previous = sorted[i - 1];
    rank.push(previous === undefined ? 0 : (rank[i - 1] ?? 0) + (before(previous, item) ? 1 : 0));
  }
  for (const [i, item] of sorted.entries()) {
    for (let j = i; j < Math.min(sorted.length, i + reach + 1); j++) {
      const other = sorted[j];
      if (other === undefined || before(other, item)) return false;
      if (j > i && reach > 1 && before(item, other) !== (rank[j] ?? 0) > (rank[i] ?? 0)) return false;
    }
  }
  return true;
}

function genericClosure(ctx: Evaluation, set: Lazy, site: Span | undefined): Value {
  return ctx.useList(ctx.select(set, "startSet", site), site, start => {
    if (start.open !== undefined) return unknownValue(start.open, site);
    if (start.items.length === 0) return listValue([], site);
    return ctx.useFunction(ctx.select(set, "operator", site), site, operator =>
      close(ctx, operator, start.items, site),
    );
  });
}

/** What an item of a closure costs beside its operator: it is kept, with its key, until the end. */
const STEPS_OF_ITEM = 12;

function close(ctx: Evaluation, operator: Lazy, start: readonly Lazy[], site: Span | undefined): Value {
  const work = [...start];
  const done: Lazy[] = [];
  const seen = new Set<string>();
  let kind: string | undefined;
  for (const item of work) {
    if (!ctx.spend(STEPS_OF_ITEM)) return ctx.limit;
    const key = ctx.select(item, "key", site);
    if (key.kind === "error" || key.kind === "unknown") return key;
    if (key.kind === "alternatives") return unknownValue("a key hangs on an unknown condition", site);
    const id = keyOf(key);
    if (id === undefined) return unknownValue("keys of this kind are not compared here", site);
    const family = id.slice(0, 1);
    if (kind !== undefined && kind !== family)
      return errorValue("type", "cannot compare keys of different types", site);
    kind = family;
    if (seen.has(id)) continue;
    seen.add(id);
    done.push(item);
    const more = ctx.call(operator, [item], site);
    if (more.kind === "error" || more.kind === "unknown") return more;
    if (more.kind === "alternatives") return unknownValue("a step hangs on an unknown condition", site);
    if (more.kind !== "list") return expected("a list", more, site);
    if (more.open !== undefined) return unknownValue(more.open, site);
    const full = ctx.allocate(more.items.length);
    if (full !== undefined) return full;
    for (const one of more.items) work.push(one);
  }
  return listValue(done, site);
}

function keyOf(value: KnownValue): string | undefined {
  if (isNumber(value)) {
    const number = numberOf(value);
    if (value.kind === "int" && Number.isSafeInteger(number)) return `n${value.value}`;
    return Number.isSafeInteger(number) ? `n${number}` : undefined;
  }
  if (value.kind === "string") return `s${value.text}`;
  return value.kind === "path" ? `p${value.path}` : undefined;
}

export const ORDER_BUILTINS: readonly NativeBuiltin[] = [
  ["sort", 2, (ctx, args, site) => sort(ctx, arg(args, 0), arg(args, 1), site)],
  ["genericClosure", 1, (ctx, args, site) => genericClosure(ctx, arg(args, 0), site)],
  [
    "lessThan",
    2,
    (ctx, args, site) =>
      ctx.useBool(lessThan(ctx, arg(args, 0), arg(args, 1), site), site, less => boolValue(less, site)),
  ],
];
