// Options of the NixOS modules that serve stores and of SSH (nixpkgs nixos/modules, see nixosOptions.ts).

import type { OptionDoc } from "./optionDoc";
import type { ValueType } from "./valueType";

const STRINGS: ValueType = { listOf: "str" };

function enable(description: string): OptionDoc {
  return { name: "enable", type: "bool", default: "false", description };
}

const SSH_SERVE: readonly OptionDoc[] = [
  enable(
    "Serve the store over SSH: creates the user `nix-ssh` with a forced command. Everything else here needs it.",
  ),
  {
    name: "keys",
    type: STRINGS,
    default: "[ ]",
    description:
      "OpenSSH public keys that may read the store: of root on each client, because its daemon connects.",
  },
  {
    name: "protocol",
    type: { values: ["ssh", "ssh-ng"] },
    default: '"ssh"',
    description:
      "What clients must write: `ssh://` or `ssh-ng://`. The other one ends in a protocol mismatch.",
  },
  {
    name: "write",
    type: "bool",
    default: "false",
    description: 'Allow uploads. Only with `protocol = "ssh"`; unsigned paths need `trusted` too.',
  },
  {
    name: "trusted",
    type: "bool",
    default: "false",
    description:
      "Add `nix-ssh` to `trusted-users`: whoever holds one of the keys is root. Not in older nixpkgs.",
  },
];

const GC: readonly OptionDoc[] = [
  { name: "automatic", type: "bool", default: "false", description: "Collect garbage by a timer." },
  {
    name: "dates",
    type: { oneOf: ["str", STRINGS] },
    default: '"03:15"',
    description: "When (systemd.time).",
  },
  { name: "randomizedDelaySec", type: "str", default: '"0"', description: "Random delay before each run." },
  { name: "persistent", type: "bool", default: "true", description: "Catch up on runs missed while off." },
  { name: "options", type: "str", default: '""', description: "Options of `nix-collect-garbage`." },
  { name: "interval", type: "any", description: "nix-darwin: when, for launchd." },
  { name: "user", type: { nullOr: "str" }, description: "Older nix-darwin: user of the job." },
];

const OPTIMISE: readonly OptionDoc[] = [
  {
    name: "automatic",
    type: "bool",
    default: "false",
    description: "Replace equal files by links by a timer.",
  },
  {
    name: "dates",
    type: { oneOf: ["str", STRINGS] },
    default: '[ "03:45" ]',
    description: "When (systemd.time).",
  },
  {
    name: "randomizedDelaySec",
    type: "str",
    default: '"1800"',
    description: "Random delay before each run.",
  },
  { name: "persistent", type: "bool", default: "true", description: "Catch up on runs missed while off." },
  { name: "interval", type: "any", description: "nix-darwin: when, for launchd." },
  { name: "user", type: { nullOr: "str" }, description: "Older nix-darwin: user of the job." },
];

const SSH_CLIENT: readonly OptionDoc[] = [
  {
    name: "extraConfig",
    type: "lines",
    default: '""',
    description: "Text at the top of /etc/ssh/ssh_config, for every user of this machine, root too.",
  },
  {
    name: "knownHosts",
    type: { attrsOf: "attrs" },
    default: "{ }",
    description: "Host keys in /etc/ssh/ssh_known_hosts.",
  },
  {
    name: "knownHostsFiles",
    type: { listOf: "path" },
    default: "[ ]",
    description: "More files with host keys, for several keys of one host.",
  },
];

const KNOWN_HOST: readonly OptionDoc[] = [
  {
    name: "hostNames",
    type: STRINGS,
    description:
      "Names and addresses; by default the attribute's name and `extraHostNames`. `[host]:port` for other ports.",
  },
  {
    name: "extraHostNames",
    type: STRINGS,
    default: "[ ]",
    description: "More names; ignored if `hostNames` is set.",
  },
  {
    name: "publicKey",
    type: { nullOr: "str" },
    default: "null",
    description: "`TYPE BASE64` without host names. Exactly one of this and `publicKeyFile`.",
  },
  { name: "publicKeyFile", type: { nullOr: "path" }, default: "null", description: "File with such a line." },
  {
    name: "certAuthority",
    type: "bool",
    default: "false",
    description: "The key certifies host keys instead of being one.",
  },
];

const NIX_SERVE: readonly OptionDoc[] = [
  enable("Serve the store over HTTP."),
  { name: "port", type: "u16", default: "5000", description: "Port to listen on." },
  { name: "bindAddress", type: "str", default: '"0.0.0.0"', description: "Address to listen on." },
  { name: "openFirewall", type: "bool", default: "false", description: "Open the port." },
  {
    name: "secretKeyFile",
    type: { nullOr: "str" },
    default: "null",
    description: "File of the key that signs what is served; without it fresh builds are served unsigned.",
  },
  { name: "extraParams", type: "str", default: '""', description: "Further arguments of the server." },
  {
    name: "package",
    type: "package",
    default: "pkgs.nix-serve",
    description: "The server; `pkgs.nix-serve-ng` too.",
  },
];

const HARMONIA_SETTINGS: readonly OptionDoc[] = [
  enable("Serve the store over HTTP with harmonia."),
  {
    name: "signKeyPaths",
    type: { listOf: "path" },
    default: "[ ]",
    description: "Files of the keys that sign what is served.",
  },
  { name: "package", type: "package", default: "pkgs.harmonia", description: "The server." },
  { name: "settings", type: "attrs", default: "{ }", description: "`bind`, `workers`, `priority`, …" },
];

const HARMONIA: readonly OptionDoc[] = [
  ...HARMONIA_SETTINGS.map(option =>
    option.name === "package" ? option : { ...option, renamedTo: `cache.${option.name}` },
  ),
  {
    name: "signKeyPath",
    type: { nullOr: "path" },
    default: "null",
    description: "File of the key that signs what is served.",
    renamedTo: "cache.signKeyPaths",
  },
  { name: "cache", type: "attrs", description: "The cache server (newer nixpkgs)." },
  { name: "daemon", type: "attrs", description: "harmonia's own daemon (newer nixpkgs)." },
];

const ATTICD: readonly OptionDoc[] = [
  enable("Run an Attic server."),
  { name: "package", type: "package", default: "pkgs.attic-server", description: "The server." },
  {
    name: "environmentFile",
    type: { nullOr: "path" },
    default: "null",
    description: "File with `ATTIC_SERVER_TOKEN_RS256_SECRET_BASE64` and the like. Must be set.",
  },
  { name: "user", type: "str", default: '"atticd"', description: "User that it runs as." },
  { name: "group", type: "str", default: '"atticd"', description: "Group that it runs as." },
  { name: "settings", type: "attrs", default: "{ }", description: "server.toml as a set." },
  { name: "configFile", type: "path", description: "Generated from `settings`." },
  {
    name: "mode",
    type: { values: ["monolithic", "api-server", "garbage-collector"] },
    default: '"monolithic"',
    description: "Which parts run here.",
  },
];

const CACHIX_AGENT: readonly OptionDoc[] = [
  enable("Run an agent of Cachix Deploy, which activates what is deployed to it."),
  {
    name: "name",
    type: "str",
    default: "config.networking.hostName",
    description: "The agent's name; a spec names it.",
  },
  { name: "verbose", type: "bool", default: "false", description: "Log more." },
  {
    name: "profile",
    type: { nullOr: "str" },
    default: "null",
    description: "Profile to set; by default `system`.",
  },
  { name: "host", type: { nullOr: "str" }, default: "null", description: "Another Cachix server." },
  { name: "package", type: "package", default: "pkgs.cachix", description: "Cachix." },
  {
    name: "credentialsFile",
    type: "path",
    default: '"/etc/cachix-agent.token"',
    description: "File with the line `CACHIX_AGENT_TOKEN=…`.",
  },
];

const CACHIX_WATCH_STORE: readonly OptionDoc[] = [
  enable("Push every new path of the store to a Cachix cache."),
  { name: "cacheName", type: "str", required: true, description: "The cache to push to." },
  { name: "cachixTokenFile", type: "path", required: true, description: "File that holds the token alone." },
  {
    name: "signingKeyFile",
    type: { nullOr: "path" },
    default: "null",
    description: "File of the cache's own signing key; without it Cachix signs.",
  },
  { name: "compressionLevel", type: { nullOr: "int" }, default: "null", description: "0 to 16." },
  { name: "jobs", type: { nullOr: "int" }, default: "null", description: "Pushes at once." },
  { name: "host", type: { nullOr: "str" }, default: "null", description: "Another Cachix server." },
  { name: "verbose", type: "bool", default: "false", description: "Log more." },
  { name: "package", type: "package", default: "pkgs.cachix", description: "Cachix." },
];

/** Each became `settings.NAME` with sshd's capital letter. */
const RENAMED_SSHD_OPTIONS = [
  "permitRootLogin",
  "passwordAuthentication",
  "kbdInteractiveAuthentication",
  "useDns",
  "gatewayPorts",
  "logLevel",
  "macs",
  "kexAlgorithms",
  "ciphers",
];

const OPENSSH: readonly OptionDoc[] = [
  enable("Run sshd."),
  { name: "ports", type: { listOf: "u16" }, default: "[ 22 ]", description: "Ports to listen on." },
  { name: "openFirewall", type: "bool", default: "true", description: "Open these ports." },
  {
    name: "listenAddresses",
    type: { listOf: "attrs" },
    default: "[ ]",
    description: "Addresses to listen on.",
  },
  { name: "settings", type: "attrs", default: "{ }", description: "sshd_config as a set." },
  { name: "extraConfig", type: "lines", default: '""', description: "Text for sshd_config." },
  { name: "hostKeys", type: { listOf: "attrs" }, description: "Host keys, made where they are missing." },
  { name: "knownHosts", type: "attrs", description: "Older name of `programs.ssh.knownHosts`." },
  { name: "authorizedKeysFiles", type: STRINGS, description: "Where sshd looks for authorized keys." },
  { name: "authorizedKeysInHomedir", type: "bool", description: "Whether `~/.ssh/authorized_keys` counts." },
  { name: "authorizedKeysCommand", type: "str", default: '"none"', description: "Program that prints keys." },
  {
    name: "authorizedKeysCommandUser",
    type: "str",
    default: '"nobody"',
    description: "User that it runs as.",
  },
  { name: "startWhenNeeded", type: "bool", default: "false", description: "Start sshd for each connection." },
  { name: "banner", type: { nullOr: "lines" }, default: "null", description: "Text shown before login." },
  { name: "allowSFTP", type: "bool", default: "true", description: "Offer SFTP." },
  { name: "sftpServerExecutable", type: "str", description: "The SFTP server." },
  { name: "sftpFlags", type: STRINGS, default: "[ ]", description: "Its arguments." },
  { name: "moduliFile", type: "path", description: "Diffie-Hellman moduli." },
  { name: "package", type: "package", default: "config.programs.ssh.package", description: "OpenSSH." },
  { name: "generateHostKeys", type: "bool", description: "Whether missing host keys are made." },
  ...RENAMED_SSHD_OPTIONS.map(
    (name): OptionDoc => ({
      name,
      type: "any",
      description: "Older name (before 23.05).",
      renamedTo: `settings.${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    }),
  ),
  {
    name: "forwardX11",
    type: "bool",
    description: "Older name (before 23.05).",
    renamedTo: "settings.X11Forwarding",
  },
];

const SWITCH: readonly OptionDoc[] = [
  {
    name: "enable",
    type: "bool",
    default: "true",
    description: "Whether the system can be switched to; without it no tool can deploy it.",
  },
];

export const SERVICE_OPTION_SETS = [
  { path: ["nix", "sshServe"], options: SSH_SERVE, open: false },
  { path: ["nix", "gc"], options: GC, open: false },
  { path: ["nix", "optimise"], options: OPTIMISE, open: false },
  { path: ["programs", "ssh"], options: SSH_CLIENT, open: true },
  { path: ["programs", "ssh", "knownHosts", "*"], options: KNOWN_HOST, open: false },
  { path: ["services", "nix-serve"], options: NIX_SERVE, open: false },
  { path: ["services", "harmonia"], options: HARMONIA, open: false },
  { path: ["services", "harmonia", "cache"], options: HARMONIA_SETTINGS, open: false },
  { path: ["services", "atticd"], options: ATTICD, open: false },
  { path: ["services", "cachix-agent"], options: CACHIX_AGENT, open: false },
  { path: ["services", "cachix-watch-store"], options: CACHIX_WATCH_STORE, open: false },
  { path: ["services", "openssh"], options: OPENSSH, open: true },
  { path: ["system", "switch"], options: SWITCH, open: true },
  // For the names and addresses under which hosts reach each other.
  { path: ["networking", "hosts"], options: [], open: true },
  { path: ["networking", "interfaces", "*", "ipv4"], options: [], open: true },
  { path: ["networking", "interfaces", "*", "ipv6"], options: [], open: true },
] as const satisfies readonly {
  readonly path: readonly string[];
  readonly options: readonly OptionDoc[];
  readonly open: boolean;
}[];
