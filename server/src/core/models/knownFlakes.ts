// What well-known flakes have as outputs, by repository. Everything else about them, and all of other flakes, is open
// and not known.

import type { Evaluation } from "../eval/evaluation";
import {
  type Attr,
  attrOf,
  attrsOf,
  attrsValue,
  type Lazy,
  lazily,
  listValue,
  openAttrs,
  stringValue,
  unknownValue,
} from "../eval/value";
import { Model } from "../modules/model";
import { native1 } from "../modules/native";
import { moduleReason } from "../nixpkgs/bystanders";
import { nixpkgsLib } from "../nixpkgs/lib";
import { NO_MODULE, systemFunction } from "../nixpkgs/nixosSystem";
import { legacyPackages, pkgsFunction } from "../nixpkgs/pkgs";
import { deployRsOutputs } from "./activation";
import { BLUEPRINT } from "./blueprintText";
import { hiveOf, hives } from "./colmena";
import { EASY_HOSTS } from "./easyHostsText";
import { FLAKE_FILE } from "./flakeFileText";
import { FLAKE_PARTS } from "./flakePartsText";
import { FLAKE_UTILS } from "./flakeUtilsText";
import { IMPORT_TREE, IMPORT_TREE_PARTS } from "./importTreeText";
import { modelText } from "./modelText";
import { NIXOS_UNIFIED } from "./nixosUnifiedText";
import { SNOWFALL } from "./snowfallText";

export interface KnownOutputs {
  readonly outputs: ReadonlyMap<string, Attr>;
  /** Why the rest is not known. */
  readonly why: string;
  /** What `import` of the input gives. */
  readonly imported?: Lazy;
}

/** A configuration of home-manager that stands alone, behind the set that homeManagerConfiguration gives. */
export const homes = new Model<{ readonly pkgs: Lazy | undefined }>();

/** What such a configuration builds: the package with its activation script. */
export const generations = new Model<{ readonly pkgs: Lazy | undefined }>();

export function outputsOf(ctx: Evaluation, repository: string): KnownOutputs {
  const why = `comes from ${repository}`;
  const name = repository.split("/").at(-1) ?? repository;
  const modules = moduleSets(repository);
  const known = modelOf(ctx, repository, name);
  return { outputs: new Map([...modules, ...(known?.outputs ?? [])]), why, ...imported(known) };
}

function imported(known: Partial<KnownOutputs> | undefined): { imported?: Lazy } {
  return known?.imported === undefined ? {} : { imported: known.imported };
}

/** Attributes under which flakes keep modules: whatever is asked for is a module of that flake. */
const MODULE_SETS = [
  "nixosModules",
  "darwinModules",
  "homeManagerModules",
  "homeModules",
  "flakeModules",
  "modules",
];
const MODULE_ATTRS = ["nixosModule", "darwinModule", "homeManagerModule", "flakeModule"];

function moduleSets(repository: string): Map<string, Attr> {
  const reason = moduleReason(repository);
  const attrs = new Map<string, Attr>();
  for (const name of MODULE_SETS) attrs.set(name, attrOf(openAttrs(new Map(), reason)));
  for (const name of MODULE_ATTRS) attrs.set(name, attrOf(unknownValue(reason)));
  return attrs;
}

const DEFAULT_SYSTEMS = ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"];

function strings(texts: readonly string[]): Lazy {
  return listValue(texts.map(text => stringValue(text)));
}

/** The lists of systems that the flakes of nix-systems hold, by repository name. */
const SYSTEM_LISTS: Readonly<Record<string, readonly string[]>> = {
  default: ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"],
  "default-linux": ["aarch64-linux", "x86_64-linux"],
  "default-darwin": ["aarch64-darwin", "x86_64-darwin"],
  "x86_64-linux": ["x86_64-linux"],
  "aarch64-linux": ["aarch64-linux"],
  "x86_64-darwin": ["x86_64-darwin"],
  "aarch64-darwin": ["aarch64-darwin"],
};

function modelOf(ctx: Evaluation, repository: string, name: string): Partial<KnownOutputs> | undefined {
  const lib = nixpkgsLib(ctx);
  const only = (values: Readonly<Record<string, Lazy>>) => ({ outputs: attrsOf(values).attrs });
  if (name === "nixpkgs") return nixpkgsOutputs(lib);
  switch (repository) {
    case "nix-community/nixpkgs.lib":
      return only({ lib });
    case "numtide/flake-utils":
      return only({ lib: modelText(ctx, "flake-utils", FLAKE_UTILS, strings(DEFAULT_SYSTEMS)) });
    case "vic/import-tree":
    case "denful/import-tree":
      return importTree(modelText(ctx, "import-tree", IMPORT_TREE, lib));
    case "vic/flake-file":
    case "denful/flake-file":
      return only(partsOf(modelText(ctx, "flake-file", FLAKE_FILE, lib), "flakeModules"));
    case "numtide/blueprint":
      return only({ __functor: modelText(ctx, "blueprint", BLUEPRINT, lib) });
    case "srid/nixos-unified":
      return only(
        partsOf(modelText(ctx, "nixos-unified", NIXOS_UNIFIED, lib), "flakeModule", "flakeModules", "lib"),
      );
    case "snowfallorg/lib":
      return only(partsOf(modelText(ctx, "snowfall-lib", SNOWFALL, lib), "mkLib", "mkFlake"));
    case "tgirlcloud/easy-hosts":
    case "isabelroses/easy-hosts":
      return only(partsOf(modelText(ctx, "easy-hosts", EASY_HOSTS, lib), "flakeModule", "flakeModules"));
    case "hercules-ci/flake-parts":
      return only({
        lib: modelText(ctx, "flake-parts", FLAKE_PARTS, lib),
        flakeModules: open({ easyOverlay: EASY_OVERLAY }, moduleReason(repository)),
      });
    case "nix-community/home-manager":
    case "rycee/home-manager":
      return only({ lib: homeManagerLib() });
    case "lnl7/nix-darwin":
    case "nix-darwin/nix-darwin":
      return only({
        lib: open({ darwinSystem: systemFunction("darwinSystem", "darwin", lib) }, "comes from nix-darwin"),
      });
    case "zhaofengli/colmena":
    case "nix-community/colmena":
      return only({ lib: open({ makeHive: makeHive() }, "comes from colmena") });
    default:
  }
  if (name === "deploy-rs") return { outputs: deployRsOutputs() };
  const list = repository.startsWith("nix-systems/") ? SYSTEM_LISTS[name] : undefined;
  return list === undefined ? undefined : { outputs: new Map(), imported: strings(list) };
}

/** The flake is the tree itself, and so is what `import` of it gives. */
function importTree(tree: Lazy): Partial<KnownOutputs> {
  const made = partsOf(tree, ...IMPORT_TREE_PARTS);
  return { outputs: attrsOf(made).attrs, imported: tree };
}

/** Makes an overlay out of what the systems say. */
const EASY_OVERLAY = attrsOf({
  flake: attrsOf({ overlays: attrsOf({ default: unknownValue("the overlay of easyOverlay") }) }),
});

/** Attributes of a set that is only looked into when one of them is asked for. */
function partsOf(set: Lazy, ...names: readonly string[]): Record<string, Lazy> {
  return Object.fromEntries(names.map(name => [name, lazily(inner => inner.select(set, name))]));
}

function open(values: Readonly<Record<string, Lazy>>, why: string): Lazy {
  return openAttrs(attrsOf(values).attrs, why);
}

function nixpkgsOutputs(lib: Lazy): Partial<KnownOutputs> {
  const outputs = attrsOf({
    lib,
    legacyPackages: legacyPackages(lib, DEFAULT_SYSTEMS),
    nixosModules: open({ readOnlyPkgs: NO_MODULE, notDetected: NO_MODULE }, "a module of nixpkgs"),
  }).attrs;
  return { outputs, imported: pkgsFunction(lib) };
}

function homeManagerLib(): Lazy {
  const homeManagerConfiguration = native1("homeManagerConfiguration", ({ ctx, site }, lazy) =>
    ctx.useAttrs(lazy, site, args => {
      const model = { pkgs: args.attrs.get("pkgs")?.value };
      const outPath = unknownValue("the activation package of home-manager");
      const built = openAttrs(
        attrsOf({ type: stringValue("derivation"), outPath }).attrs,
        "a part of home-manager's activation package",
      );
      const set = openAttrs(
        attrsOf({ activationPackage: generations.mark(built, model) }).attrs,
        "a part of a home-manager configuration",
        site,
      );
      return homes.mark(set, model);
    }),
  );
  return attrsOf({ homeManagerConfiguration, hm: unknownValue("comes from home-manager") });
}

/** `colmena.lib.makeHive raw`: remembers the raw hive. */
function makeHive(): Lazy {
  return native1("makeHive", (call, raw) => {
    const hive = hiveOf(call, raw);
    const nodes = new Map(
      Array.from(hive.nodes, ([name, { nameSpan, system }]) => [
        name,
        { value: system, nameSpan, span: nameSpan },
      ]),
    );
    const set = openAttrs(
      attrsOf({
        __schema: stringValue("v0.5"),
        nodes: hive.open === undefined ? attrsValue(nodes) : openAttrs(nodes, hive.open),
      }).attrs,
      "a part of an evaluated hive",
      call.site,
    );
    return hives.mark(set, hive);
  });
}
