// Deploying with nothing but Nix and ssh: build here, copy, set the profile, switch. For every host whose system is known.

import { t } from "../../l10n";
import { UserError } from "../../userError";
import { type DeployTarget, systemReference } from "../target";
import type { ToolAdapter } from "./adapter";
import { activate, buildSystem, copySystem, rollbackSteps, SWITCH_VERB, setProfile } from "./nix";
import { switchPhase } from "./outputLines";

export const direct: ToolAdapter = {
  id: "direct",
  actions: { deploy: "own", boot: "own", "dry-activate": "own", build: "own", rollback: "plain" },
  handles: target => systemReference(target) !== undefined && !target.host.tools.includes("darwin-rebuild"),
  steps(target, action, context) {
    if (action === "rollback") return rollbackSteps(target, context);
    const build = buildSystem(target, requireReference(target), context);
    if (action === "build") return [build];
    const set = action === "dry-activate" ? [] : [setProfile(target, context)];
    return [build, copySystem(target, context), ...set, activate(target, SWITCH_VERB[action], context)];
  },
  phaseOf: switchPhase,
};

/** The reference of the host's system. */
export function requireReference(target: DeployTarget): string {
  const reference = systemReference(target);
  if (reference === undefined) {
    throw new UserError(
      t("Which system of the flake belongs to {0} can't be known by reading.", target.host.name),
    );
  }
  return reference;
}
