// A colmena hive: its meta, and each node as a NixOS system with colmena's own options.

import type { Evaluation } from "../eval/evaluation";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  boolValue,
  type ErrorValue,
  type Lazy,
  lazily,
  listValue,
  nullValue,
  openAttrs,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { HIVE_RESERVED } from "../knowledge/colmena";
import { Model } from "../modules/model";
import type { Call } from "../modules/native";
import type { OptionType } from "../modules/optionType";
import * as attrSets from "../modules/types/attrSets";
import * as basic from "../modules/types/basic";
import * as composite from "../modules/types/composite";
import { nixpkgsLib } from "../nixpkgs/lib";
import { systemValue } from "../nixpkgs/nixosSystem";
import { packageSets } from "../nixpkgs/pkgs";
import { typeValue } from "../nixpkgs/typeValue";
import type { Span } from "../text/span";

export interface Hive {
  readonly nodes: ReadonlyMap<string, HiveNode>;
  /** There may be more nodes: why. */
  readonly open: string | undefined;
  readonly error: ErrorValue | undefined;
  /** The hive as it is written. */
  readonly raw: Lazy;
}

export interface HiveNode {
  readonly nameSpan: Span | undefined;
  /** The node's module, as written. */
  readonly written: Lazy;
  /** The evaluated system; see `systems`. */
  readonly system: Lazy;
}

/** Behind the set that makeHive gives. */
export const hives = new Model<Hive>();

export function hiveOf(call: Call, raw: Lazy): Hive {
  const { ctx } = call;
  const value = ctx.force(raw);
  const set = value.kind === "function" ? ctx.call(value, [attrsValue(new Map())], call.site) : value;
  if (set.kind === "error") return { nodes: new Map(), open: undefined, error: set, raw };
  if (set.kind !== "attrs") {
    return {
      nodes: new Map(),
      open: set.kind === "unknown" ? set.reason : "the hive is not known",
      error: undefined,
      raw,
    };
  }
  const names = [...set.attrs.keys()].filter(name => !RESERVED.has(name));
  const nodes = new Map<string, HiveNode>();
  const others = attrsValue(
    new Map(
      names.map(name => [
        name,
        attrOf(lazily(inner => (nodes.get(name) ? inner.force(nodes.get(name)?.system ?? UNREAD) : UNREAD))),
      ]),
    ),
  );
  for (const name of names) {
    const attr = set.attrs.get(name);
    if (attr === undefined) continue;
    nodes.set(name, {
      nameSpan: attr.nameSpan,
      written: attr.value,
      system: lazily(inner => nodeSystem({ ctx: inner, site: attr.span }, set, name, attr.value, others)),
    });
  }
  return { nodes, open: set.open, error: undefined, raw };
}

const UNREAD: Value = unknownValue("another node of the hive");
const RESERVED: ReadonlySet<string> = new Set(HIVE_RESERVED);

function nodeSystem(call: Call, hive: AttrsValue, name: string, written: Lazy, nodes: Lazy): Value {
  const { ctx } = call;
  const meta = ctx.force(
    hive.attrs.get("meta")?.value ?? hive.attrs.get("network")?.value ?? attrsValue(new Map()),
  );
  const metaAt = (field: string): Lazy | undefined =>
    meta.kind === "attrs" ? meta.attrs.get(field)?.value : undefined;
  const special = new Map<string, Attr>([
    ["name", attrOf(stringValue(name))],
    ["nodes", attrOf(nodes)],
  ]);
  const openWhy = [
    addArguments(ctx, special, metaAt("specialArgs")),
    addArguments(ctx, special, select(ctx, metaAt("nodeSpecialArgs"), name)),
  ].find(why => why !== undefined);
  const pkgs = select(ctx, metaAt("nodeNixpkgs"), name) ?? metaAt("nixpkgs");
  const node = ctx.force(written);
  const own = node.kind === "list" ? node.items : [written];
  const defaults = hive.attrs.get("defaults")?.value;
  const args = attrsValue(special);
  return systemValue(call, {
    kind: "nixos",
    lib: nixpkgsLib(ctx),
    modules: {
      modules: [deploymentModule(name), ...(defaults === undefined ? [] : [defaults]), ...own],
      ...(node.kind === "list" && node.open !== undefined ? { open: node.open } : {}),
      specialArgs: openWhy === undefined ? args : openAttrs(special, openWhy),
      prefix: [],
    },
    system: pkgs === undefined ? undefined : lazily(inner => systemOfPackages(inner, pkgs)),
    pkgs: pkgs === undefined ? undefined : initialised(pkgs),
  });
}

/** A package set; what is not one (a path or function, outside flakes) is not looked into. */
function initialised(pkgs: Lazy): Lazy {
  return lazily(ctx => {
    const value = ctx.force(pkgs);
    return packageSets.of(value) === undefined ? unknownValue("comes from pkgs") : value;
  });
}

function systemOfPackages(ctx: Evaluation, pkgs: Lazy): Value {
  const known = packageSets.of(ctx.force(pkgs));
  return known === undefined ? unknownValue("the system of the hive's nixpkgs") : ctx.force(known.system);
}

function select(ctx: Evaluation, set: Lazy | undefined, name: string): Lazy | undefined {
  const value = set === undefined ? undefined : ctx.force(set);
  return value?.kind === "attrs" ? value.attrs.get(name)?.value : undefined;
}

/** Adds the arguments of a set; says why where there may be more. */
function addArguments(ctx: Evaluation, to: Map<string, Attr>, from: Lazy | undefined): string | undefined {
  if (from === undefined) return undefined;
  const value = ctx.force(from);
  if (value.kind !== "attrs")
    return value.kind === "unknown" ? value.reason : "special arguments that are not known";
  for (const [name, attr] of value.attrs) to.set(name, attr);
  return value.open;
}

function option(type: OptionType, fallback: Lazy): Lazy {
  return attrsOf({ _type: stringValue("option"), type: typeValue(type), default: fallback });
}

const UNSIGNED = basic.intBetween("unsignedInt", "unsigned integer, meaning >=0", 0n, undefined);

/** colmena's own options of a node. */
function deploymentModule(name: string): Lazy {
  const strings = composite.listOf(basic.STR);
  const nullable = (type: OptionType): OptionType => composite.nullOr(type);
  const options = attrsOf({
    deployment: attrsOf({
      targetHost: option(nullable(basic.STR), stringValue(name)),
      targetPort: option(nullable(UNSIGNED), nullValue()),
      targetUser: option(nullable(basic.STR), stringValue("root")),
      allowLocalDeployment: option(basic.BOOL, boolValue(false)),
      buildOnTarget: option(basic.BOOL, boolValue(false)),
      tags: option(strings, listValue([])),
      keys: option(
        attrSets.attrsOf(attrSets.attrsOf(basic.RAW, { lazy: true }), { lazy: false }),
        attrsValue(new Map()),
      ),
      replaceUnknownProfiles: option(basic.BOOL, boolValue(true)),
      privilegeEscalationCommand: option(
        strings,
        listValue(["sudo", "-H", "--"].map(each => stringValue(each))),
      ),
      sshOptions: option(strings, listValue([])),
    }),
  });
  return attrsOf({ key: stringValue("colmena"), options });
}
