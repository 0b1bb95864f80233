// Option types made of other types: sets and lists of something, something or null, one type or another.

import type { Evaluation } from "../../eval/evaluation";
import {
  type Attr,
  attrsValue,
  errorValue,
  type KnownValue,
  type Lazy,
  lazily,
  listValue,
  nativeFunction,
  nullValue,
  openAttrs,
  unknownValue,
  type Value,
} from "../../eval/value";
import { inEachCase } from "../conditions";
import { mergeDefinitions, mergeDischarged } from "../mergeDefinitions";
import { type Children, type Loc, type OptionType, type Ready, showLoc, wrongType } from "../optionType";
import { type Definition, type Discharged, definition, discharge } from "../properties";
import { mergeEqual, mergeOne } from "./basic";

/** `attrsOf` and `lazyAttrsOf`, which keeps names whose definitions all fall away. */
export function attrsOf(element: OptionType, options: { readonly lazy: boolean }): OptionType {
  const mergeChildren = (ctx: Evaluation, loc: Loc, children: Children): Value =>
    options.lazy ? lazySet(loc, element, children) : eagerSet(ctx, loc, element, children);
  return {
    name: options.lazy ? "lazyAttrsOf" : "attrsOf",
    description: `attribute set of ${element.description}`,
    check: (_ctx, value) => value.kind === "attrs",
    merge: (ctx, loc, definitions) => mergeChildren(ctx, loc, childrenOf(definitions)),
    mergeConditional: (ctx, loc, definitions) => {
      const wrong = definitions.find(each => each.value.kind !== "attrs");
      if (wrong !== undefined) return notSet(loc, wrong);
      return mergeChildren(ctx, loc, childrenOf(definitions));
    },
    mergeChildren,
    mergeOpen: (ctx, loc, definitions, open) => {
      const children = childrenOf(definitions);
      return mergeChildren(ctx, loc, { ...children, open: children.open ?? open });
    },
    joinWith: other =>
      other.name === (options.lazy ? "lazyAttrsOf" : "attrsOf") && other.element === element
        ? other
        : undefined,
    empty: attrsValue(new Map()),
    element,
  };
}

function notSet(loc: Loc, wrong: Discharged): Value {
  const what = `a definition of ${showLoc(loc)} under a condition is no known set`;
  return unknownValue(what, wrong.span);
}

export function childrenOf(definitions: readonly Discharged[]): Children {
  const names = new Map<string, Definition[]>();
  let open: string | undefined;
  for (const each of definitions) {
    if (each.value.kind !== "attrs") continue;
    open ??= each.value.open;
    for (const [name, attr] of each.value.attrs) {
      const child: Definition = {
        ...definition(attr.value, each.source),
        conditions: each.conditions,
        nameSpan: attr.nameSpan,
        span: attr.span,
      };
      const known = names.get(name);
      if (known === undefined) names.set(name, [child]);
      else known.push(child);
    }
  }
  return { names, open, span: definitions[0]?.value.span };
}

function childAttr(value: Lazy, definitions: readonly Definition[]): Attr {
  return { value, nameSpan: definitions[0]?.nameSpan, span: definitions[0]?.span, computed: true };
}

function lazySet(loc: Loc, element: OptionType, children: Children): Value {
  const attrs = new Map<string, Attr>();
  for (const [name, definitions] of children.names) {
    const here = [...loc, name];
    attrs.set(
      name,
      childAttr(
        lazily(ctx =>
          children.open === undefined
            ? mergeDefinitions(ctx, here, element, definitions)
            : openChild(ctx, here, element, definitions, children.open),
        ),
        definitions,
      ),
    );
  }
  return children.open === undefined
    ? attrsValue(attrs, children.span)
    : openAttrs(attrs, children.open, children.span);
}

/** A name of which there may be more definitions: what merges with others is then not known, one raw value is. */
function openChild(
  ctx: Evaluation,
  loc: Loc,
  element: OptionType,
  definitions: readonly Definition[],
  open: string,
): Value {
  return element.single ? mergeDefinitions(ctx, loc, element, definitions) : unknownValue(open);
}

function eagerSet(ctx: Evaluation, loc: Loc, element: OptionType, children: Children): Value {
  const attrs = new Map<string, Attr>();
  const perhaps = new Map<string, readonly Discharged[]>();
  let open = children.open;
  for (const [name, definitions] of children.names) {
    if (ctx.exhausted) return unknownValue("limit");
    const flat = discharge(ctx, definitions);
    if (flat.error !== undefined) return flat.error;
    const here = [...loc, name];
    const more = flat.open ?? children.open;
    const value = lazily(inner =>
      more === undefined || element.single
        ? mergeDischarged(inner, here, element, flat.definitions)
        : unknownValue(more),
    );
    if (flat.open !== undefined && flat.definitions.length === 0) open ??= flat.open;
    else if (flat.definitions.some(each => each.conditions.length === 0))
      attrs.set(name, childAttr(value, definitions));
    else if (flat.definitions.length > 0) perhaps.set(name, flat.definitions);
  }
  if (perhaps.size > 0) return withPerhaps({ ctx, loc, element, attrs, open, span: children.span }, perhaps);
  return open === undefined ? attrsValue(attrs, children.span) : openAttrs(attrs, open, children.span);
}

interface Certain {
  readonly ctx: Evaluation;
  readonly loc: Loc;
  readonly element: OptionType;
  readonly attrs: ReadonlyMap<string, Attr>;
  readonly open: string | undefined;
  readonly span: Children["span"];
}

/** Names that are there only under conditions: one set for each case. */
function withPerhaps(certain: Certain, perhaps: ReadonlyMap<string, readonly Discharged[]>): Value {
  const { ctx, loc, element, attrs, span } = certain;
  const items = [...perhaps].flatMap(([name, definitions]) =>
    definitions.map(each => ({ name, conditions: each.conditions, definition: { ...each, conditions: [] } })),
  );
  const value = inEachCase(ctx, items, span, active => {
    const here = new Map(attrs);
    for (const name of perhaps.keys()) {
      const definitions = active.filter(item => item.name === name).map(item => item.definition);
      if (definitions.length === 0) continue;
      const merged = lazily(inner => mergeDischarged(inner, [...loc, name], element, definitions));
      here.set(name, childAttr(merged, definitions));
    }
    return certain.open === undefined ? attrsValue(here, span) : openAttrs(here, certain.open, span);
  });
  return value ?? openAttrs(attrs, "hangs on unknown conditions", span);
}

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
