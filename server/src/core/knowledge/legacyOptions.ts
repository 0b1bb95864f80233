// Options directly under `nix` that have another name today, from nixpkgs nixos/modules/config/nix.nix
// (legacyConfMappings, release 22.05), nix-daemon.nix and read-only-store changes of 22.11.

export interface LegacyOption {
  /** The name under `nix`: `binaryCaches`. */
  readonly name: string;
  /** The Nix setting that it became, if it became one. */
  readonly setting?: string;
  /** The option to write instead, from its root; absent where there is none. */
  readonly replacement?: readonly string[];
  /** The NixOS release that renamed or removed it, where it is known. */
  readonly since?: string;
  /** It is gone: a definition stops the evaluation, and the replacement is only a hint. */
  readonly removed?: true;
}

function toSetting(name: string, setting: string): LegacyOption {
  return { name, setting, replacement: ["nix", "settings", setting], since: "22.05" };
}

const LEGACY_OPTIONS: readonly LegacyOption[] = [
  toSetting("binaryCaches", "substituters"),
  toSetting("binaryCachePublicKeys", "trusted-public-keys"),
  toSetting("trustedBinaryCaches", "trusted-substituters"),
  toSetting("requireSignedBinaryCaches", "require-sigs"),
  toSetting("trustedUsers", "trusted-users"),
  toSetting("allowedUsers", "allowed-users"),
  toSetting("useSandbox", "sandbox"),
  toSetting("useChroot", "sandbox"),
  toSetting("sandboxPaths", "extra-sandbox-paths"),
  toSetting("chrootDirs", "extra-sandbox-paths"),
  toSetting("buildCores", "cores"),
  toSetting("maxJobs", "max-jobs"),
  toSetting("autoOptimiseStore", "auto-optimise-store"),
  toSetting("systemFeatures", "system-features"),
  { name: "daemonIONiceLevel", replacement: ["nix", "daemonIOSchedPriority"] },
  { name: "daemonNiceLevel", replacement: ["nix", "daemonCPUSchedPolicy"], removed: true },
  { name: "readOnlyStore", replacement: ["boot", "readOnlyNixStore"], since: "22.11" },
];

const BY_NAME = new Map(LEGACY_OPTIONS.map(option => [option.name, option]));

/** What `nix.NAME` is called today; undefined for current and for unknown options. */
export function findLegacyOption(name: string): LegacyOption | undefined {
  return BY_NAME.get(name);
}

/** The older names under `nix` that define this Nix setting. */
export function legacyNamesOf(setting: string): readonly string[] {
  return LEGACY_OPTIONS.filter(option => option.setting === setting).map(option => option.name);
}

/** Names under `nix` that never were options: the module system refuses them, and this is what was meant. */
export function neverWasOption(name: string): readonly string[] | undefined {
  const setting = NEVER.get(name);
  return setting === undefined ? undefined : ["nix", "settings", setting];
}

const NEVER: ReadonlyMap<string, string> = new Map([
  ["substituters", "substituters"],
  ["trustedPublicKeys", "trusted-public-keys"],
  ["trusted-public-keys", "trusted-public-keys"],
  ["trusted-substituters", "trusted-substituters"],
  ["trusted-users", "trusted-users"],
  ["extra-substituters", "extra-substituters"],
  ["extra-trusted-public-keys", "extra-trusted-public-keys"],
  ["experimental-features", "experimental-features"],
  ["secretKeyFiles", "secret-key-files"],
  ["secret-key-files", "secret-key-files"],
]);
