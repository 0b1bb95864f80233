// Lines that Nix and switch-to-configuration print under every tool.

import type { Phase } from "../step";

/** The phase that a line of Nix or switch-to-configuration announces. */
export function switchPhase(line: string): Phase | undefined {
  if (/^(copying path '.*' to |copying \d+ paths\.\.\.)/.test(line)) return "copy";
  if (/^(building '|these \d+ derivations will be built)/.test(line)) return "build";
  return /^(stopping the following units|activating the configuration\.\.\.)/.test(line)
    ? "activate"
    : undefined;
}
