// The options of NixOS (and nix-darwin) that we know, as declarations of a module, with what NixOS itself defines.

import {
  type Attr,
  attrOf,
  attrsOf,
  attrsValue,
  boolValue,
  intValue,
  type Lazy,
  listValue,
  stringValue,
  unknownValue,
} from "../eval/value";
import { OPTION_SETS, OWN_DEFINITIONS } from "../knowledge/nixosOptions";
import type { OptionDoc } from "../knowledge/optionDoc";
import type { ValueType } from "../knowledge/valueType";
import { type OptionType, UNKNOWN_TYPE } from "../modules/optionType";
import * as attrSets from "../modules/types/attrSets";
import * as basic from "../modules/types/basic";
import * as composite from "../modules/types/composite";
import { EMPTY_ARGS, remember } from "../modules/types/submodule";
import { ELABORATE } from "./systems";
import { typeValue } from "./typeValue";

/** The option type of a type of the knowledge tables; undefined for what only says "a set". */
function optionType(type: ValueType): OptionType | undefined {
  if (typeof type === "string") return SIMPLE[type];
  if ("listOf" in type) return composite.listOf(optionType(type.listOf) ?? basic.RAW);
  if ("attrsOf" in type)
    return attrSets.attrsOf(optionType(type.attrsOf) ?? basic.UNSPECIFIED, { lazy: false });
  if ("nullOr" in type) return composite.nullOr(optionType(type.nullOr) ?? basic.UNSPECIFIED);
  if ("oneOf" in type) {
    const [first, ...others] = type.oneOf.map(each => optionType(each) ?? UNKNOWN_TYPE);
    return first === undefined ? undefined : others.reduce((all, each) => composite.either(all, each), first);
  }
  return basic.enumOf(
    type.values.map(each => (typeof each === "string" ? stringValue(each) : boolValue(each))),
  );
}

const SIMPLE: Readonly<Record<Extract<ValueType, string>, OptionType | undefined>> = {
  bool: basic.BOOL,
  int: basic.INT,
  unsigned: basic.intBetween("unsignedInt", "unsigned integer, meaning >=0", 0n, undefined),
  u16: basic.PORT,
  str: basic.STR,
  lines: basic.LINES,
  path: basic.PATH,
  package: basic.PACKAGE,
  attrs: undefined,
  function: basic.RAW,
  any: basic.UNSPECIFIED,
};

/** A default of the knowledge tables as a value; Unknown where it is not one of the plain ones. */
function fallbackOf(text: string | undefined): Lazy | undefined {
  if (text === undefined) return undefined;
  if (text === "true" || text === "false") return boolValue(text === "true");
  if (text === "null") return { kind: "null", span: undefined };
  if (text === "[ ]") return listValue([]);
  if (text === "{ }") return attrsValue(new Map());
  if (/^-?\d+$/.test(text)) return intValue(BigInt(text));
  const quoted = /^"([^"\\$]*)"$/.exec(text)?.[1];
  return quoted === undefined ? undefined : stringValue(quoted);
}

/** Modules of NixOS that we do not read may define these themselves, so nothing is certain before somebody defines them. */
const DEFINED_ELSEWHERE: ReadonlySet<string> = new Set(["services.openssh", "programs.ssh"]);

function optionOf(type: OptionType, fallback: Lazy | undefined, apply?: Lazy): Lazy {
  return attrsOf({
    _type: stringValue("option"),
    type: typeValue(type),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(apply === undefined ? {} : { apply }),
  });
}

const NOT_SET = unknownValue("what NixOS sets itself");

/** A tree of declarations under construction. */
type Branch = Map<string, Branch | Lazy>;

function put(root: Branch, path: readonly string[], leaf: Lazy): void {
  let at = root;
  for (const name of path.slice(0, -1)) {
    const next = at.get(name);
    if (next instanceof Map) at = next;
    else {
      const made: Branch = new Map();
      at.set(name, made);
      at = made;
    }
  }
  at.set(path.at(-1) ?? "", leaf);
}

function asSet(branch: Branch): Lazy {
  const attrs = new Map<string, Attr>();
  for (const [name, child] of branch) attrs.set(name, attrOf(child instanceof Map ? asSet(child) : child));
  return attrsValue(attrs);
}

function declarations(): Branch {
  const root: Branch = new Map();
  for (const set of OPTION_SETS) {
    if (set.path.join(".") === "nix.settings" || set.path.includes("*")) continue;
    const elsewhere = DEFINED_ELSEWHERE.has(set.path.join("."));
    for (const doc of set.options) {
      const path = [...set.path, doc.name];
      const type = optionType(doc.type);
      if (type === undefined || OPTION_SETS.some(other => startsWith(other.path, path))) continue;
      put(root, path, optionOf(type, (elsewhere ? undefined : fallbackOf(doc.default)) ?? NOT_SET));
    }
  }
  put(root, ["nix", "settings"], optionOf(settingsType(), attrsValue(new Map())));
  put(root, ["programs", "ssh", "knownHosts"], optionOf(knownHostsType(), attrsValue(new Map())));
  for (const [path, option] of PLAIN_OPTIONS) put(root, path.split("."), option);
  return root;
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= path.length && prefix.every((part, i) => part === path[i]);
}

const ATOM = composite.nullOr(
  [basic.BOOL, basic.INT, basic.FLOAT, basic.STR, basic.PATH].reduce((all, each) =>
    composite.either(all, each),
  ),
);

/** `nix.settings`: typed options, and any other name as an atom or a list of atoms. */
function settingsType(): OptionType {
  const options = new Map<string, Attr>();
  for (const doc of OPTION_SETS.find(set => set.path.join(".") === "nix.settings")?.options ?? []) {
    const type = optionType(doc.type);
    if (type !== undefined) options.set(doc.name, attrOf(optionOf(type, settingFallback(doc))));
  }
  const freeform = attrSets.attrsOf(composite.either(ATOM, composite.listOf(ATOM)), { lazy: false });
  return remember({
    modules: [attrsOf({ options: attrsValue(options), freeformType: typeValue(freeform) })],
    specialArgs: EMPTY_ARGS,
    shorthand: true,
    world: { lib: unknownValue("lib inside nix.settings") },
  });
}

function settingFallback(doc: OptionDoc): Lazy {
  const own = OWN_DEFINITIONS.some(each => each.option.at(-1) === doc.name);
  if (own) return listValue([]);
  return fallbackOf(doc.default) ?? NOT_SET;
}

function knownHostsType(): OptionType {
  const options = new Map<string, Attr>();
  for (const doc of OPTION_SETS.find(set => set.path.join(".") === "programs.ssh.knownHosts.*")?.options ??
    []) {
    const type = optionType(doc.type);
    if (type !== undefined) options.set(doc.name, attrOf(optionOf(type, fallbackOf(doc.default) ?? NOT_SET)));
  }
  return attrSets.attrsOf(
    remember({
      modules: [attrsOf({ options: attrsValue(options) })],
      specialArgs: EMPTY_ARGS,
      shorthand: true,
      world: { lib: unknownValue("lib inside knownHosts"), undeclared: "an option of known hosts" },
    }),
    { lazy: false },
  );
}

/** Options that configurations often ask for. */
const PLAIN_OPTIONS: readonly (readonly [string, Lazy])[] = [
  ["networking.hostName", optionOf(basic.STR, NOT_SET)],
  ["networking.domain", optionOf(composite.nullOr(basic.STR), NOT_SET)],
  ["networking.hostId", optionOf(composite.nullOr(basic.STR), NOT_SET)],
  ["time.timeZone", optionOf(composite.nullOr(basic.STR), NOT_SET)],
  ["system.stateVersion", optionOf(basic.STR, NOT_SET)],
  ["system.configurationRevision", optionOf(composite.nullOr(basic.STR), NOT_SET)],
  ["system.switch.enable", optionOf(basic.BOOL, boolValue(true))],
  ["system.build", optionOf(attrSets.attrsOf(basic.RAW, { lazy: true }), attrsValue(new Map()))],
  ["nixpkgs.pkgs", optionOf(basic.RAW, undefined)],
  ["nixpkgs.system", optionOf(basic.STR, NOT_SET)],
  ["nixpkgs.hostPlatform", optionOf(composite.either(basic.STR, basic.ATTRS), NOT_SET, ELABORATE)],
  ["nixpkgs.overlays", optionOf(composite.listOf(basic.RAW), listValue([]))],
];

/** Declarations of the known options; the same for every host. */
export const NIXOS_OPTIONS: Lazy = asSet(declarations());

/** What NixOS' own modules define for the known options. */
export function ownDefinitions(): Lazy {
  const settings = new Map<string, Attr>();
  for (const own of OWN_DEFINITIONS) {
    const items = listValue(own.items.map(item => stringValue(item)));
    const value =
      own.order === "before"
        ? items
        : attrsOf({ _type: stringValue("order"), priority: intValue(1500), content: items });
    settings.set(own.option.at(-1) ?? "", attrOf(value));
  }
  return attrsOf({ nix: attrsOf({ settings: attrsValue(settings) }) });
}
