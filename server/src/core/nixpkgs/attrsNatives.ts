// The functions of lib.attrsets and lib.lists that are native: those that must keep where names were typed, and those
// whose outcome hangs on a condition that somebody typed as an argument.

import { nameValue, reset } from "../eval/builtins/attrs";
import { relist } from "../eval/builtins/lists";
import { callLater, reasonOf, verdict } from "../eval/builtins/native";
import { equal, sortedNames } from "../eval/equality";
import { expected, missingAttribute } from "../eval/errors";
import {
  type Attr,
  type AttrsValue,
  attrsOf,
  attrsValue,
  intValue,
  type Lazy,
  lazily,
  listValue,
  openAttrs,
  openList,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { conditional } from "../modules/conditions";
import { type Call, type Natives, native1, native2 } from "../modules/native";

function mapped(value: Lazy, from: Attr | undefined): Attr {
  return { value, nameSpan: from?.nameSpan, span: from?.span, computed: true };
}

/** Attributes whose predicate is not known may be there or not: the set is open. */
function filterAttrs({ ctx, site }: Call, predicate: Lazy, set: Lazy): Value {
  return ctx.useAttrs(set, site, known => {
    const attrs = new Map<string, Attr>();
    let open = known.open;
    const full = ctx.allocate(known.attrs.size);
    if (full !== undefined) return full;
    for (const [name, attr] of known.attrs) {
      const keep = verdict(ctx, predicate, [nameValue(name, attr, site), attr.value], site);
      if (keep === true) attrs.set(name, attr);
      else if (keep !== false) {
        if (keep.kind === "error") return keep;
        open ??= reasonOf(keep);
      }
    }
    return open === undefined ? reset(known, attrs, site) : openAttrs(attrs, open, known.span ?? site);
  });
}

function genAttrs({ ctx, site }: Call, names: Lazy, fn: Lazy): Value {
  return ctx.useList(names, site, list => {
    const attrs = new Map<string, Attr>();
    let open = list.open;
    const full = ctx.allocate(list.items.length);
    if (full !== undefined) return full;
    for (const item of list.items) {
      const name = ctx.force(item);
      if (name.kind === "error") return name;
      if (name.kind === "unknown" || name.kind === "alternatives") open ??= reasonOf(name);
      else if (name.kind !== "string") return expected("a string", name, site);
      else if (!attrs.has(name.text)) {
        const value = callLater(fn, [item], site);
        attrs.set(name.text, { value, nameSpan: name.span ?? site, span: site, computed: true });
      }
    }
    return open === undefined ? attrsValue(attrs, site) : openAttrs(attrs, open, site);
  });
}

/** mapAttrs': the function gives `{ name; value; }`; names that it keeps keep their place. */
function mapAttrsPrime({ ctx, site }: Call, fn: Lazy, set: Lazy): Value {
  return ctx.useAttrs(set, site, known => {
    const attrs = new Map<string, Attr>();
    let open = known.open;
    const full = ctx.allocate(known.attrs.size);
    if (full !== undefined) return full;
    for (const name of sortedNames(known.attrs.keys())) {
      const attr = known.attrs.get(name);
      if (attr === undefined) continue;
      const pair = ctx.call(fn, [nameValue(name, attr, site), attr.value], site);
      if (pair.kind === "error") return pair;
      const given = ctx.select(pair, "name", site);
      if (given.kind === "error") return given;
      if (given.kind !== "string") open ??= given.kind === "unknown" ? given.reason : "a computed name";
      else if (!attrs.has(given.text)) {
        const value = pair.kind === "attrs" ? pair.attrs.get("value")?.value : undefined;
        attrs.set(given.text, {
          ...mapped(value ?? lazily(inner => inner.select(pair, "value", site)), attr),
          nameSpan: attr.nameSpan ?? given.span,
        });
      }
    }
    return open === undefined ? attrsValue(attrs, site) : openAttrs(attrs, open, site);
  });
}

/** concatMapAttrs: all sets that the function gives, the later ones winning. */
function concatMapAttrs({ ctx, site }: Call, fn: Lazy, set: Lazy): Value {
  return ctx.useAttrs(set, site, known => {
    const attrs = new Map<string, Attr>();
    let open = known.open;
    for (const name of sortedNames(known.attrs.keys())) {
      const attr = known.attrs.get(name);
      if (attr === undefined) continue;
      const part = ctx.call(fn, [nameValue(name, attr, site), attr.value], site);
      if (part.kind === "error") return part;
      if (part.kind === "unknown" || part.kind === "alternatives") {
        return unknownValue(reasonOf(part), site);
      }
      if (part.kind !== "attrs") return expected("a set", part, site);
      const full = ctx.allocate(part.attrs.size + 1);
      if (full !== undefined) return full;
      open ??= part.open;
      for (const [inner, value] of part.attrs) attrs.set(inner, value);
    }
    return open === undefined ? attrsValue(attrs, site) : openAttrs(attrs, open, site);
  });
}

/** Deep `//`: where both sides have sets, they are joined in turn. */
function recursiveUpdate({ ctx, site }: Call, left: Lazy, right: Lazy): Value {
  return ctx.useAttrs(left, site, a =>
    ctx.useAttrs(right, site, b => {
      const attrs = new Map(a.attrs);
      const full = ctx.allocate(a.attrs.size + b.attrs.size);
      if (full !== undefined) return full;
      for (const [name, attr] of b.attrs) {
        const below = a.attrs.get(name);
        const value = below === undefined ? attr.value : updatedBelow({ ctx, site }, below.value, attr.value);
        attrs.set(name, { ...attr, value });
      }
      const open = b.open ?? a.open;
      const set = attrsValue(attrs, b.span ?? site);
      return open === undefined ? set : certainOf(a, b, openAttrs(attrs, open, set.span));
    }),
  );
}

/** Where the right side may have more names, what comes from the left alone is not certain. */
function certainOf(a: AttrsValue, b: AttrsValue, joined: AttrsValue): AttrsValue {
  const why = b.open;
  if (why === undefined) return joined;
  const attrs = new Map(joined.attrs);
  for (const [name, attr] of a.attrs) {
    if (!b.attrs.has(name)) attrs.set(name, { ...attr, value: unknownValue(why, attr.span) });
  }
  return { ...joined, attrs };
}

function updatedBelow(call: Call, left: Lazy, right: Lazy): Lazy {
  return lazily(ctx =>
    ctx.use(right, b =>
      b.kind !== "attrs"
        ? b
        : ctx.use(left, a => (a.kind !== "attrs" ? b : recursiveUpdate({ ...call, ctx }, a, b))),
    ),
  );
}

function getAttrs({ ctx, site }: Call, names: Lazy, set: Lazy): Value {
  return ctx.useList(names, site, list =>
    ctx.useAttrs(set, site, known => {
      const attrs = new Map<string, Attr>();
      for (const item of list.items) {
        const name = ctx.force(item);
        if (name.kind === "error") return name;
        if (name.kind !== "string") return unknownValue("a name that is not known", site);
        const attr = known.attrs.get(name.text);
        if (attr !== undefined) attrs.set(name.text, attr);
        else if (known.open !== undefined) attrs.set(name.text, mapped(unknownValue(known.open), undefined));
        else return missingAttribute(known, name.text, site);
      }
      return list.open === undefined ? attrsValue(attrs, site) : openAttrs(attrs, list.open, site);
    }),
  );
}

export const ATTRSETS_NATIVES: Natives = {
  filterAttrs: native2("filterAttrs", filterAttrs),
  genAttrs: native2("genAttrs", genAttrs),
  "mapAttrs'": native2("mapAttrs'", mapAttrsPrime),
  concatMapAttrs: native2("concatMapAttrs", concatMapAttrs),
  recursiveUpdate: native2("recursiveUpdate", recursiveUpdate),
  getAttrs: native2("getAttrs", getAttrs),
  nameValuePair: native2("nameValuePair", ({ site }, name, value) => attrsOf({ name, value }, site)),
  optionalAttrs: native2("optionalAttrs", (call, condition, set) =>
    conditional(call, condition, ctx => ctx.force(set), attrsValue(new Map(), call.site)),
  ),
};

function flatten({ ctx, site }: Call, lazy: Lazy): Value {
  const items: Lazy[] = [];
  let open: string | undefined;
  const visit = (item: Lazy): Value | undefined => {
    const value = ctx.force(item);
    if (value.kind === "error") return value;
    if (value.kind === "unknown" || value.kind === "alternatives") open ??= reasonOf(value);
    else if (value.kind !== "list") items.push(item);
    else {
      open ??= value.open;
      if (!ctx.spend(1 + value.items.length)) return unknownValue("limit");
      for (const each of value.items) {
        const stop = visit(each);
        if (stop !== undefined) return stop;
      }
    }
    return undefined;
  };
  const stop = visit(lazy);
  if (stop !== undefined) return stop;
  return open === undefined ? listValue(items, site) : openList(items, open, site);
}

/** Plain values that are equal exactly if these are. */
function identity(value: Value): string | undefined {
  if (value.kind === "string") return `s${value.text}`;
  if (value.kind === "path") return `p${value.path}`;
  if (value.kind === "bool" || value.kind === "int") return `${value.kind}${value.value}`;
  return value.kind === "null" ? "null" : undefined;
}

function unique({ ctx, site }: Call, lazy: Lazy): Value {
  return ctx.useList(lazy, site, list => {
    const seen = new Set<string>();
    const others: Value[] = [];
    const kept: Lazy[] = [];
    for (const item of list.items) {
      const value = ctx.force(item);
      if (value.kind === "error") return value;
      if (value.kind === "unknown" || value.kind === "alternatives")
        return unknownValue(reasonOf(value), site);
      const id = identity(value);
      if (id !== undefined) {
        if (!seen.has(id)) kept.push(item);
        seen.add(id);
        continue;
      }
      let found = false;
      for (const other of others) {
        const same = equal(ctx, other, value, site);
        if (same.kind !== "bool") return same;
        if (same.value) found = true;
      }
      if (!found) {
        others.push(value);
        kept.push(item);
      }
    }
    return relist(list, kept, site);
  });
}

function indexed(from: number): (call: Call, fn: Lazy, list: Lazy) => Value {
  return ({ ctx, site }, fn, lazy) =>
    ctx.useList(lazy, site, list => {
      if (list.open !== undefined) return unknownValue(list.open, site);
      const full = ctx.allocate(list.items.length);
      if (full !== undefined) return full;
      return relist(
        list,
        list.items.map((item, i) => callLater(fn, [intValue(i + from), item], site)),
        site,
      );
    });
}

function part(
  keep: (items: readonly Lazy[], count: number) => readonly Lazy[],
): (call: Call, n: Lazy, list: Lazy) => Value {
  return ({ ctx, site }, n, lazy) =>
    ctx.useInt(n, site, count =>
      ctx.useList(lazy, site, list =>
        list.open === undefined
          ? relist(list, keep(list.items, Math.max(0, Number(count))), site)
          : unknownValue(list.open, site),
      ),
    );
}

export const LISTS_NATIVES: Natives = {
  optional: native2("optional", (call, condition, item) =>
    conditional(call, condition, () => listValue([item], call.site), listValue([], call.site)),
  ),
  optionals: native2("optionals", (call, condition, list) =>
    conditional(call, condition, ctx => ctx.force(list), listValue([], call.site)),
  ),
  flatten: native1("flatten", flatten),
  unique: native1("unique", unique),
  imap0: native2("imap0", indexed(0)),
  imap1: native2("imap1", indexed(1)),
  take: native2(
    "take",
    part((items, n) => items.slice(0, n)),
  ),
  drop: native2(
    "drop",
    part((items, n) => items.slice(n)),
  ),
  toList: native1("toList", ({ ctx, site }, lazy) =>
    ctx.use(lazy, value => (value.kind === "list" ? value : listValue([value], site))),
  ),
  remove: native2("remove", ({ ctx, site }, unwanted, lazy) =>
    ctx.useList(lazy, site, list => {
      const kept: Lazy[] = [];
      for (const item of list.items) {
        const same = equal(ctx, item, unwanted, site);
        if (same.kind === "error") return same;
        if (same.kind !== "bool") return unknownValue(reasonOf(same), site);
        if (!same.value) kept.push(item);
      }
      return relist(list, kept, site);
    }),
  ),
};

export const UNKNOWN_NATIVE: Lazy = native1("unknown", ({ ctx, site }, why) =>
  ctx.useString(why, site, text => unknownValue(text.text, site)),
);

/** What lib.optionalString gives, and its empty case. */
export const OPTIONAL_STRING: Lazy = native2("optionalString", (call, condition, text) =>
  conditional(call, condition, ctx => ctx.force(text), stringValue("", call.site)),
);
