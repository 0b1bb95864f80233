// What the settings' own listing does not say: age, who may set them, what they are for; and settings that only other
// versions, systems or forks have. Sources: NixOS/nix release notes 2.4 to 2.35, src/libstore/daemon.cc at 2.35.0 and
// the declarations at each tag; lix-project/lix lix/libstore/file-transfer-settings.

import type { NixSetting } from "./nixSettings";
import type { SettingRow } from "./nixSettingsTable";

export interface SettingNote
  extends Partial<
    Pick<NixSetting, "since" | "removed" | "settableBy" | "description" | "defaultNote" | "only">
  > {
  /** For settings that Nix 2.8.0, 2.26.3 and 2.34.8 on Linux do not list. */
  readonly row?: Omit<SettingRow, "name">;
}

const CLIENT = { settableBy: "client" } as const;
const ANYONE = { settableBy: "anyone" } as const;

export const SETTING_NOTES: Readonly<Record<string, SettingNote>> = {
  "accept-flake-config": {
    ...CLIENT,
    since: "2.5",
    description:
      "Accept the `nixConfig` of every flake without asking. Any flake may then set hooks or switch off signatures.",
  },
  "access-tokens": { ...CLIENT, description: "Tokens for fetching private repositories, as `HOST=TOKEN`." },
  "allow-dirty": {
    ...CLIENT,
    description: "Whether flakes in Git trees with uncommitted changes may be used.",
  },
  "allow-import-from-derivation": {
    ...CLIENT,
    description: "Whether evaluation may build something and read the result.",
  },
  "allowed-uris": { ...CLIENT, description: "URIs that restricted evaluation may fetch." },
  "allowed-users": { description: "Who may talk to the daemon at all: user names, `@group`, or `*`." },
  "always-allow-substitutes": {
    since: "2.19",
    description: "Substitute even derivations that say `allowSubstitutes = false`.",
  },
  "auto-optimise-store": {
    description: "Replace identical files of the store by hard links as they are added.",
  },
  "bash-prompt": CLIENT,
  "bash-prompt-prefix": { ...CLIENT, since: "2.9" },
  "bash-prompt-suffix": CLIENT,
  "build-dir": { description: "Directory in which builds run." },
  "build-poll-interval": { ...ANYONE, description: "Seconds between looks for a free build slot." },
  builders: {
    description:
      "Remote builders; `@FILE` reads them from a file. Untrusted users may only set it to the empty text.",
  },
  "builders-use-substitutes": {
    description: "Remote builders fetch what they need from caches instead of receiving it from here.",
  },
  "commit-lock-file-summary": { ...CLIENT, since: "2.16" },
  "connect-timeout": {
    ...ANYONE,
    description: "Seconds to wait for a connection to a cache; 0 waits without end.",
    defaultNote: "0 up to 2.28, 5 in 2.29 to 2.31, 15 from 2.32",
  },
  cores: {
    ...ANYONE,
    description: "CPU cores that one build may use (`NIX_BUILD_CORES`); 0 means all.",
    defaultNote: "number of cores up to 2.30, 0 from 2.31",
  },
  "debugger-on-trace": CLIENT,
  "debugger-on-warn": CLIENT,
  "download-attempts": {
    description:
      "How often a download is tried. Renamed to `filetransfer-retry-attempts` in 2.35; this name stays valid.",
  },
  "download-buffer-size": {
    since: "2.24",
    description: "Bytes that a download may be ahead of its reader.",
    defaultNote: "67108864 up to 2.32, 1048576 from 2.33",
  },
  "download-speed": { since: "2.11", description: "Upper limit of the download rate in kB/s; 0 is none." },
  "enforce-determinism": { removed: "2.13" },
  "eval-cache": CLIENT,
  "eval-attrset-update-layer-rhs-threshold": CLIENT,
  "eval-profile-file": CLIENT,
  "eval-profiler": CLIENT,
  "eval-profiler-frequency": CLIENT,
  "eval-system": CLIENT,
  "experimental-features": {
    ...CLIENT,
    since: "2.4",
    description: "Features to switch on, such as `nix-command flakes`.",
  },
  "extra-platforms": { description: "Further systems whose derivations this machine can build." },
  fallback: {
    ...ANYONE,
    description:
      "Build when a substitute fails. Without it an unreachable `ssh://` cache makes every build on this machine fail.",
  },
  "flake-registry": CLIENT,
  "http-connections": { description: "Parallel connections for downloads; 0 is no limit." },
  http2: { description: "Use HTTP/2 where the cache offers it." },
  "ignore-try": CLIENT,
  "keep-build-log": { description: "Write build logs to /nix/var/log." },
  "keep-derivations": { description: "Garbage collection keeps the derivations of live outputs." },
  "keep-failed": { ...ANYONE, description: "Keep the directory of a failed build." },
  "keep-going": { ...ANYONE, description: "After a failure build whatever does not depend on it." },
  "keep-outputs": { description: "Garbage collection keeps the outputs of live derivations." },
  "lint-absolute-path-literals": CLIENT,
  "lint-short-path-literals": CLIENT,
  "lint-url-literals": CLIENT,
  "log-lines": CLIENT,
  "max-build-log-size": { description: "Bytes of output after which a build is killed; 0 is no limit." },
  "max-call-depth": CLIENT,
  "max-free": { description: "With `min-free`: how much space a collection frees at most." },
  "max-jobs": {
    ...ANYONE,
    description: "Builds at once on this machine; `auto` for one a core, 0 to build only remotely.",
  },
  "max-silent-time": {
    ...ANYONE,
    description: "Seconds without output after which a build is killed; 0 is never.",
  },
  "max-substitution-jobs": { since: "2.16", description: "Downloads of store paths at once." },
  "min-free": { description: "Collect garbage during a build when less than this many bytes are free." },
  "narinfo-cache-meta-ttl": {
    since: "2.34",
    description: "Seconds for which a cache's `nix-cache-info` is remembered.",
  },
  "narinfo-cache-negative-ttl": {
    description:
      "Seconds for which Nix remembers that a cache lacks a path. A path pushed meanwhile is not seen until then, or with `--refresh`.",
  },
  "narinfo-cache-positive-ttl": {
    description: "Seconds for which Nix remembers what a cache said about a path.",
  },
  "netrc-file": {
    description: "File with user names and passwords for HTTP caches, read by the daemon as root.",
  },
  "nix-path": CLIENT,
  "nix-shell-always-looks-for-shell-nix": CLIENT,
  "nix-shell-shebang-arguments-relative-to-script": CLIENT,
  "post-build-hook": {
    description:
      "Program that runs after each build, for example to push to a cache. Its failure stops the build.",
  },
  "pre-build-hook": { since: "2.4", description: "Program that may change the sandbox before each build." },
  "print-missing": CLIENT,
  "pure-eval": CLIENT,
  repeat: { ...ANYONE, removed: "2.13" },
  "require-sigs": {
    description: "Accept paths from caches and other machines only with a signature by a trusted key.",
  },
  "restrict-eval": CLIENT,
  sandbox: { description: "Build in a sandbox; `relaxed` lets derivations opt out." },
  "sandbox-paths": {
    description: "Paths that are visible inside the sandbox; `extra-sandbox-paths` adds to them.",
  },
  "secret-key-files": {
    description:
      "Files of secret keys that sign every path built from now on. If one is missing, every local build fails.",
  },
  "show-trace": CLIENT,
  "ssl-cert-file": { since: "2.15", description: "File of the certificates that HTTPS connections trust." },
  "stalled-download-timeout": { description: "Seconds without data after which a download is tried again." },
  store: { ...CLIENT, description: "The store to use; `auto` is the daemon, or the local store for root." },
  substitute: { ...ANYONE, description: "Whether to fetch from caches at all." },
  substituters: {
    settableBy: "listed-only",
    description:
      "Caches to ask for finished paths, ordered by their priority. From 2.34 an entry that is no store URL stops every nix command.",
  },
  "system-features": {
    description: "What builds may require of this machine, such as `kvm` or `big-parallel`.",
  },
  "tarball-ttl": {
    ...CLIENT,
    description: "Seconds for which downloaded tarballs and flake references count as fresh.",
  },
  timeout: { ...ANYONE, description: "Seconds after which a build is killed; 0 is never." },
  "trace-function-calls": CLIENT,
  "trace-import-from-derivation": CLIENT,
  "trace-verbose": CLIENT,
  "trust-tarballs-from-git-forges": CLIENT,
  "trusted-public-keys": {
    description:
      "Keys whose signatures are accepted, as `NAME:BASE64`. One malformed entry makes every signature check fail.",
  },
  "trusted-substituters": {
    description:
      "Caches that untrusted users may choose; they are not asked by themselves. Compared as text, best with a `/` at the end.",
  },
  "trusted-users": { description: "Users and `@groups` that the daemon obeys. It makes them equal to root." },
  "upgrade-nix-store-path-url": { ...CLIENT, since: "2.19" },
  "use-registries": CLIENT,
  "use-xdg-base-directories": CLIENT,
  "user-agent-suffix": { description: "Text added to the user agent of downloads." },
  "warn-dirty": { ...CLIENT, description: "Warn about Git trees with uncommitted changes." },
  "warn-short-path-literals": CLIENT,

  "filetransfer-retry-attempts": {
    since: "2.35",
    description: "How often a download is tried.",
    row: { type: "int", default: "5" },
  },
  "filetransfer-retry-delay": { since: "2.35", row: { type: "int", default: "100" } },
  "filetransfer-retry-delay-rate-limited": { since: "2.35", row: { type: "int", default: "5000" } },
  "filetransfer-retry-max-delay": { since: "2.35", row: { type: "int", default: "60000" } },
  "filetransfer-retry-jitter": { since: "2.35", row: { type: "bool", default: "true" } },
  http3: { since: "2.35", row: { type: "bool", default: "false" } },
  "darwin-log-sandbox-violations": { only: "macos", row: { type: "bool", default: "false" } },
  "initial-connect-timeout": {
    ...ANYONE,
    only: "lix",
    description: "Seconds to wait for a connection on the first attempt; grows with each further one.",
    row: { type: "int", default: "5" },
  },
  "max-connect-timeout": { ...ANYONE, only: "lix", row: { type: "int" } },
  "eval-cores": { ...CLIENT, only: "determinate", row: { type: "int" } },
  "lazy-trees": { ...CLIENT, only: "determinate", row: { type: "bool" } },
};
