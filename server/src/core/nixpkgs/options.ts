// nixpkgs' lib.options and the definition wrappers of lib.modules (mkIf, mkMerge, mkForce, …), native.

import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  boolValue,
  intValue,
  type Lazy,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { type Call, type Natives, native1, native2, native3 } from "../modules/native";
import { optionTypes } from "../modules/optionType";
import { BOOL, PACKAGE } from "../modules/types/basic";
import { typeValue } from "./typeValue";

/** A set with `_type`, such as mkIf makes. It stands where it was called. */
function typed(type: string, values: Readonly<Record<string, Lazy>>, call: Call): AttrsValue {
  const attrs = new Map<string, Attr>([["_type", attrOf(stringValue(type))]]);
  for (const [name, value] of Object.entries(values)) attrs.set(name, attrOf(value, call.site));
  return attrsValue(attrs, call.site);
}

function overriding(name: string, level: number): Lazy {
  return native1(name, (call, content) => typed("override", { priority: intValue(level), content }, call));
}

function ordering(name: string, level: number): Lazy {
  return native1(name, (call, content) => typed("order", { priority: intValue(level), content }, call));
}

export const PROPERTIES: Natives = {
  mkIf: native2("mkIf", (call, condition, content) => typed("if", { condition, content }, call)),
  mkAssert: native3("mkAssert", (call, condition, _message, content) =>
    typed("if", { condition, content }, call),
  ),
  mkMerge: native1("mkMerge", (call, contents) => typed("merge", { contents }, call)),
  mkOverride: native2("mkOverride", (call, priority, content) =>
    typed("override", { priority, content }, call),
  ),
  mkOrder: native2("mkOrder", (call, priority, content) => typed("order", { priority, content }, call)),
  mkForce: overriding("mkForce", 50),
  mkImageMediaOverride: overriding("mkImageMediaOverride", 60),
  mkVMOverride: overriding("mkVMOverride", 10),
  mkDefault: overriding("mkDefault", 1000),
  mkOptionDefault: overriding("mkOptionDefault", 1500),
  mkBefore: ordering("mkBefore", 500),
  mkAfter: ordering("mkAfter", 1500),
  mkFixStrictness: native1("mkFixStrictness", ({ ctx }, value) => ctx.force(value)),
  mkDefinition: native1("mkDefinition", ({ site }) => unknownValue("mkDefinition", site)),
  defaultOverridePriority: intValue(100),
  defaultOrderPriority: intValue(1000),
};

function optionOf(ctx: Call["ctx"], site: Call["site"], set: Lazy): Value {
  return ctx.useAttrs(set, site, known => {
    const attrs = new Map(known.attrs);
    attrs.set("_type", attrOf(stringValue("option")));
    return { ...known, attrs };
  });
}

function isTyped(type: string): Lazy {
  return native1(`is ${type}`, ({ ctx, site }, lazy) =>
    ctx.use(lazy, value => {
      if (value.kind !== "attrs") return boolValue(false, site);
      const marker = value.attrs.get("_type");
      if (marker === undefined)
        return value.open === undefined ? boolValue(false, site) : unknownValue(value.open);
      return ctx.use(marker.value, text => boolValue(text.kind === "string" && text.text === type, site));
    }),
  );
}

/** Documentation that nobody reads here. */
function documentation(name: string): Lazy {
  return native1(name, (call, text) => typed(name, { text }, call));
}

export const OPTIONS: Natives = {
  mkOption: native1("mkOption", ({ ctx, site }, set) => optionOf(ctx, site, set)),
  mkEnableOption: native1("mkEnableOption", ({ site }) =>
    attrsOf(
      {
        _type: stringValue("option"),
        default: boolValue(false, site),
        example: boolValue(true),
        type: typeValue(BOOL),
        description: stringValue("Whether to enable something."),
      },
      site,
    ),
  ),
  mkPackageOption: native3("mkPackageOption", ({ site }) =>
    attrsOf(
      {
        _type: stringValue("option"),
        type: typeValue(PACKAGE),
        default: unknownValue("comes from pkgs", site),
      },
      site,
    ),
  ),
  mkSinkUndeclaredOptions: native1("mkSinkUndeclaredOptions", ({ site }) =>
    attrsOf({ _type: stringValue("option"), type: unknownValue("a sink for undeclared options") }, site),
  ),
  isOption: isTyped("option"),
  literalExpression: documentation("literalExpression"),
  literalMD: documentation("literalMD"),
  showOption: native1("showOption", ({ ctx, site }, loc) =>
    ctx.useList(loc, site, list => {
      if (list.open !== undefined) return unknownValue(list.open, site);
      const names: string[] = [];
      for (const item of list.items) {
        const name = ctx.force(item);
        if (name.kind !== "string")
          return name.kind === "error" ? name : unknownValue("an option's name", site);
        names.push(quoted(name.text));
      }
      return stringValue(names.join("."), site);
    }),
  ),
};

function quoted(name: string): string {
  const special = name === "*" || /^<.*>$/.test(name);
  return special || /^[A-Za-z_][\w'-]*$/.test(name) ? name : JSON.stringify(name);
}

export const isOptionType: Lazy = native1("isOptionType", ({ ctx, site }, lazy) =>
  ctx.use(lazy, value =>
    optionTypes.of(value) === undefined
      ? ctx.call(isTyped("option-type"), [value], site)
      : boolValue(true, site),
  ),
);
