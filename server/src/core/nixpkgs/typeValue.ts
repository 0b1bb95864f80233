// An option type as Nix code sees it: a set with `_type = "option-type"` that can be asked to check and to merge.

import {
  type AttrsValue,
  attrOf,
  attrsValue,
  boolValue,
  type Lazy,
  nullValue,
  openAttrs,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { native1, native2 } from "../modules/native";
import { type OptionType, optionTypes, type Ready } from "../modules/optionType";
import { definition } from "../modules/properties";

const made = new WeakMap<OptionType, AttrsValue>();

/** The same type always gives the same set. */
export function typeValue(type: OptionType): AttrsValue {
  const known = made.get(type);
  if (known !== undefined) return known;
  const set = openAttrs(
    new Map<string, ReturnType<typeof attrOf>>([
      ["_type", attrOf(stringValue("option-type"))],
      ["name", attrOf(stringValue(type.name))],
      ["description", attrOf(stringValue(type.description))],
      ["check", attrOf(checkFunction(type))],
      ["merge", attrOf(mergeFunction(type))],
      ["emptyValue", attrOf(emptyValue(type))],
      ["nestedTypes", attrOf(nested(type))],
      ["deprecationMessage", attrOf(nullValue())],
    ]),
    "a part of an option type",
  );
  made.set(type, set);
  return optionTypes.mark(set, type);
}

function nested(type: OptionType): Lazy {
  const { element } = type;
  return element === undefined
    ? attrsValue(new Map())
    : attrsValue(new Map([["elemType", attrOf(typeValue(element))]]));
}

function emptyValue(type: OptionType): Lazy {
  return attrsValue(type.empty === undefined ? new Map() : new Map([["value", attrOf(type.empty)]]));
}

function checkFunction(type: OptionType): Lazy {
  return native1("check", ({ ctx, site }, lazy) =>
    ctx.use(lazy, value => {
      const verdict = type.check(ctx, value);
      return verdict === undefined ? unknownValue("a type check", site) : boolValue(verdict, site);
    }),
  );
}

function mergeFunction(type: OptionType): Lazy {
  return native2("merge", ({ ctx, site }, loc, defs) =>
    ctx.useList(loc, site, names =>
      ctx.useList(defs, site, list => {
        const where = names.items.map(item => ctx.force(item));
        const path = where.map(each => (each.kind === "string" ? each.text : "?"));
        const ready: Ready[] = [];
        for (const item of list.items) {
          const value: Value = ctx.select(item, "value", site);
          if (value.kind === "error") return value;
          if (value.kind === "unknown" || value.kind === "alternatives")
            return unknownValue("a merged value", site);
          ready.push({ ...definition(value, { path: undefined }, value.span), value });
        }
        return list.open === undefined ? type.merge(ctx, path, ready) : unknownValue(list.open, site);
      }),
    ),
  );
}
