// The `deploy` output of a flake as deploy-rs reads it (serokell/deploy-rs src/data.rs, src/lib.rs, README.md), and its
// Nix library. Unknown names are ignored silently at every level, by deploy-rs and by its own JSON schema.

import type { OptionDoc } from "./optionDoc";

export type DeployLevel = "deploy" | "node" | "profile";

/** Allowed at all three levels; profile before node before deploy, `sshOpts` joined in that order. */
const GENERIC: readonly OptionDoc[] = [
  { name: "sshUser", type: "str", description: "Login on the host; by default the local user's name." },
  {
    name: "user",
    type: "str",
    description: "Owner of the profile; by default `sshUser` if that is set. Neither set is an error.",
  },
  {
    name: "sudo",
    type: "str",
    default: '"sudo -u"',
    description: "Put before USER and COMMAND when `user` is not the login, such as `doas -u`.",
  },
  {
    name: "interactiveSudo",
    type: "bool",
    default: "false",
    description: "Ask for the sudo password here and hand it over.",
  },
  {
    name: "sshOpts",
    type: { listOf: "str" },
    default: "[ ]",
    description: "Arguments of ssh, one element each. The only setting whose levels are joined.",
  },
  {
    name: "fastConnection",
    type: "bool",
    default: "false",
    description: "Send the whole closure instead of letting the host fetch from its caches.",
  },
  {
    name: "autoRollback",
    type: "bool",
    default: "true",
    description: "Activate the generation before when activation fails.",
  },
  {
    name: "magicRollback",
    type: "bool",
    default: "true",
    description: "Roll back unless the deployer reaches the host again and confirms.",
  },
  {
    name: "confirmTimeout",
    type: "u16",
    default: "30",
    description: "Seconds for which the host waits for that confirmation.",
  },
  {
    name: "activationTimeout",
    type: "u16",
    default: "240",
    description: "Seconds for which the deployer waits for the activation.",
  },
  {
    name: "tempPath",
    type: "str",
    default: '"/tmp"',
    description: "Directory on the host for the confirmation; must be writable by `user`.",
  },
  { name: "remoteBuild", type: "bool", default: "false", description: "Build on the host." },
];

const LEVEL_OPTIONS: Readonly<Record<DeployLevel, readonly OptionDoc[]>> = {
  deploy: [
    { name: "nodes", type: { attrsOf: "attrs" }, required: true, description: "One entry for each host." },
    ...GENERIC,
  ],
  node: [
    { name: "hostname", type: "str", required: true, description: "What ssh connects to." },
    { name: "profiles", type: { attrsOf: "attrs" }, required: true, description: "What is deployed there." },
    {
      name: "profilesOrder",
      type: { listOf: "str" },
      default: "[ ]",
      description: "Profiles that go first; the others follow in any order.",
    },
    ...GENERIC,
  ],
  profile: [
    {
      name: "path",
      // A derivation becomes its store path.
      type: { oneOf: ["package", "str"] },
      required: true,
      description: "What is activated: a call of `deploy-rs.lib.SYSTEM.activate.*`.",
    },
    {
      name: "profilePath",
      type: "str",
      description:
        "The profile's link. By default the system profile for root's `system`, else one below `/nix/var/nix/profiles/per-user`.",
    },
    ...GENERIC,
  ],
};

/** What may stand at a level. */
export function deployOptions(level: DeployLevel): readonly OptionDoc[] {
  return LEVEL_OPTIONS[level];
}

/** What kind of configuration an activation function takes, and what of it becomes the profile. */
export interface ActivateFunction {
  readonly name: string;
  readonly takes: "nixos" | "home-manager" | "darwin" | "derivation";
  /** Further arguments after the first. */
  readonly further: number;
  readonly deprecated?: string;
  readonly description: string;
}

/** `deploy-rs.lib.SYSTEM.activate.NAME`; SYSTEM is the host's. */
export const ACTIVATE_FUNCTIONS: readonly ActivateFunction[] = [
  {
    name: "nixos",
    takes: "nixos",
    further: 0,
    description: "Takes a `nixosSystem` result and runs its `switch-to-configuration switch`.",
  },
  {
    name: "home-manager",
    takes: "home-manager",
    further: 0,
    description: "Takes a `homeManagerConfiguration` result and runs its `activate`.",
  },
  {
    name: "darwin",
    takes: "darwin",
    further: 0,
    description: "Takes a `darwinSystem` result and runs its `activate`.",
  },
  {
    name: "custom",
    takes: "derivation",
    further: 1,
    description:
      "Takes a derivation and shell text, run with the profile as working directory and `$PROFILE`.",
  },
  { name: "noop", takes: "derivation", further: 0, description: "Takes a derivation and runs nothing." },
];

/** Beside `activate` in `deploy-rs.lib.SYSTEM`. */
export const DEPLOY_LIB_NAMES = ["activate", "setActivate", "deployChecks"] as const;

export function findActivateFunction(name: string): ActivateFunction | undefined {
  return ACTIVATE_FUNCTIONS.find(known => known.name === name);
}
