// Builtins on lists. An open list stays open through what works item by item; what needs to know where an item is, or
// that it is the last, is Unknown.

import type { Span } from "../../text/span";
import { equal } from "../equality";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { spreadLists } from "../operators";
import {
  attrsOf,
  boolValue,
  errorValue,
  intValue,
  type Lazy,
  type ListValue,
  listValue,
  unknownValue,
  type Value,
} from "../value";
import { arg, callLater, type NativeBuiltin, reasonOf, verdict } from "./native";

/** The list with other items, as open as it was. */
export function relist(list: ListValue, items: readonly Lazy[], site: Span | undefined): ListValue {
  const span = list.span ?? site;
  return list.open === undefined
    ? { kind: "list", items, span }
    : { kind: "list", items, span, open: list.open };
}

/** For functions that need the whole list. */
function useClosed(
  ctx: Evaluation,
  lazy: Lazy,
  site: Span | undefined,
  use: (items: readonly Lazy[], list: ListValue) => Value,
): Value {
  return ctx.useList(lazy, site, list =>
    list.open === undefined ? use(list.items, list) : unknownValue(list.open, list.span),
  );
}

function map(ctx: Evaluation, fn: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useList(list, site, ({ items, ...rest }) => {
    const full = ctx.allocate(items.length);
    if (full !== undefined) return full;
    return relist(
      { ...rest, items },
      items.map(item => callLater(fn, [item], site)),
      site,
    );
  });
}

/** Splits items by a predicate; alternatives of the predicate become alternatives of the result. */
export function split(
  ctx: Evaluation,
  predicate: (item: Lazy) => boolean | Value,
  list: ListValue,
  end: (yes: readonly Lazy[], no: readonly Lazy[], open: string | undefined) => Value,
): Value {
  const from = (start: number, yes: Lazy[], no: Lazy[], why: string | undefined): Value => {
    let open = why;
    for (let i = start; i < list.items.length; i++) {
      const item = list.items[i];
      if (item === undefined) break;
      const answer = predicate(item);
      if (typeof answer === "boolean") (answer ? yes : no).push(item);
      else if (answer.kind === "alternatives") {
        return ctx.each(answer, known => {
          if (known.kind !== "bool") return expected("a Boolean", known, undefined);
          return known.value
            ? from(i + 1, [...yes, item], [...no], open)
            : from(i + 1, [...yes], [...no, item], open);
        });
      } else if (answer.kind === "unknown" && ctx.optimistic) open ??= answer.reason;
      else return answer;
      if (!ctx.spend(1)) return ctx.limit;
    }
    return end(yes, no, open);
  };
  return from(0, [], [], list.open);
}

function listOf(items: readonly Lazy[], open: string | undefined, span: Span | undefined): ListValue {
  return open === undefined ? listValue(items, span) : { kind: "list", items, span, open };
}

function filter(ctx: Evaluation, fn: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useFunction(fn, site, test =>
    ctx.useList(list, site, known =>
      split(
        ctx,
        item => verdict(ctx, test, [item], site),
        known,
        (yes, _no, open) => listOf(yes, open, known.span ?? site),
      ),
    ),
  );
}

function partition(ctx: Evaluation, fn: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useFunction(fn, site, test =>
    ctx.useList(list, site, known =>
      split(
        ctx,
        item => {
          // Unlike filter, partition evaluates the items themselves.
          const value = ctx.force(item);
          const stops = value.kind === "error" || (value.kind === "unknown" && !ctx.optimistic);
          return stops ? value : verdict(ctx, test, [item], site);
        },
        known,
        (yes, no, open) => attrsOf({ right: listOf(yes, open, site), wrong: listOf(no, open, site) }, site),
      ),
    ),
  );
}

/** `any` (looks for true) and `all` (looks for false). */
function search(ctx: Evaluation, fn: Lazy, list: Lazy, looked: boolean, site: Span | undefined): Value {
  return ctx.useFunction(fn, site, test =>
    ctx.useList(list, site, ({ items, open }) => {
      const from = (start: number): Value => {
        for (let i = start; i < items.length; i++) {
          const answer = verdict(ctx, test, [items[i] ?? ctx.limit], site);
          if (typeof answer !== "boolean") {
            return ctx.useBool(answer, site, yes => (yes === looked ? boolValue(looked, site) : from(i + 1)));
          }
          if (answer === looked) return boolValue(looked, site);
        }
        return open === undefined ? boolValue(!looked, site) : unknownValue(open, site);
      };
      return from(0);
    }),
  );
}

function elem(ctx: Evaluation, wanted: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useList(list, site, ({ items, open }) => {
    const from = (start: number): Value => {
      for (let i = start; i < items.length; i++) {
        const same = equal(ctx, wanted, items[i] ?? ctx.limit, site);
        if (same.kind !== "bool") {
          return ctx.useBool(same, site, yes => (yes ? boolValue(true, site) : from(i + 1)));
        }
        if (same.value) return boolValue(true, site);
      }
      return open === undefined ? boolValue(false, site) : unknownValue(open, site);
    };
    return from(0);
  });
}

function elemAt(ctx: Evaluation, list: Lazy, index: Lazy, site: Span | undefined): Value {
  return useClosed(ctx, list, site, items =>
    ctx.useInt(index, site, at => {
      const item = at >= 0n && at < BigInt(items.length) ? items[Number(at)] : undefined;
      if (item === undefined) return errorValue("evaluation", `list index ${at} is out of bounds`, site);
      return ctx.force(item);
    }),
  );
}

function foldl(ctx: Evaluation, fn: Lazy, start: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useFunction(fn, site, step =>
    useClosed(ctx, list, site, items => {
      let result: Lazy = start;
      for (const item of items) {
        const value = ctx.call(step, [result, item], site);
        if (value.kind === "error" || ctx.exhausted) return value;
        result = value;
      }
      return ctx.force(result);
    }),
  );
}

function genList(ctx: Evaluation, fn: Lazy, length: Lazy, site: Span | undefined): Value {
  return ctx.useInt(length, site, count => {
    if (count < 0n) return errorValue("evaluation", `cannot create list of size ${count}`, site);
    if (count > BigInt(Number.MAX_SAFE_INTEGER)) return ctx.limit;
    const full = ctx.allocate(Number(count));
    if (full !== undefined) return full;
    return listValue(
      Array.from({ length: Number(count) }, (_, i) => callLater(fn, [intValue(i, site)], site)),
      site,
    );
  });
}

/** Joins the lists that `part` gives for each item. */
function join(ctx: Evaluation, list: ListValue, part: (item: Lazy) => Value, site: Span | undefined): Value {
  const from = (start: number, so: Lazy[], why: string | undefined): Value => {
    let open = why;
    for (let i = start; i < list.items.length; i++) {
      const item = list.items[i];
      if (item === undefined) break;
      const value = part(item);
      if (value.kind === "list") {
        const full = ctx.allocate(value.items.length);
        if (full !== undefined) return full;
        for (const one of value.items) so.push(one);
        open ??= value.open;
      } else if (value.kind === "unknown" && ctx.optimistic) open ??= value.reason;
      else if (value.kind === "alternatives") {
        return spreadLists(ctx, value, site, (items, more) => from(i + 1, [...so, ...items], open ?? more));
      } else
        return value.kind === "unknown" || value.kind === "error" ? value : expected("a list", value, site);
      if (!ctx.spend(1)) return ctx.limit;
    }
    return listOf(so, open, list.span ?? site);
  };
  return from(0, [], list.open);
}

/** Groups items under names that `key` gives. */
function groupBy(ctx: Evaluation, fn: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useFunction(fn, site, key =>
    useClosed(ctx, list, site, items => {
      const groups = new Map<string, Lazy[]>();
      for (const item of items) {
        const name = ctx.call(key, [item], site);
        if (name.kind !== "string") {
          if (name.kind === "error" || name.kind === "unknown") return name;
          return name.kind === "alternatives"
            ? unknownValue(reasonOf(name), site)
            : expected("a string", name, site);
        }
        const group = groups.get(name.text);
        if (group === undefined) groups.set(name.text, [item]);
        else group.push(item);
        if (!ctx.spend(1)) return ctx.limit;
      }
      return attrsOf(
        Object.fromEntries(Array.from(groups, ([name, group]) => [name, listValue(group, site)])),
        site,
      );
    }),
  );
}

export const LIST_BUILTINS: readonly NativeBuiltin[] = [
  ["map", 2, (ctx, args, site) => map(ctx, arg(args, 0), arg(args, 1), site)],
  ["filter", 2, (ctx, args, site) => filter(ctx, arg(args, 0), arg(args, 1), site)],
  ["partition", 2, (ctx, args, site) => partition(ctx, arg(args, 0), arg(args, 1), site)],
  ["any", 2, (ctx, args, site) => search(ctx, arg(args, 0), arg(args, 1), true, site)],
  ["all", 2, (ctx, args, site) => search(ctx, arg(args, 0), arg(args, 1), false, site)],
  ["elem", 2, (ctx, args, site) => elem(ctx, arg(args, 0), arg(args, 1), site)],
  ["elemAt", 2, (ctx, args, site) => elemAt(ctx, arg(args, 0), arg(args, 1), site)],
  ["foldl'", 3, (ctx, args, site) => foldl(ctx, arg(args, 0), arg(args, 1), arg(args, 2), site)],
  ["genList", 2, (ctx, args, site) => genList(ctx, arg(args, 0), arg(args, 1), site)],
  ["groupBy", 2, (ctx, args, site) => groupBy(ctx, arg(args, 0), arg(args, 1), site)],
  [
    "length",
    1,
    (ctx, args, site) => useClosed(ctx, arg(args, 0), site, items => intValue(items.length, site)),
  ],
  [
    "head",
    1,
    (ctx, args, site) =>
      useClosed(ctx, arg(args, 0), site, ([first]) =>
        first === undefined
          ? errorValue("evaluation", "list index 0 is out of bounds", site)
          : ctx.force(first),
      ),
  ],
  [
    "tail",
    1,
    (ctx, args, site) =>
      useClosed(ctx, arg(args, 0), site, (items, list) => {
        if (items.length === 0) return errorValue("evaluation", "'tail' called on an empty list", site);
        return ctx.allocate(items.length) ?? relist(list, items.slice(1), site);
      }),
  ],
  [
    "concatLists",
    1,
    (ctx, args, site) =>
      ctx.useList(arg(args, 0), site, list => join(ctx, list, item => ctx.force(item), site)),
  ],
  [
    "concatMap",
    2,
    (ctx, args, site) =>
      ctx.useFunction(arg(args, 0), site, fn =>
        ctx.useList(arg(args, 1), site, list => join(ctx, list, item => ctx.call(fn, [item], site), site)),
      ),
  ],
];
