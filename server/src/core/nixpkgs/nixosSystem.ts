// `lib.nixosSystem` and its relatives: the modules of a machine on top of what we know of NixOS itself.

import type { Evaluation } from "../eval/evaluation";
import {
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  boolValue,
  type Lazy,
  lazily,
  listValue,
  openAttrs,
  openList,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import type { Configuration, ModulesInput, ModuleWorld } from "../modules/evalModules";
import { Model } from "../modules/model";
import { type Call, native1 } from "../modules/native";
import type { Loc } from "../modules/optionType";
import { isBystander, isLibraryModule, moduleReason } from "./bystanders";
import { configurations, configurationValue, modulesInput } from "./moduleNatives";
import { NIXOS_OPTIONS, ownDefinitions } from "./nixosOptions";
import { overlaid, packageSet, systemOf } from "./pkgs";
import { inputPath, placeOf, repositoryOf } from "./storePaths";

export type SystemKind = "nixos" | "darwin";

/** A machine's whole configuration. */
export interface System {
  readonly kind: SystemKind;
  readonly configuration: Configuration;
  /** The package set that its modules get. */
  readonly pkgs: Lazy;
}

/** Behind the set that nixosSystem gives, and behind its `config`. */
export const systems = new Model<System>();

/** Behind `config.system.build.toplevel`. */
export const toplevels = new Model<{ readonly config: Lazy }>();

export interface SystemInput {
  readonly kind: SystemKind;
  readonly lib: Lazy;
  readonly modules: ModulesInput;
  readonly system: Lazy | undefined;
  /** A package set given from outside. */
  readonly pkgs: Lazy | undefined;
}

/** nixpkgs' own modules that define none of the options we know. */
const BYSTANDERS: ReadonlySet<string> = new Set([
  "/profiles/qemu-guest.nix",
  "/profiles/minimal.nix",
  "/profiles/headless.nix",
  "/profiles/all-hardware.nix",
  "/profiles/base.nix",
  "/installer/scan/not-detected.nix",
  "/virtualisation/proxmox-lxc.nix",
  "/virtualisation/lxc-container.nix",
  "/virtualisation/amazon-image.nix",
  "/virtualisation/digital-ocean-config.nix",
  "/virtualisation/google-compute-image.nix",
  "/virtualisation/google-compute-config.nix",
  "/virtualisation/azure-common.nix",
]);

export const NO_MODULE: AttrsValue = attrsValue(new Map());

/** The module of nixpkgs that a path below `modulesPath` names. */
function knownModule(value: Value): Lazy | undefined {
  if (value.kind === "unknown" && isBystander(value.reason)) return NO_MODULE;
  const place = placeOf(value);
  if (place === undefined) return undefined;
  if (place.input !== "nixpkgs") {
    const reason = moduleReason(repositoryOf(place));
    return isBystander(reason) ? NO_MODULE : unknownValue(reason, value.span);
  }
  const file = place.below.replace(/^\/nixos\/modules/, "");
  if (BYSTANDERS.has(file)) return NO_MODULE;
  return unknownValue(`the module ${place.below.slice(1)} of ${place.input} is not read`, value.span);
}

function worldOf(kind: SystemKind, lib: Lazy): ModuleWorld {
  const undeclared = kind === "nixos" ? "an option of NixOS that is not modelled" : "an option of nix-darwin";
  const untouched = (loc: Loc, reason: string) => isLibraryModule(reason) && names(loc);
  return { lib, undeclared, known: knownModule, untouched };
}

/** Options that say which machine this is. */
function names(loc: Loc): boolean {
  const [first, second] = loc;
  if (first === "deployment") return true;
  if (first === "networking") return second === "hostName" || second === "domain";
  return first === "nixpkgs" && (second === "hostPlatform" || second === "system" || second === "pkgs");
}

export function systemValue(call: Call, input: SystemInput): AttrsValue {
  const found: { configuration?: Configuration } = {};
  const pkgs: Lazy = lazily(ctx => pkgsOf(ctx, input, found.configuration));
  const base = baseModule(input, pkgs, () => found.configuration);
  const special = new Map(input.modules.specialArgs.attrs);
  special.set("modulesPath", attrOf(inputPath("nixpkgs", "/nixos/modules")));
  const modules: ModulesInput = {
    ...input.modules,
    modules: [base, ...input.modules.modules],
    specialArgs: { ...input.modules.specialArgs, attrs: special },
  };
  const set = configurationValue(call, worldOf(input.kind, input.lib), modules, {
    pkgs,
    lib: input.lib,
    extraArgs: unknownValue("extraArgs"),
    ...(input.kind === "darwin" ? { system: toplevelOf(() => found.configuration) } : {}),
  });
  const configuration = configurations.of(set);
  if (configuration === undefined) return set;
  found.configuration = configuration;
  const system: System = { kind: input.kind, configuration, pkgs };
  const config: Lazy = lazily(ctx => {
    const value = ctx.force(configuration.config);
    return value.kind === "attrs" ? systems.mark(value, system) : value;
  });
  const attrs = new Map(set.attrs);
  attrs.set("config", attrOf(config, call.site));
  return systems.mark(openAttrs(attrs, "a part of a system", set.span), system);
}

function toplevelOf(configuration: () => Configuration | undefined): Lazy {
  const config: Lazy = lazily(ctx => {
    const known = configuration();
    return known === undefined ? unknownValue("the configuration") : ctx.force(known.config);
  });
  const set = openAttrs(
    attrsOf({ type: stringValue("derivation"), outPath: unknownValue("the store path of a system") }).attrs,
    "a part of a system's derivation",
  );
  return toplevels.mark(set, { config });
}

/** What NixOS brings along: options, own definitions, arguments of modules. */
function baseModule(input: SystemInput, pkgs: Lazy, configuration: () => Configuration | undefined): Lazy {
  const unread = (name: string) => unknownValue(`the module argument ${name}`);
  const args = attrsOf({
    ...(input.modules.specialArgs.attrs.has("pkgs") ? {} : { pkgs }),
    utils: unread("utils"),
    baseModules: unread("baseModules"),
    extraModules: unread("extraModules"),
    noUserModules: unread("noUserModules"),
    modules: userModules(input.modules),
  });
  const build = openAttrs(attrsOf({ toplevel: toplevelOf(configuration) }).attrs, "an output of a system");
  const given = input.system === undefined ? {} : { system: defaulted(input.system) };
  const config = attrsOf({
    _type: stringValue("merge"),
    contents: {
      kind: "list",
      span: undefined,
      items: [
        // A submodule takes definitions of one module last first.
        ...moreTrustedUsers(configuration),
        ownDefinitions(),
        attrsOf({ _module: attrsOf({ args }), system: attrsOf({ build }), nixpkgs: attrsOf(given) }),
      ],
    },
  });
  return attrsOf({ key: stringValue("nixos"), options: NIXOS_OPTIONS, config });
}

/** `_module.args.modules`, from which hives are often made. */
function userModules({ modules, open }: ModulesInput): Lazy {
  return open === undefined ? listValue(modules) : openList(modules, open);
}

/** Services of NixOS that make a user of theirs trusted. */
function moreTrustedUsers(configuration: () => Configuration | undefined): Lazy[] {
  const flag = (...path: readonly string[]): Lazy =>
    lazily(() => {
      const known = configuration();
      const declared = known?.option(path);
      if (declared !== undefined) return declared;
      const name = path.at(-1) ?? "";
      const defined = known?.definitions().at(path.slice(0, -1)).definitionsOf(name) ?? [];
      return defined.length === 0 ? boolValue(false) : unknownValue(path.join("."));
    });
  const trusted = (condition: Lazy, user: string): Lazy => {
    const users = attrsOf({
      _type: stringValue("if"),
      condition,
      content: listValue([stringValue(user)]),
    });
    return attrsOf({ nix: attrsOf({ settings: attrsOf({ "trusted-users": users }) }) });
  };
  // asked in this order, because `trusted` is seldom set and then settles it, whatever `enable` hangs on
  const served = lazily(ctx =>
    ctx.useBool(flag("nix", "sshServe", "trusted"), undefined, isTrusted =>
      isTrusted ? ctx.force(flag("nix", "sshServe", "enable")) : boolValue(false),
    ),
  );
  return [trusted(served, "nix-ssh"), trusted(flag("services", "hydra", "enable"), "hydra-queue-runner")];
}

function defaulted(value: Lazy): Lazy {
  return attrsOf({
    _type: stringValue("override"),
    priority: { kind: "int", value: 1000n, span: undefined },
    content: value,
  });
}

/** The package set of a system: given, set by `nixpkgs.pkgs`, or made for its platform with its overlays. */
function pkgsOf(ctx: Evaluation, input: SystemInput, configuration: Configuration | undefined): Value {
  if (input.pkgs !== undefined) return ctx.force(input.pkgs);
  if (configuration === undefined) return unknownValue("comes from pkgs");
  const own = configuration.definitions().at(["nixpkgs"]).definitionsOf("pkgs");
  if (own.length > 0) {
    const value = configuration.option(["nixpkgs", "pkgs"]);
    if (value !== undefined && value.kind !== "error") return value;
  }
  const overlays: Lazy = lazily(
    () => configuration.option(["nixpkgs", "overlays"]) ?? unknownValue("overlays"),
  );
  const base = packageSet({
    lib: input.lib,
    system: lazily(inner => systemName(inner, input, configuration)),
    overlays,
  });
  return overlaid(ctx, base, overlays);
}

/** `x86_64-linux` and the like: nixpkgs.hostPlatform, else nixpkgs.system, else what nixosSystem was called with. */
export function systemName(
  ctx: Evaluation,
  input: Pick<SystemInput, "system">,
  configuration: Configuration,
): Value {
  const tree = configuration.definitions().at(["nixpkgs"]);
  if (tree.definitionsOf("hostPlatform").length > 0) {
    const platform = configuration.option(["nixpkgs", "hostPlatform"]);
    if (platform !== undefined) return ctx.select(platform, "system");
  }
  if (tree.definitionsOf("system").length > 0) {
    const value = configuration.option(["nixpkgs", "system"]);
    if (value !== undefined) return value;
  }
  const given = systemOf(input.system);
  return given === undefined ? unknownValue("the system is not set") : ctx.force(given);
}

/** `nixosSystem { system; modules; specialArgs; … }` */
export function systemFunction(name: string, kind: SystemKind, lib: Lazy): Lazy {
  return native1(name, (call, lazy) =>
    call.ctx.useAttrs(lazy, call.site, args => {
      const modules = modulesInput(call, args);
      if ("kind" in modules) return modules;
      const own = args.attrs.get("lib");
      return systemValue(call, {
        kind,
        lib: own === undefined ? lib : own.value,
        modules: withInputs(modules, args, kind),
        system: args.attrs.get("system")?.value,
        pkgs: args.attrs.get("pkgs")?.value,
      });
    }),
  );
}

/** nix-darwin takes `inputs` as one more special argument. */
function withInputs(modules: ModulesInput, args: AttrsValue, kind: SystemKind): ModulesInput {
  const inputs = args.attrs.get("inputs");
  if (kind !== "darwin" || inputs === undefined) return modules;
  const attrs = new Map([...modules.specialArgs.attrs, ["inputs", inputs] as const]);
  return { ...modules, specialArgs: { ...modules.specialArgs, attrs } };
}
