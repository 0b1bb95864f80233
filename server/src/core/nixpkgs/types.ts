// nixpkgs' lib.types: the option types as Nix code names them.

import type { Evaluation } from "../eval/evaluation";
import {
  type AttrsValue,
  attrsOf,
  boolValue,
  errorValue,
  type Lazy,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import type { ModuleWorld } from "../modules/evalModules";
import { type Call, type Natives, native1, native2, native3 } from "../modules/native";
import { typeOf } from "../modules/optionTree";
import type { OptionType } from "../modules/optionType";
import * as attrSets from "../modules/types/attrSets";
import * as basic from "../modules/types/basic";
import * as composite from "../modules/types/composite";
import { deferredModule, EMPTY_ARGS, remember, type SubmoduleSpec } from "../modules/types/submodule";
import { typeValue } from "./typeValue";

/** A type made of one other type. */
function of1(name: string, make: (element: OptionType) => OptionType): Lazy {
  return native1(name, ({ ctx, site }, element) =>
    ctx.useAttrs(element, site, set => typeValue(make(typeOf(ctx, set)))),
  );
}

function typeArg(ctx: Evaluation, lazy: Lazy, use: (type: OptionType) => Value, site: Call["site"]): Value {
  return ctx.useAttrs(lazy, site, set => use(typeOf(ctx, set)));
}

const between = native2("between", ({ ctx, site }, low, high) =>
  ctx.useInt(low, site, from =>
    ctx.useInt(high, site, to =>
      from > to
        ? errorValue("throw", "ints.between: lowest must not be larger than highest", site)
        : typeValue(
            basic.intBetween("intBetween", `integer between ${from} and ${to} (both inclusive)`, from, to),
          ),
    ),
  ),
);

function ranged(name: string, low: bigint | undefined, high: bigint | undefined): Lazy {
  return typeValue(basic.intBetween(name, `${name}: an integer in its range`, low, high));
}

const INTS: Lazy = attrsOf({
  between,
  unsigned: ranged("unsignedInt", 0n, undefined),
  positive: ranged("positiveInt", 1n, undefined),
  u8: ranged("unsignedInt8", 0n, 255n),
  u16: typeValue(basic.PORT),
  u32: ranged("unsignedInt32", 0n, 4294967295n),
  s8: ranged("signedInt8", -128n, 127n),
  s16: ranged("signedInt16", -32768n, 32767n),
  s32: ranged("signedInt32", -2147483648n, 2147483647n),
});

const NUMBERS: Lazy = attrsOf({
  between: native2("between", ({ ctx }, low, high) =>
    ctx.use(low, from =>
      ctx.use(high, to => {
        const ends = [from, to].map(each =>
          each.kind === "int" || each.kind === "float" ? Number(each.value) : undefined,
        );
        return typeValue(basic.numberBetween(ends[0], ends[1]));
      }),
    ),
  ),
  nonnegative: typeValue(basic.numberBetween(0, undefined)),
  positive: typeValue(basic.numberBetween(Number.MIN_VALUE, undefined)),
});

function enumType(call: Call, values: Lazy): Value {
  return call.ctx.useList(values, call.site, list =>
    list.open === undefined ? typeValue(basic.enumOf(list.items)) : unknownValue(list.open, call.site),
  );
}

function oneOf(call: Call, types: Lazy): Value {
  const { ctx, site } = call;
  return ctx.useList(types, site, list => {
    const members: OptionType[] = [];
    for (const item of list.items) {
      const value = ctx.force(item);
      if (value.kind === "error") return value;
      members.push(typeOf(ctx, value));
    }
    const last = members.pop();
    if (last === undefined)
      return errorValue("throw", "oneOf needs to get at least one type in its argument", site);
    return typeValue(members.reduceRight((right, left) => composite.either(left, right), last));
  });
}

/** The strings that match a regular expression, as `builtins.match` says. */
function strMatching(call: Call, pattern: Lazy, match: Lazy): Value {
  return typeValue({
    ...basic.STR,
    name: "strMatching",
    description: "string matching a pattern",
    check: (ctx, value) => {
      if (value.kind !== "string") return false;
      const found = ctx.call(match, [pattern, value], call.site);
      return found.kind === "null" ? false : found.kind === "list" ? true : undefined;
    },
  });
}

function modulesOf(call: Call, lazy: Lazy): { modules: readonly Lazy[]; open?: string } {
  const value = call.ctx.force(lazy);
  if (value.kind === "list")
    return value.open === undefined ? { modules: value.items } : { modules: value.items, open: value.open };
  return {
    modules: [],
    open: value.kind === "unknown" ? value.reason : "modules of a submodule that are not known",
  };
}

function submoduleType(call: Call, modules: Lazy, world: ModuleWorld): Value {
  const value = call.ctx.force(modules);
  if (value.kind === "error") return value;
  const given = value.kind === "list" ? modulesOf(call, value) : { modules: [modules] };
  return typeValue(remember({ ...given, specialArgs: EMPTY_ARGS, shorthand: true, world }));
}

function submoduleWith(call: Call, lazy: Lazy, world: ModuleWorld): Value {
  const { ctx, site } = call;
  return ctx.useAttrs(lazy, site, set => {
    const modules = set.attrs.get("modules");
    const special = set.attrs.get("specialArgs");
    const args = special === undefined ? EMPTY_ARGS : ctx.force(special.value);
    const shorthand = set.attrs.get("shorthandOnlyDefinesConfig");
    const only = shorthand === undefined ? undefined : ctx.force(shorthand.value);
    const spec: SubmoduleSpec = {
      ...(modules === undefined ? { modules: [] } : modulesOf(call, modules.value)),
      specialArgs: args.kind === "attrs" ? args : EMPTY_ARGS,
      shorthand: only?.kind === "bool" && only.value,
      world,
    };
    return typeValue(remember(spec));
  });
}

function attrsWith(call: Call, lazy: Lazy): Value {
  const { ctx, site } = call;
  return ctx.useAttrs(lazy, site, set => {
    const element = set.attrs.get("elemType");
    if (element === undefined) return unknownValue("attrsWith without elemType", site);
    const lazyFlag = set.attrs.get("lazy");
    const flag = lazyFlag === undefined ? undefined : ctx.force(lazyFlag.value);
    const isLazy = flag?.kind === "bool" && flag.value;
    return typeArg(ctx, element.value, type => typeValue(attrSets.attrsOf(type, { lazy: isLazy })), site);
  });
}

function customType(call: Call, lazy: Lazy): Value {
  return call.ctx.useAttrs(lazy, call.site, set => {
    const attrs = new Map(set.attrs);
    attrs.set("_type", { value: stringValue("option-type"), nameSpan: undefined, span: undefined });
    return { ...set, attrs };
  });
}

/** All of lib.types, for one world of modules; `match` is builtins.match. */
export function typesOf(world: ModuleWorld, match: Lazy): Natives {
  const plain: Record<string, OptionType> = {
    anything: composite.ANYTHING,
    unspecified: basic.UNSPECIFIED,
    raw: basic.RAW,
    bool: basic.BOOL,
    boolByOr: basic.BOOL_BY_OR,
    int: basic.INT,
    float: basic.FLOAT,
    number: basic.NUMBER,
    str: basic.STR,
    string: basic.separatedString("", "string"),
    nonEmptyStr: basic.NON_EMPTY_STR,
    singleLineStr: basic.SINGLE_LINE_STR,
    passwdEntry: basic.STR,
    lines: basic.LINES,
    commas: basic.COMMAS,
    envVar: basic.ENV_VAR,
    port: basic.PORT,
    path: basic.PATH,
    externalPath: basic.PATH,
    pathInStore: { ...basic.PATH, check: () => undefined },
    package: basic.PACKAGE,
    shellPackage: basic.PACKAGE,
    pkgs: { ...basic.RAW, name: "pkgs" },
    attrs: basic.ATTRS,
    optionType: basic.OPTION_TYPE,
    deferredModule: deferredModule([]),
  };
  const types: Record<string, Lazy> = {};
  for (const [name, type] of Object.entries(plain)) types[name] = typeValue(type);
  return {
    ...types,
    ints: INTS,
    numbers: NUMBERS,
    enum: native1("enum", enumType),
    attrsOf: of1("attrsOf", type => attrSets.attrsOf(type, { lazy: false })),
    lazyAttrsOf: of1("lazyAttrsOf", type => attrSets.attrsOf(type, { lazy: true })),
    attrsWith: native1("attrsWith", attrsWith),
    loaOf: of1("loaOf", type => attrSets.attrsOf(type, { lazy: false })),
    listOf: of1("listOf", composite.listOf),
    nonEmptyListOf: of1("nonEmptyListOf", composite.nonEmptyListOf),
    nullOr: of1("nullOr", composite.nullOr),
    uniq: of1("uniq", composite.unique),
    unique: native2("unique", ({ ctx, site }, _message, type) =>
      typeArg(ctx, type, known => typeValue(composite.unique(known)), site),
    ),
    functionTo: of1("functionTo", composite.functionTo),
    either: native2("either", ({ ctx, site }, left, right) =>
      typeArg(ctx, left, a => typeArg(ctx, right, b => typeValue(composite.either(a, b)), site), site),
    ),
    oneOf: native1("oneOf", oneOf),
    coercedTo: native3("coercedTo", ({ ctx, site }, from, coerce, to) =>
      typeArg(
        ctx,
        from,
        a => typeArg(ctx, to, b => typeValue(composite.coercedTo(a, coerce, b)), site),
        site,
      ),
    ),
    addCheck: native2("addCheck", ({ ctx, site }, type, check) =>
      typeArg(ctx, type, known => typeValue(composite.addCheck(known, check)), site),
    ),
    separatedString: native1("separatedString", ({ ctx, site }, separator) =>
      ctx.useString(separator, site, text => typeValue(basic.separatedString(text.text))),
    ),
    strMatching: native1("strMatching", (call, pattern) => strMatching(call, pattern, match)),
    submodule: native1("submodule", (call, modules) => submoduleType(call, modules, world)),
    submoduleWith: native1("submoduleWith", (call, spec) => submoduleWith(call, spec, world)),
    deferredModuleWith: native1("deferredModuleWith", (call, spec) =>
      call.ctx.useAttrs(spec, call.site, set => {
        const modules = set.attrs.get("staticModules");
        return typeValue(deferredModule(modules === undefined ? [] : modulesOf(call, modules.value).modules));
      }),
    ),
    mkOptionType: native1("mkOptionType", customType),
    isType: native2("isType", ({ ctx, site }, type, value) =>
      ctx.useString(type, site, wanted =>
        ctx.use(value, known => {
          if (known.kind !== "attrs") return boolValue(false, site);
          const marker = known.attrs.get("_type");
          if (marker === undefined) return boolValue(false, site);
          return ctx.useString(marker.value, site, text => boolValue(text.text === wanted.text, site));
        }),
      ),
    ),
    setType: native2("setType", ({ ctx, site }, type, value) =>
      ctx.useAttrs(value, site, set => setType(set, type)),
    ),
  };
}

function setType(set: AttrsValue, type: Lazy): Value {
  const attrs = new Map(set.attrs);
  attrs.set("_type", { value: type, nameSpan: undefined, span: undefined });
  return { ...set, attrs };
}
