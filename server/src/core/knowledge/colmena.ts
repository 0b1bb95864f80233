// Options of a colmena hive (nix-community/colmena src/nix/hive/options.nix, eval.nix, src/nix/{mod,key}.rs): `meta`,
// `defaults` and the nodes, each of which is a NixOS module with `deployment`.

import type { OptionDoc } from "./optionDoc";

/** Keys of a hive that are no nodes. */
export const HIVE_RESERVED = ["meta", "network", "defaults"] as const;

const META: readonly OptionDoc[] = [
  { name: "name", type: "str", default: '"hive"', description: "Name of the hive." },
  { name: "description", type: "str", default: '"A Colmena Hive"', description: "What it is." },
  {
    name: "nixpkgs",
    type: { nullOr: { oneOf: ["path", "function", "attrs"] } },
    default: "null",
    description:
      "nixpkgs of all nodes; without flakes `<nixpkgs>` by default. In a flake it is required and must be `import nixpkgs { system = …; }`.",
  },
  {
    name: "nodeNixpkgs",
    type: "attrs",
    default: "{ }",
    description: "Another nixpkgs for single nodes, by name.",
  },
  { name: "specialArgs", type: "attrs", default: "{ }", description: "Arguments for all modules." },
  {
    name: "nodeSpecialArgs",
    type: "attrs",
    default: "{ }",
    description: "Arguments for single nodes, by name.",
  },
  {
    name: "machinesFile",
    type: { nullOr: "path" },
    default: "null",
    description: "Builders, as for Nix's setting `builders`.",
  },
  {
    name: "allowApplyAll",
    type: "bool",
    default: "true",
    description: "Whether `colmena apply` without `--on` is allowed.",
  },
];

const DEPLOYMENT: readonly OptionDoc[] = [
  {
    name: "targetHost",
    type: { nullOr: "str" },
    description: "What ssh connects to; by default the node's name. `null`: only for `apply-local`.",
  },
  {
    name: "targetPort",
    type: { nullOr: "u16" },
    default: "null",
    description: "Port; by default ssh decides.",
  },
  {
    name: "targetUser",
    type: { nullOr: "str" },
    default: '"root"',
    description: "Login. Anything but `root` uses `privilegeEscalationCommand`, `null` too.",
  },
  {
    name: "allowLocalDeployment",
    type: "bool",
    default: "false",
    description: "Whether `colmena apply-local` may deploy this node.",
  },
  { name: "buildOnTarget", type: "bool", default: "false", description: "Build on the host." },
  { name: "tags", type: { listOf: "str" }, default: "[ ]", description: "For `--on @TAG`." },
  {
    name: "keys",
    type: { attrsOf: "attrs" },
    default: "{ }",
    description: "Secrets that are uploaded past the Nix store.",
  },
  {
    name: "replaceUnknownProfiles",
    type: "bool",
    default: "true",
    description: "Whether a system may be replaced that was not deployed from here.",
  },
  {
    name: "privilegeEscalationCommand",
    type: { listOf: "str" },
    default: '[ "sudo" "-H" "--" ]',
    description: "How to become root on the host.",
  },
  { name: "sshOptions", type: { listOf: "str" }, default: "[ ]", description: "Further arguments of ssh." },
];

const KEY: readonly OptionDoc[] = [
  { name: "name", type: "str", description: "File name; by default the attribute's name. No slash." },
  {
    name: "text",
    type: { nullOr: "str" },
    default: "null",
    description:
      "The secret itself. It stands in the configuration: prefer `keyCommand`. Exactly one source.",
  },
  {
    name: "keyFile",
    type: { nullOr: "path" },
    default: "null",
    description: "A local file, as a string: a path literal is copied to the store. Exactly one source.",
  },
  {
    name: "keyCommand",
    type: { nullOr: { listOf: "str" } },
    default: "null",
    description: "A local command that prints it. Exactly one source.",
  },
  { name: "destDir", type: "path", default: '"/run/keys"', description: "Directory on the host." },
  { name: "path", type: "path", description: "The file on the host; read only." },
  {
    name: "user",
    type: "str",
    default: '"root"',
    description: "Owner; lower-case letters, digits and `-` only.",
  },
  { name: "group", type: "str", default: '"root"', description: "Group; the same letters." },
  { name: "permissions", type: "str", default: '"0600"', description: "Mode, octal." },
  {
    name: "uploadAt",
    type: { values: ["pre-activation", "post-activation"] },
    default: '"pre-activation"',
    description: "Before or after the new system is active.",
  },
];

export type HiveLevel = "meta" | "deployment" | "key";

const LEVELS: Readonly<Record<HiveLevel, readonly OptionDoc[]>> = {
  meta: META,
  deployment: DEPLOYMENT,
  key: KEY,
};

/** What may stand under `meta`, `deployment` and `deployment.keys.NAME`. */
export function hiveOptions(level: HiveLevel): readonly OptionDoc[] {
  return LEVELS[level];
}

/** The three of which a key must have exactly one. */
export const KEY_SOURCES = ["text", "keyFile", "keyCommand"] as const;

/** Whether colmena takes the text as user or group of a key; `_x` and `my_user` fail with "Validation error". */
export function isHiveKeyOwner(name: string): boolean {
  return /^[a-z][-a-z0-9]*$/.test(name);
}
