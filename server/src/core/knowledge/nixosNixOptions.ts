// The options `nix.*` and the typed ones of `nix.settings` of NixOS (nixpkgs nixos/modules/config/nix.nix and neighbours).

import type { OptionDoc } from "./optionDoc";

export const NIX_OPTIONS: readonly OptionDoc[] = [
  { name: "enable", type: "bool", default: "true", description: "Whether NixOS manages Nix at all." },
  { name: "package", type: "package", default: "pkgs.nix", description: "The Nix of this machine." },
  {
    name: "settings",
    type: "attrs",
    default: "{ }",
    description:
      "nix.conf as a set. Lists of several modules are joined; unknown names fail in `nix.checkConfig`.",
  },
  {
    name: "extraOptions",
    type: "lines",
    default: '""',
    description:
      "Text put at the end of nix.conf. A list that it sets replaces all of `nix.settings`, cache.nixos.org too.",
  },
  {
    name: "checkConfig",
    type: "bool",
    default: "true",
    description: "Check nix.conf when the system is built. Off, a typo reaches the machine.",
  },
  {
    name: "checkAllErrors",
    type: "bool",
    default: "true",
    description: "Let every error of that check fail the build, not only unknown names.",
  },
  { name: "sshServe", type: "attrs", description: "Serve this machine's store over SSH to others." },
  { name: "gc", type: "attrs", description: "Automatic garbage collection." },
  { name: "optimise", type: "attrs", description: "Automatic replacement of equal files by links." },
  {
    name: "nixPath",
    type: { listOf: "str" },
    description: "The search path of `<nixpkgs>` and the like (`NIX_PATH`).",
  },
  {
    name: "registry",
    type: { attrsOf: "attrs" },
    default: "{ }",
    description: "The system's flake registry.",
  },
  { name: "channel", type: "attrs", description: "Whether channels are available (`nix.channel.enable`)." },
  {
    name: "distributedBuilds",
    type: "bool",
    default: "false",
    description: "Build on the machines of `nix.buildMachines`.",
  },
  {
    name: "buildMachines",
    type: { listOf: "attrs" },
    default: "[ ]",
    description: "Remote builders, written to /etc/nix/machines.",
  },
  {
    name: "daemonCPUSchedPolicy",
    type: { values: ["other", "batch", "idle"] },
    default: '"other"',
    description: "CPU scheduling of builds.",
  },
  {
    name: "daemonIOSchedClass",
    type: { values: ["best-effort", "idle"] },
    default: '"best-effort"',
    description: "IO scheduling of builds.",
  },
  {
    name: "daemonIOSchedPriority",
    type: "int",
    default: "4",
    description: "IO priority of builds, 0 (first) to 7.",
  },
  { name: "nrBuildUsers", type: "int", default: "32", description: "Number of build users." },
  { name: "firewall", type: "attrs", description: "Restricts what the daemon may reach." },
  {
    name: "envVars",
    type: "attrs",
    default: "{ }",
    description: "Environment of the daemon.",
  },
  { name: "linux-builder", type: "attrs", description: "A Linux builder on macOS (nix-darwin)." },
  { name: "configureBuildUsers", type: "bool", description: "nix-darwin: manage the build users." },
  { name: "useDaemon", type: "bool", description: "nix-darwin: whether builds go through the daemon." },
];

export const NIX_SETTINGS_OPTIONS: readonly OptionDoc[] = [
  {
    name: "substituters",
    type: { listOf: "str" },
    description:
      "Caches to ask. NixOS appends `https://cache.nixos.org/` (`mkAfter`): `mkForce` drops it, and `mkDefault` is discarded.",
  },
  {
    name: "trusted-substituters",
    type: { listOf: "str" },
    default: "[ ]",
    description: "Caches that untrusted users may choose. They are not asked by themselves.",
  },
  {
    name: "trusted-public-keys",
    type: { listOf: "str" },
    description:
      "Keys whose signatures are accepted. NixOS puts that of cache.nixos.org first. One malformed entry breaks every signature check.",
  },
  {
    name: "require-sigs",
    type: "bool",
    default: "true",
    description: "Accept paths only with a signature by a trusted key.",
  },
  {
    name: "trusted-users",
    type: { listOf: "str" },
    description: "Users and `@groups` that are equal to root for the daemon. NixOS adds `root`.",
  },
  {
    name: "allowed-users",
    type: { listOf: "str" },
    default: '[ "*" ]',
    description: "Who may talk to the daemon at all.",
  },
  {
    name: "max-jobs",
    type: { oneOf: ["int", { values: ["auto"] }] },
    default: '"auto"',
    description: "Builds at once on this machine; 0 builds only on remote machines.",
  },
  { name: "cores", type: "int", default: "0", description: "CPU cores for one build; 0 means all." },
  {
    name: "sandbox",
    type: { oneOf: ["bool", { values: ["relaxed"] }] },
    default: "true",
    description: "Build in a sandbox.",
  },
  {
    name: "extra-sandbox-paths",
    type: { listOf: "str" },
    default: "[ ]",
    description: "Further paths that are visible inside the sandbox.",
  },
  {
    name: "system-features",
    type: { listOf: "str" },
    description: "What builds may require of this machine, such as `kvm`.",
  },
  {
    name: "auto-optimise-store",
    type: "bool",
    default: "false",
    description: "Replace equal files of the store by links as they are added.",
  },
];
