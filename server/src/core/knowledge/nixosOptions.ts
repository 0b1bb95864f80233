// Options of NixOS around Nix, caches and SSH, by the set they stand in. From nixpkgs nixos/modules: config/nix.nix,
// config/nix-flakes.nix, config/nix-remote-build.nix, services/system/nix-daemon.nix, services/misc/{nix-gc,nix-ssh-serve,
// nix-optimise}.nix, programs/ssh.nix, services/networking/{nix-serve,harmonia,ssh/sshd,atticd}.nix.

import { NIX_OPTIONS, NIX_SETTINGS_OPTIONS } from "./nixosNixOptions";
import { SERVICE_OPTION_SETS } from "./nixosServiceOptions";
import type { OptionDoc } from "./optionDoc";

/** The options that may stand directly in one set. */
export interface OptionSet {
  /** From the root; `*` stands for a name that the user chooses. */
  readonly path: readonly string[];
  readonly options: readonly OptionDoc[];
  /** Names beyond the table are allowed here (freeform settings, submodules that this table does not list). */
  readonly open: boolean;
}

export const OPTION_SETS: readonly OptionSet[] = [
  { path: ["nix"], options: NIX_OPTIONS, open: false },
  { path: ["nix", "settings"], options: NIX_SETTINGS_OPTIONS, open: true },
  ...SERVICE_OPTION_SETS,
];

/** The set whose options stand directly under that path, such as ["nix", "sshServe"]. */
export function findOptionSet(path: readonly string[]): OptionSet | undefined {
  return OPTION_SETS.find(
    set => set.path.length === path.length && set.path.every((part, i) => part === "*" || part === path[i]),
  );
}

/** The option at a whole path, such as ["nix", "sshServe", "enable"]. */
export function findNixosOption(path: readonly string[]): OptionDoc | undefined {
  const name = path.at(-1);
  return findOptionSet(path.slice(0, -1))?.options.find(option => option.name === name);
}

/** What the NixOS modules themselves define for a list, after (`mkAfter`) or before what users define. */
export interface OwnDefinition {
  readonly option: readonly string[];
  readonly items: readonly string[];
  readonly order: "before" | "after";
}

/** From nixpkgs nixos/modules/config/nix.nix; at the ordinary priority, so that `mkDefault` of users is discarded. */
export const OWN_DEFINITIONS: readonly OwnDefinition[] = [
  { option: ["nix", "settings", "substituters"], items: ["https://cache.nixos.org/"], order: "after" },
  {
    option: ["nix", "settings", "trusted-public-keys"],
    items: ["cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY="],
    order: "before",
  },
  { option: ["nix", "settings", "trusted-users"], items: ["root"], order: "before" },
];

export function findOwnDefinition(option: readonly string[]): OwnDefinition | undefined {
  return OWN_DEFINITIONS.find(own => own.option.join(".") === option.join("."));
}
