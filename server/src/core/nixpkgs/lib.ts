// nixpkgs' `lib`: natives and the prelude put together. It is open, as no version of lib is exactly this one.

import { BUILTINS } from "../eval/builtins/all";
import type { Evaluation } from "../eval/evaluation";
import { MADE_UP } from "../eval/paths";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  type Lazy,
  lazily,
  openAttrs,
  unknownValue,
  type Value,
} from "../eval/value";
import type { ModuleWorld } from "../modules/evalModules";
import { type Natives, native1 } from "../modules/native";
import type { Span } from "../text/span";
import { ATTRSETS_NATIVES, LISTS_NATIVES, UNKNOWN_NATIVE } from "./attrsNatives";
import { moduleNatives } from "./moduleNatives";
import { systemFunction } from "./nixosSystem";
import { isOptionType, OPTIONS, PROPERTIES } from "./options";
import { ATTRSETS } from "./prelude/attrsets";
import { FILESET } from "./prelude/fileset";
import { LISTS } from "./prelude/lists";
import { REST } from "./prelude/rest";
import { STRINGS, STRINGS_WITH_DEPS } from "./prelude/strings";
import { TRIVIAL } from "./prelude/trivial";
import { stringNatives } from "./stringNatives";
import { SYSTEMS } from "./systems";
import { typesOf } from "./types";

/** Below this path stands no file: it only names the prelude in spans. */
export const PRELUDE = `${MADE_UP}nixpkgs-lib/`;

const WHY_OPEN = "a part of nixpkgs' lib that is not modelled";

const libs = new WeakMap<Evaluation, AttrsValue>();

/** lib, one for each evaluation: what a limit cuts off in one must not be remembered in another. */
export function nixpkgsLib(ctx: Evaluation): AttrsValue {
  const known = libs.get(ctx);
  if (known !== undefined) return known;
  const lib = makeLib(ctx);
  libs.set(ctx, lib);
  return lib;
}

function prelude(name: string, text: string): Lazy {
  return lazily(inner => {
    const { compiled, ports } = inner.world;
    return compiled.load(`${PRELUDE}${name}.nix`, text, ports.parse).evaluate(inner);
  });
}

function builtin(name: string): Lazy {
  return BUILTINS.get(name) ?? unknownValue(`builtins.${name}`);
}

function set(values: Natives): AttrsValue {
  return attrsOf(values);
}

type Sections = Readonly<Record<string, Lazy>>;

function makeLib(ctx: Evaluation): AttrsValue {
  const self: Lazy = lazily(() => lib);
  const world: ModuleWorld = { lib: self };
  const native = set({
    lists: set(LISTS_NATIVES),
    attrsets: set(ATTRSETS_NATIVES),
    strings: set(stringNatives(builtin("concatStringsSep"))),
    unknown: UNKNOWN_NATIVE,
  });
  const trivialParts = prelude("trivial", TRIVIAL);
  const part = (name: string): Lazy => lazily(inner => inner.select(trivialParts, name));
  const lists: Lazy = lazily(inner => inner.call(prelude("lists", LISTS), [native]));
  const strings: Lazy = lazily(inner => inner.call(prelude("strings", STRINGS), [native, lists]));
  const attrsets: Lazy = lazily(inner => inner.call(prelude("attrsets", ATTRSETS), [native, lists, strings]));
  const rest: Lazy = lazily(inner => inner.call(prelude("rest", REST), [native, self]));
  const restPart = (name: string): Lazy => lazily(inner => inner.select(rest, name));
  const modules = set({ ...PROPERTIES, ...moduleNatives(world) });
  const types = set({ ...typesOf(world, builtin("match")), isOptionType });
  const sections: Sections = {
    trivial: part("trivial"),
    fixedPoints: part("fixedPoints"),
    asserts: part("asserts"),
    versions: part("versions"),
    debug: part("debug"),
    lists,
    strings,
    attrsets,
    stringsWithDeps: prelude("stringsWithDeps", STRINGS_WITH_DEPS),
    options: set(OPTIONS),
    modules,
    types,
    generators: restPart("generators"),
    meta: restPart("meta"),
    customisation: restPart("customisation"),
    derivations: restPart("derivations"),
    filesystem: restPart("filesystem"),
    fileset: lazily(inner => inner.call(prelude("fileset", FILESET), [native, self])),
    sources: restPart("sources"),
    cli: restPart("cli"),
    systems: SYSTEMS,
  };
  const lib = openAttrs(new Map([...exported(ctx, sections), ...own(sections, self)]), WHY_OPEN);
  return lib;
}

/** Sections whose functions stand in lib itself too; the later one wins. */
const EXPORTED = [
  "cli",
  "debug",
  "versions",
  "options",
  "modules",
  "derivations",
  "customisation",
  "meta",
  "filesystem",
  "sources",
  "stringsWithDeps",
  "asserts",
  "fixedPoints",
  "strings",
  "lists",
  "attrsets",
  "trivial",
] as const;

function exported(ctx: Evaluation, sections: Sections): Map<string, Attr> {
  const attrs = new Map<string, Attr>();
  for (const name of EXPORTED) {
    const section = ctx.force(sections[name] ?? unknownValue(WHY_OPEN));
    if (section.kind !== "attrs") continue;
    for (const [inner, attr] of section.attrs)
      if (!INNER_ONLY.has(`${name}.${inner}`)) attrs.set(inner, attr);
  }
  return attrs;
}

/** Functions that nixpkgs does not export from their section. */
const INNER_ONLY: ReadonlySet<string> = new Set([
  "lists.hasPrefix",
  "lists.removePrefix",
  "lists.commonPrefix",
  "lists.findFirstIndex",
  "strings.replicate",
  "strings.storeDir",
  "strings.escapeNixString",
  "strings.escapeNixIdentifier",
  "strings.floatToString",
  "strings.isConvertibleWithToString",
  "strings.commonPrefixLength",
  "strings.sanitizeDerivationName",
  "attrsets.longestValidPathPrefix",
  "attrsets.unionOfDisjoint",
  "versions.major",
  "versions.minor",
  "versions.patch",
  "versions.majorMinor",
  "versions.pad",
  "modules.defaultOverridePriority",
  "modules.defaultOrderPriority",
  "modules.importApply",
  "filesystem.listFilesRecursive",
  "asserts.assertEachOneOf",
  "asserts.checkAssertWarn",
]);

function own(sections: Sections, self: Lazy): Map<string, Attr> {
  const attrs = new Map<string, Attr>();
  for (const [name, value] of Object.entries(sections)) attrs.set(name, attrOf(opened(value)));
  const types = sections["types"];
  if (types !== undefined) {
    for (const name of ["mkOptionType", "isType", "setType", "isOptionType"]) {
      attrs.set(name, attrOf(lazily(inner => inner.select(types, name))));
    }
  }
  for (const name of [
    "hashString",
    "hasContext",
    "isFloat",
    "fromJSON",
    "toFile",
    "tryEval",
    "hashFile",
    "readFileType",
    "toString",
  ]) {
    const value = BUILTINS.get(name);
    if (value !== undefined) attrs.set(name, attrOf(value));
  }
  attrs.set("extend", attrOf(EXTEND));
  attrs.set("nixosSystem", attrOf(systemFunction("nixosSystem", "nixos", self)));
  return attrs;
}

/** A section as others see it: every version of nixpkgs has functions that are not modelled. */
function opened(section: Lazy): Lazy {
  return lazily(ctx => {
    const value = ctx.force(section);
    return value.kind === "attrs" && value.open === undefined ? openAttrs(value.attrs, WHY_OPEN) : value;
  });
}

/** `lib.extend overlay`: lib with what the overlay adds, as a fixpoint. */
const EXTEND: Lazy = native1("extend", ({ ctx, site }, overlay) =>
  extended(nixpkgsLib(ctx), overlay, ctx, site),
);

function extended(base: AttrsValue, overlay: Lazy, ctx: Evaluation, site: Span | undefined): Value {
  const final: Lazy = lazily(() => result);
  const added = lazily(inner => inner.call(overlay, [final, base], site));
  const result: Value = ctx.useAttrs(added, site, more => {
    const attrs = new Map(base.attrs);
    for (const [name, attr] of more.attrs) attrs.set(name, attr);
    return openAttrs(attrs, more.open ?? WHY_OPEN);
  });
  return result;
}
