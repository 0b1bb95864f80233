// Option types made of other types: lists of something, something or null, one type or another. Sets are in attrSets.ts.

import type { Evaluation } from "../../eval/evaluation";
import {
  errorValue,
  type KnownValue,
  type Lazy,
  lazily,
  listValue,
  nativeFunction,
  nullValue,
  unknownValue,
  type Value,
} from "../../eval/value";
import { mergeDefinitions, mergeDischarged } from "../mergeDefinitions";
import { type Loc, type OptionType, type Ready, showLoc, wrongType } from "../optionType";
import { type Definition, type Discharged, definition, discharge } from "../properties";
import { attrsOf, eagerSet } from "./attrSets";
import { mergeEqual, mergeOne } from "./basic";

export function listOf(element: OptionType): OptionType {
  return {
    name: "listOf",
    description: `list of ${element.description}`,
    check: (_ctx, value) => value.kind === "list",
    merge: (ctx, loc, definitions) => mergeLists(ctx, loc, element, definitions),
    empty: listValue([]),
    element,
  };
}

function mergeLists(ctx: Evaluation, loc: Loc, element: OptionType, definitions: readonly Ready[]): Value {
  const items: Lazy[] = [];
  let open: string | undefined;
  for (const [n, each] of definitions.entries()) {
    if (each.value.kind !== "list") return wrongType(loc, listOf(element), each.span);
    open ??= each.value.open;
    for (const [m, item] of each.value.items.entries()) {
      if (!ctx.spend(1)) return unknownValue("limit");
      const here = [...loc, `[definition ${n + 1}-entry ${m + 1}]`];
      const flat = discharge(ctx, [{ ...definition(item, each.source), span: each.span }]);
      if (flat.error !== undefined) items.push(flat.error);
      else if (flat.open !== undefined) open ??= flat.open;
      else if (flat.definitions.length > 0 && flat.definitions.every(one => one.conditions.length > 0)) {
        open ??= "an item hangs on an unknown condition";
      } else if (flat.definitions.length > 0) {
        items.push(lazily(inner => mergeDischarged(inner, here, element, flat.definitions)));
      }
    }
  }
  const list = listValue(items, definitions[0]?.value.span);
  return open === undefined ? list : { ...list, open };
}

export function nonEmptyListOf(element: OptionType): OptionType {
  const { empty: _, ...list } = listOf(element);
  return {
    ...list,
    name: "nonEmptyListOf",
    description: `non-empty list of ${element.description}`,
    check: (_ctx, value) =>
      value.kind === "list" && (value.items.length > 0 || (value.open === undefined ? false : undefined)),
  };
}

export function nullOr(element: OptionType): OptionType {
  return {
    name: "nullOr",
    description: `null or ${element.description}`,
    check: (ctx, value) => value.kind === "null" || element.check(ctx, value),
    merge: (ctx, loc, definitions) => {
      const nulls = definitions.filter(each => each.value.kind === "null").length;
      if (nulls === definitions.length) return definitions[0]?.value ?? nullValue();
      if (nulls === 0) return element.merge(ctx, loc, definitions);
      const message = `The option \`${showLoc(loc)}' is defined both null and not null`;
      return errorValue("throw", message, definitions[0]?.span, { name: showLoc(loc), candidates: [] });
    },
    empty: nullValue(),
    element,
    takesCopies: element.takesCopies === true,
  };
}

export function either(left: OptionType, right: OptionType): OptionType {
  return {
    name: "either",
    description: `${left.description} or ${right.description}`,
    check: (ctx, value) => {
      const first = left.check(ctx, value);
      if (first === true) return true;
      const second = right.check(ctx, value);
      return second === true ? true : first === undefined || second === undefined ? undefined : false;
    },
    merge: (ctx, loc, definitions) => {
      const side = allTake(ctx, left, definitions);
      if (side === true) return left.merge(ctx, loc, definitions);
      if (side === undefined) return unknownValue("the type of a definition is not known");
      const other = allTake(ctx, right, definitions);
      if (other === true) return right.merge(ctx, loc, definitions);
      return other === undefined
        ? unknownValue("the type of a definition is not known")
        : mergeOne(ctx, loc, definitions);
    },
  };
}

function allTake(ctx: Evaluation, type: OptionType, definitions: readonly Ready[]): boolean | undefined {
  let certain = true;
  for (const each of definitions) {
    const takes = type.check(ctx, each.value);
    if (takes === false) return false;
    if (takes === undefined) certain = false;
  }
  return certain ? true : undefined;
}

export function coercedTo(from: OptionType, coerce: Lazy, to: OptionType): OptionType {
  const coerced = (ctx: Evaluation, value: KnownValue): Value => ctx.call(coerce, [value]);
  return {
    name: "coercedTo",
    description: `${to.description} or ${from.description} convertible to it`,
    check: (ctx, value) => {
      const source = from.check(ctx, value);
      if (source === undefined) return undefined;
      if (!source) return to.check(ctx, value);
      const result = coerced(ctx, value);
      return result.kind === "unknown" || result.kind === "alternatives"
        ? undefined
        : result.kind !== "error" && to.check(ctx, result);
    },
    merge: (ctx, loc, definitions) => {
      const changed = definitions.map((each): Definition => {
        const source = from.check(ctx, each.value);
        if (source === undefined)
          return { ...each, value: unknownValue("the type of a definition is not known") };
        return source
          ? { ...each, value: coerced(ctx, each.value), override: undefined, order: 1000 }
          : { ...each, override: undefined, order: 1000 };
      });
      return mergeRaw(ctx, loc, to, changed);
    },
    ...(to.empty === undefined ? {} : { empty: to.empty }),
  };
}

/** Merges values as they are, properties in them included. */
function mergeRaw(ctx: Evaluation, loc: Loc, type: OptionType, definitions: readonly Definition[]): Value {
  const discharged = definitions.map((each): Discharged => {
    const value = ctx.force(each.value);
    return {
      ...each,
      value: value.kind === "alternatives" ? unknownValue("hangs on an unknown condition") : value,
    };
  });
  return mergeDischarged(ctx, loc, type, discharged);
}

/** At most one definition. */
export function unique(element: OptionType): OptionType {
  return {
    name: "unique",
    description: element.description,
    check: (ctx, value) => element.check(ctx, value),
    merge: (ctx, loc, definitions) =>
      definitions.length === 1 ? element.merge(ctx, loc, definitions) : mergeOne(ctx, loc, definitions),
    single: true,
    ...(element.empty === undefined ? {} : { empty: element.empty }),
    element,
  };
}

/** A function to something: the results are merged for each argument. */
export function functionTo(element: OptionType): OptionType {
  return {
    name: "functionTo",
    description: `function that evaluates to a(n) ${element.description}`,
    check: (_ctx, value) =>
      value.kind === "function" || (value.kind === "attrs" && value.attrs.has("__functor")),
    merge: (_ctx, loc, definitions) =>
      nativeFunction("merged function", 1, (ctx, args) =>
        mergeDefinitions(
          ctx,
          [...loc, "<function body>"],
          element,
          definitions.map(each => ({
            ...each,
            override: undefined,
            order: 1000,
            value: lazily(inner => inner.call(each.value, args)),
          })),
        ),
      ),
    element,
  };
}

export function addCheck(element: OptionType, check: Lazy): OptionType {
  return {
    ...element,
    check: (ctx, value) => {
      const first = element.check(ctx, value);
      if (first === false) return false;
      const second = ctx.call(check, [value]);
      if (second.kind !== "bool") return undefined;
      return second.value ? first : false;
    },
  };
}

/** Any value; sets are merged name by name, everything else has to be equal. */
export const ANYTHING: OptionType = {
  name: "anything",
  description: "anything",
  check: () => true,
  merge: (ctx, loc, definitions) => {
    const kinds = new Set(definitions.map(each => each.value.kind));
    if (kinds.size > 1) {
      const message = `The option \`${showLoc(loc)}' has conflicting option types`;
      return errorValue("throw", message, definitions.at(-1)?.span, { name: showLoc(loc), candidates: [] });
    }
    if (kinds.has("function"))
      return definitions.length === 1
        ? functionTo(ANYTHING).merge(ctx, loc, definitions)
        : unknownValue("merged functions");
    if (!kinds.has("attrs")) return mergeEqual(ctx, loc, definitions);
    const stringLike = definitions.filter(
      each =>
        each.value.kind === "attrs" &&
        (each.value.attrs.has("outPath") || each.value.attrs.has("__toString")),
    );
    if (stringLike.length === definitions.length) return mergeOne(ctx, loc, definitions);
    if (stringLike.length > 0) return unknownValue("a package merged with a set");
    return attrsOf(ANYTHING, { lazy: false }).merge(ctx, loc, definitions);
  },
  mergeChildren: (ctx, loc, children) => eagerSet(ctx, loc, ANYTHING, children),
};
