// What may stand in which set of a Nix file: the tables of core/knowledge behind one question, asked with the attribute
// path under which a set stands.

import { hiveOptions } from "../knowledge/colmena";
import { deployOptions } from "../knowledge/deployRs";
import { OPTION_SETS } from "../knowledge/nixosOptions";
import { NIX_SETTINGS, type NixSetting } from "../knowledge/nixSettings";
import type { OptionDoc } from "../knowledge/optionDoc";
import { describeType } from "../knowledge/valueType";
import { endsWith } from "./cursor";

/** One name with everything that hover and completion say about it. */
export interface NameDoc {
  readonly name: string;
  /** Whose it is: "Nix setting", "deploy-rs node", "NixOS option nix.sshServe". */
  readonly origin: string;
  readonly type: string;
  readonly shape: ValueShape;
  readonly default?: string;
  readonly description: string;
  /** Further facts, one line each: age, who may set it. */
  readonly notes: readonly string[];
  /** The values, where there are only a few. */
  readonly values: readonly string[];
  readonly required: boolean;
  /** An older name; not offered. */
  readonly outdated: boolean;
  readonly link?: string;
}

/** How a value is begun when the name is completed. */
export type ValueShape = "bool" | "number" | "text" | "list" | "set" | "other";

/** Sets that are no modules, so that a `nix` or `settings` in them is something else. */
const ELSEWHERE = new Set(["inputs", "options", "packages", "overlays", "devShells"]);

/** The names that may stand in the set at a path; undefined where we know nothing about it. */
export function namesInSet(path: readonly string[], file: string): readonly NameDoc[] | undefined {
  if (path.some(name => ELSEWHERE.has(name))) return undefined;
  if (endsWith(path, ["nix", "settings"]) || isFlakeConfig(path, file)) return nixSettingDocs();
  const deploy = deploySet(path);
  if (deploy !== undefined) return deploy;
  const hive = hiveSet(path, file);
  if (hive !== undefined) return hive;
  if (path.length === 0) return rootNames(file);
  const set = OPTION_SETS.find(each => endsWith(path, each.path));
  return set?.options.map(option => optionDoc(option, `NixOS option ${set.path.join(".")}`));
}

/** At the top of a file: what a flake and a hive have besides what everybody knows. */
function rootNames(file: string): readonly NameDoc[] | undefined {
  if (file.endsWith("/flake.nix"))
    return [
      rootDoc(
        "nixConfig",
        "flake",
        "Nix settings for everybody who uses the flake, if they agree. Read without evaluating: literals only.",
      ),
    ];
  if (!file.endsWith("/hive.nix")) return undefined;
  return [
    rootDoc("meta", "Colmena hive", "The hive itself: its nixpkgs, arguments for modules."),
    rootDoc("defaults", "Colmena hive", "A module that every node imports."),
  ];
}

function rootDoc(name: string, origin: string, description: string): NameDoc {
  return {
    name,
    origin,
    type: "attribute set",
    shape: "set",
    description,
    notes: [],
    values: [],
    required: false,
    outdated: false,
  };
}

/** What is known about a name in a set; `extra-` forms of settings included. */
export function nameInSet(path: readonly string[], name: string, file: string): NameDoc | undefined {
  const names = namesInSet(path, file);
  return names?.find(each => each.name === name);
}

/** Whether a set is a flake's `nixConfig`. */
function isFlakeConfig(path: readonly string[], file: string): boolean {
  return file.endsWith("/flake.nix") && path.length === 1 && path[0] === "nixConfig";
}

function deploySet(path: readonly string[]): readonly NameDoc[] | undefined {
  const at = path.lastIndexOf("deploy");
  if (at < 0) return undefined;
  const [nodes, , profiles, , ...deeper] = path.slice(at + 1);
  const length = path.length - at - 1;
  if (deeper.length > 0 || (nodes !== undefined && nodes !== "nodes")) return undefined;
  if (length === 0) return deployOptions("deploy").map(option => optionDoc(option, "deploy-rs"));
  if (length === 2) return deployOptions("node").map(option => optionDoc(option, "deploy-rs node"));
  if (length === 4 && profiles === "profiles")
    return deployOptions("profile").map(option => optionDoc(option, "deploy-rs profile"));
  return undefined;
}

function hiveSet(path: readonly string[], file: string): readonly NameDoc[] | undefined {
  if (endsWith(path, ["deployment"]))
    return hiveOptions("deployment").map(each => optionDoc(each, "Colmena"));
  if (endsWith(path, ["deployment", "keys", "*"]))
    return hiveOptions("key").map(each => optionDoc(each, "Colmena key"));
  const isMeta = endsWith(path, ["colmena", "meta"]) || endsWith(path, ["colmenaHive", "meta"]);
  if (isMeta || (file.endsWith("/hive.nix") && path.length === 1 && path[0] === "meta"))
    return hiveOptions("meta").map(each => optionDoc(each, "Colmena hive"));
  return undefined;
}

function optionDoc(option: OptionDoc, origin: string): NameDoc {
  const { type } = option;
  const values =
    typeof type === "object" && "values" in type ? type.values.map(value => JSON.stringify(value)) : [];
  return {
    name: option.name,
    origin,
    type: describeType(type),
    shape: shapeOf(describeType(type)),
    ...(option.default === undefined ? {} : { default: option.default }),
    description: option.description,
    notes: option.renamedTo === undefined ? [] : [`Today: \`${option.renamedTo}\``],
    values: type === "bool" ? ["true", "false"] : values,
    required: option.required === true,
    outdated: option.renamedTo !== undefined,
  };
}

function shapeOf(type: string): ValueShape {
  if (type === "boolean") return "bool";
  if (type.startsWith("list")) return "list";
  if (type.startsWith("attribute set")) return "set";
  if (type.includes("integer") && !type.includes(" or ")) return "number";
  return type === "string" || type === "null or string" || type === "text of lines" ? "text" : "other";
}

let settingDocs: readonly NameDoc[] | undefined;

/** Every Nix setting, and the `extra-` form of those that are lists. */
export function nixSettingDocs(): readonly NameDoc[] {
  settingDocs ??= [...NIX_SETTINGS].sort(compareUse).flatMap(setting => {
    const doc = nixSettingDoc(setting);
    if (!setting.listValued) return [doc];
    const appended = {
      name: `extra-${setting.name}`,
      description: `Appends to \`${setting.name}\`. ${doc.description}`,
    };
    return [doc, { ...doc, ...appended }];
  });
  return settingDocs;
}

/** What people who deploy look for first; the rest by name. */
const OFTEN_USED = [
  "substituters",
  "trusted-public-keys",
  "trusted-users",
  "experimental-features",
  "fallback",
  "secret-key-files",
  "connect-timeout",
  "require-sigs",
  "builders-use-substitutes",
  "max-jobs",
  "cores",
  "trusted-substituters",
];

function compareUse(a: NixSetting, b: NixSetting): number {
  const rank = ({ name }: NixSetting): number => OFTEN_USED.indexOf(name) + 1 || OFTEN_USED.length + 1;
  return rank(a) - rank(b);
}

export function nixSettingDoc(setting: NixSetting): NameDoc {
  return {
    name: setting.name,
    origin: "Nix setting",
    type: setting.type,
    shape: settingShape(setting),
    ...(setting.default === undefined ? {} : { default: setting.default }),
    description: setting.description ?? "",
    notes: settingNotes(setting),
    values:
      setting.type === "bool"
        ? ["true", "false"]
        : (setting.values ?? []).map(value => JSON.stringify(value)),
    required: false,
    outdated: setting.removed !== undefined,
    link: `https://nix.dev/manual/nix/latest/command-ref/conf-file#conf-${setting.name}`,
  };
}

function settingShape({ type }: NixSetting): ValueShape {
  if (type === "bool") return "bool";
  if (type === "int") return "number";
  return type === "list" || type === "set" || type === "map" ? "list" : "text";
}

const SETTABLE: Readonly<Record<NixSetting["settableBy"], string>> = {
  anyone: "Every user may set it for a build.",
  "listed-only": "Users may set it for a build, but only to entries that the host's own lists name.",
  client: "Acts in the command that reads it; the daemon is not asked.",
  trusted: "Only trusted users may set it; the daemon ignores it from others.",
};

function settingNotes(setting: NixSetting): string[] {
  return [
    setting.since === undefined ? "Since Nix 2.3 or earlier." : `Since Nix ${setting.since}.`,
    ...(setting.removed === undefined ? [] : [`Gone since Nix ${setting.removed}.`]),
    ...(setting.only === undefined ? [] : [`Only with ${setting.only}.`]),
    ...(setting.experimental === undefined
      ? []
      : [`Needs the experimental feature \`${setting.experimental}\`.`]),
    ...(setting.defaultNote === undefined ? [] : [setting.defaultNote]),
    SETTABLE[setting.settableBy],
  ];
}
