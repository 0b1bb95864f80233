// Deploying with nothing but Nix and ssh: build here, copy, set the profile, switch. For every host whose system is known.

import { type DeployTarget, systemReference } from "../../configuration/project";
import { t } from "../../l10n";
import { addressOf, sshDestination } from "../../state/hostAddress";
import { UserError } from "../../userError";
import { sshNgStoreUrl } from "../hostName";
import { nixSshOptions } from "../sshOptions";
import type { PlanContext, ToolAdapter } from "./adapter";
import { activate, dryActivate, rollbackSteps } from "./hostSteps";
import { asCopyClosure, type BuildStore, buildSystem, copySystem, optionsForNix, SWITCH_VERB } from "./nix";
import { switchPhase } from "./outputLines";

export const direct: ToolAdapter = {
  id: "direct",
  actions: { deploy: "own", boot: "own", "dry-activate": "own", build: "own", rollback: "plain" },
  guard: () => "own",
  handles: target => systemReference(target) !== undefined && !target.host.tools.includes("darwin-rebuild"),
  steps(target, action, context) {
    if (action === "rollback") return rollbackSteps(target, context);
    const store = buildStore(target, context);
    const build = buildSystem(target, requireReference(target), context, store);
    if (action === "build") return [build];
    const copy = context.buildOn === "target" ? [] : [copySystem(target, context, store?.store)];
    const copies = context.copyWith === "nix-copy-closure" ? copy.map(asCopyClosure) : copy;
    const last =
      action === "dry-activate"
        ? dryActivate(target, context)
        : activate(target, SWITCH_VERB[action], context);
    return [build, ...copies, last];
  },
  phaseOf: switchPhase,
};

/** The store that builds; undefined: our own. */
function buildStore(target: DeployTarget, context: PlanContext): BuildStore | undefined {
  const { buildOn, sshConfigFile, ownSshOptions } = context;
  if (buildOn === "here") return undefined;
  if (buildOn === "target") {
    sshDestination(target.host);
    const store = sshNgStoreUrl(target.host.sshUser, addressOf(target.host) ?? target.host.name);
    return { store, sshOptions: optionsForNix(target, context, false) };
  }
  const [host = "", user] = buildOn.host.split("@").reverse();
  return {
    store: sshNgStoreUrl(user ?? null, host),
    sshOptions: nixSshOptions(sshConfigFile, ownSshOptions, []),
  };
}

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
