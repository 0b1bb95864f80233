// Modules of well-known flakes that define none of the options we know, so that a host which imports them is still
// fully readable.

const MODULES = [
  "mic92/sops-nix",
  "ryantm/agenix",
  "yaxitech/ragenix",
  "nix-community/impermanence",
  "nix-community/preservation",
  "nixos/nixos-hardware",
  "nix-community/lanzaboote",
  "nix-community/home-manager",
  "rycee/home-manager",
  "nix-community/disko",
  "nix-community/nur",
  "zhaofengli/nix-homebrew",
  "zhaofengli-wip/nix-homebrew",
  "hraban/mac-app-util",
  "nix-community/nix-index-database",
  "mic92/nix-index-database",
  "nix-community/stylix",
  "danth/stylix",
  "nix-community/nixvim",
  "astro/microvm.nix",
  "microvm-nix/microvm.nix",
  "jovian-experiments/jovian-nixos",
  "nix-community/plasma-manager",
  "gmodena/nix-flatpak",
  "catppuccin/nix",
  "nix-community/nixos-vscode-server",
  "simple-nixos-mailserver/nixos-mailserver",
  "seiarotg/quadlet-nix",
];

/** Flake modules (flake-parts) of these add outputs for each system, or of their own, and no hosts. */
const FLAKE_MODULES = [
  "numtide/devshell",
  "cachix/git-hooks.nix",
  "cachix/pre-commit-hooks.nix",
  "numtide/treefmt-nix",
  "srid/flake-root",
  "nix-community/home-manager",
  "cachix/devenv",
  "hercules-ci/hercules-ci-effects",
  "hercules-ci/flake-parts",
  "mic92/flake-fmt",
  "mightyiam/files",
  "nicknovitski/make-shell",
  "drupol/pkgs-by-name-for-flake-parts",
  "oddlama/agenix-rekey",
  "nix-community/disko",
  "terranix/terranix",
];

const REASON = "a module of ";

/** Why an attribute of such a set of modules is not known, in the words by which it is recognised again. */
export function moduleReason(repository: string): string {
  return REASON + repository;
}

const MODULE_REASONS: ReadonlySet<string> = new Set(MODULES.map(moduleReason));
const FLAKE_MODULE_REASONS: ReadonlySet<string> = new Set(FLAKE_MODULES.map(moduleReason));

/** Whether the module that is not known for this reason certainly defines nothing we know. */
export function isBystander(reason: string): boolean {
  return MODULE_REASONS.has(reason);
}

/** Whether that reason is a module of another flake: a library, which does not name or address machines. */
export function isLibraryModule(reason: string): boolean {
  return reason.startsWith(REASON);
}

export function isFlakeBystander(reason: string): boolean {
  return FLAKE_MODULE_REASONS.has(reason);
}
