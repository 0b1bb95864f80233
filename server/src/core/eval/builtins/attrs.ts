// Builtins on attribute sets. Where names stand is kept, so that what is made of a set still points at it.

import type { Span } from "../../text/span";
import { compareText, sortedNames } from "../equality";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { exactly } from "../provenance";
import {
  type Attr,
  type AttrsValue,
  attrsOf,
  attrsValue,
  boolValue,
  errorValue,
  type Lazy,
  lazily,
  listValue,
  nullValue,
  openAttrs,
  openFor,
  openList,
  type StringValue,
  stringValue,
  unknownValue,
  type Value,
} from "../value";
import { arg, callLater, type NativeBuiltin, reasonOf } from "./native";

/** The name as a string that points at where it was written. */
export function nameValue(name: string, attr: Attr | undefined, site: Span | undefined): StringValue {
  const span = attr?.nameSpan ?? site;
  if (span === undefined) return stringValue(name);
  const bare = span.end - span.start === name.length;
  const quoted = span.end - span.start === name.length + 2;
  if (!bare && !quoted) return stringValue(name, span);
  const inner = quoted ? { path: span.path, start: span.start + 1, end: span.end - 1 } : span;
  return stringValue(name, span, exactly(inner, name.length));
}

/** The set with other attributes, as open as it was. */
export function reset(set: AttrsValue, attrs: ReadonlyMap<string, Attr>, site: Span | undefined): AttrsValue {
  const span = set.span ?? site;
  return set.open === undefined ? attrsValue(attrs, span) : openAttrs(attrs, set.open, span);
}

function attrNames(ctx: Evaluation, set: AttrsValue, site: Span | undefined): Value {
  const names = sortedNames(set.attrs.keys());
  const items = names.map(name => nameValue(name, set.attrs.get(name), site));
  const full = ctx.allocate(items.length);
  if (full !== undefined) return full;
  return set.open === undefined ? listValue(items, site) : openList(items, set.open, site);
}

function attrValues(ctx: Evaluation, set: AttrsValue, site: Span | undefined): Value {
  const items = [...set.attrs].sort(([a], [b]) => compareText(a, b)).map(([, attr]) => attr.value);
  const full = ctx.allocate(items.length);
  if (full !== undefined) return full;
  return set.open === undefined ? listValue(items, site) : openList(items, set.open, site);
}

function mapAttrs(ctx: Evaluation, fn: Lazy, set: AttrsValue, site: Span | undefined): Value {
  const full = ctx.allocate(set.attrs.size);
  if (full !== undefined) return full;
  const attrs = new Map<string, Attr>();
  for (const [name, attr] of set.attrs) {
    const value = callLater(fn, [nameValue(name, attr, site), attr.value], site);
    attrs.set(name, { ...attr, value, computed: true });
  }
  return reset(set, attrs, site);
}

/** Gives the texts of a list of strings; a list that is not wholly known is not worth following. */
function useNames(
  ctx: Evaluation,
  list: Lazy,
  site: Span | undefined,
  use: (names: readonly StringValue[], open: string | undefined) => Value,
): Value {
  return ctx.useList(list, site, ({ items, open: listOpen }) => {
    const names: StringValue[] = [];
    let open = listOpen;
    for (const item of items) {
      const name = ctx.force(item);
      if (name.kind === "string") names.push(name);
      else if (name.kind === "unknown" || name.kind === "alternatives") open ??= reasonOf(name);
      else return name.kind === "error" ? name : expected("a string", name, site);
    }
    return use(names, open);
  });
}

function removeAttrs(ctx: Evaluation, set: AttrsValue, list: Lazy, site: Span | undefined): Value {
  return useNames(ctx, list, site, (names, open) => {
    if (open !== undefined)
      return ctx.optimistic ? openAttrs(new Map(), open, site) : unknownValue(open, site);
    const full = ctx.allocate(set.attrs.size);
    if (full !== undefined) return full;
    const attrs = new Map(set.attrs);
    for (const { text } of names) attrs.delete(text);
    return reset(set, attrs, site);
  });
}

/** The first definition of a name wins. */
function listToAttrs(ctx: Evaluation, list: Lazy, site: Span | undefined): Value {
  return ctx.useList(list, site, ({ items, open: listOpen }) => {
    const full = ctx.allocate(items.length);
    if (full !== undefined) return full;
    const attrs = new Map<string, Attr>();
    let open = listOpen;
    for (const item of items) {
      const pair = ctx.force(item);
      const name = ctx.select(pair, "name", site);
      if (name.kind === "error") return name;
      if (name.kind === "unknown" || name.kind === "alternatives") {
        if (!ctx.optimistic) return unknownValue(reasonOf(name), site);
        open ??= reasonOf(name);
      } else if (name.kind !== "string") return expected("a string", name, site);
      else if (!attrs.has(name.text)) {
        const given = pair.kind === "attrs" ? pair.attrs.get("value") : undefined;
        const lookUp = (self: Evaluation) => self.select(pair, "value", site);
        if (given === undefined && pair.kind === "attrs" && pair.open === undefined) return lookUp(ctx);
        const value = given?.value ?? lazily(lookUp);
        attrs.set(name.text, {
          value,
          nameSpan: name.span ?? site,
          span: given?.span ?? site,
          computed: true,
        });
      }
    }
    if (open === undefined) return attrsValue(attrs, site);
    const why = open;
    const unsure = new Map(
      Array.from(attrs, ([name, attr]) => [name, { ...attr, value: unknownValue(why, attr.span) }]),
    );
    return openAttrs(unsure, why, site);
  });
}

function intersectAttrs(ctx: Evaluation, left: AttrsValue, right: AttrsValue, site: Span | undefined): Value {
  const full = ctx.allocate(Math.min(left.attrs.size, right.attrs.size));
  if (full !== undefined) return full;
  const attrs = new Map<string, Attr>();
  let more = left.open !== undefined && right.open !== undefined;
  for (const [name, attr] of right.attrs) {
    if (left.attrs.has(name)) attrs.set(name, attr);
    else more ||= left.open !== undefined;
  }
  if (right.open !== undefined) more ||= [...left.attrs.keys()].some(name => !right.attrs.has(name));
  return more ? openAttrs(attrs, left.open ?? right.open ?? "", site) : attrsValue(attrs, site);
}

function catAttrs(ctx: Evaluation, name: string, list: Lazy, site: Span | undefined): Value {
  return ctx.useList(list, site, ({ items, open: listOpen }) => {
    const found: Lazy[] = [];
    let open = listOpen;
    for (const item of items) {
      const set = ctx.force(item);
      if (set.kind === "unknown" || set.kind === "alternatives") {
        if (!ctx.optimistic) return unknownValue(reasonOf(set), site);
        open ??= reasonOf(set);
      } else if (set.kind !== "attrs") return set.kind === "error" ? set : expected("a set", set, site);
      else {
        const attr = set.attrs.get(name);
        if (attr !== undefined) found.push(attr.value);
        else open ??= set.open;
      }
    }
    return open === undefined ? listValue(found, site) : openList(found, open, site);
  });
}

function zipAttrsWith(ctx: Evaluation, fn: Lazy, list: Lazy, site: Span | undefined): Value {
  return ctx.useFunction(fn, site, combine =>
    ctx.useList(list, site, ({ items, open: listOpen }) => {
      const found = new Map<string, { readonly first: Attr; readonly values: Lazy[] }>();
      let open = listOpen;
      for (const item of items) {
        const set = ctx.force(item);
        if (set.kind === "unknown" || set.kind === "alternatives") {
          if (!ctx.optimistic) return unknownValue(reasonOf(set), site);
          open ??= reasonOf(set);
        } else if (set.kind !== "attrs") return set.kind === "error" ? set : expected("a set", set, site);
        else {
          open ??= set.open;
          const full = ctx.allocate(set.attrs.size);
          if (full !== undefined) return full;
          for (const [name, attr] of set.attrs) {
            const entry = found.get(name);
            if (entry === undefined) found.set(name, { first: attr, values: [attr.value] });
            else entry.values.push(attr.value);
          }
        }
      }
      const attrs = new Map<string, Attr>();
      for (const [name, { first, values }] of found) {
        const all = open === undefined ? listValue(values, site) : openList(values, open, site);
        const value = callLater(combine, [nameValue(name, first, site), all], site);
        attrs.set(name, { value, nameSpan: first.nameSpan, span: first.span, computed: true });
      }
      return open === undefined ? attrsValue(attrs, site) : openAttrs(attrs, open, site);
    }),
  );
}

function functionArgs(ctx: Evaluation, fn: Lazy, site: Span | undefined): Value {
  return ctx.use(fn, value => {
    if (value.kind !== "function") return errorValue("type", "'functionArgs' requires a function", site);
    const formals = [...(value.formals ?? [])];
    return attrsOf(
      Object.fromEntries(formals.map(([name, optional]) => [name, boolValue(optional, site)])),
      site,
    );
  });
}

function attrPosition(ctx: Evaluation, name: string, set: AttrsValue, site: Span | undefined): Value {
  const attr = set.attrs.get(name);
  if (attr === undefined) return set.open === undefined ? nullValue(site) : unknownValue(set.open, site);
  if (attr.computed) return unknownValue("the position of a computed attribute", site);
  // What no file says, such as the builtins, has no position.
  return attr.nameSpan === undefined ? nullValue(site) : ctx.world.compiled.positionOf(ctx, attr.nameSpan);
}

export const ATTRS_BUILTINS: readonly NativeBuiltin[] = [
  ["attrNames", 1, (ctx, args, site) => ctx.useAttrs(arg(args, 0), site, set => attrNames(ctx, set, site))],
  ["attrValues", 1, (ctx, args, site) => ctx.useAttrs(arg(args, 0), site, set => attrValues(ctx, set, site))],
  [
    "mapAttrs",
    2,
    (ctx, args, site) => ctx.useAttrs(arg(args, 1), site, set => mapAttrs(ctx, arg(args, 0), set, site)),
  ],
  [
    "getAttr",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, name => ctx.select(arg(args, 1), name.text, name.span ?? site)),
  ],
  [
    "hasAttr",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, ({ text }) =>
        ctx.useAttrs(arg(args, 1), site, set => {
          if (set.attrs.has(text)) return boolValue(true, site);
          const open = openFor(set, text);
          return open === undefined ? boolValue(false, site) : unknownValue(open, site);
        }),
      ),
  ],
  [
    "removeAttrs",
    2,
    (ctx, args, site) => ctx.useAttrs(arg(args, 0), site, set => removeAttrs(ctx, set, arg(args, 1), site)),
  ],
  ["listToAttrs", 1, (ctx, args, site) => listToAttrs(ctx, arg(args, 0), site)],
  [
    "intersectAttrs",
    2,
    (ctx, args, site) =>
      ctx.useAttrs(arg(args, 0), site, left =>
        ctx.useAttrs(arg(args, 1), site, right => intersectAttrs(ctx, left, right, site)),
      ),
  ],
  [
    "catAttrs",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, ({ text }) => catAttrs(ctx, text, arg(args, 1), site)),
  ],
  ["zipAttrsWith", 2, (ctx, args, site) => zipAttrsWith(ctx, arg(args, 0), arg(args, 1), site)],
  ["functionArgs", 1, (ctx, args, site) => functionArgs(ctx, arg(args, 0), site)],
  [
    "unsafeGetAttrPos",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, ({ text }) =>
        ctx.useAttrs(arg(args, 1), site, set => attrPosition(ctx, text, set, site)),
      ),
  ],
];
