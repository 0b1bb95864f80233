// nixos-rebuild with --target-host, for both of its generations: the bash script and nixos-rebuild-ng.

import { type DeployTarget, systemReference } from "../../configuration/project";
import { t } from "../../l10n";
import { sshDestination } from "../../state/hostAddress";
import { UserError } from "../../userError";
import { plainWord } from "../hostName";
import type { LocalStep, Phase } from "../step";
import type { DeployAction, PlanContext, ToolAdapter } from "./adapter";
import { rollbackSteps } from "./hostSteps";
import { configurationFlags, optionsForNix, prepareConfiguration, prepareSystem, SWITCH_VERB } from "./nix";
import { switchPhase } from "./outputLines";

export const nixosRebuild: ToolAdapter = {
  id: "nixos-rebuild",
  actions: { deploy: "own", boot: "own", "dry-activate": "own", build: "own", rollback: "plain" },
  guard: () => "none",
  handles: target => target.host.tools.includes("nixos-rebuild") && target.project !== "hive",
  steps(target, action, context) {
    if (action === "rollback") return rollbackSteps(target, context);
    const told = action === "build" ? [] : prepare(target, context);
    return [...told, rebuildStep(target, action, context)];
  },
  phaseOf,
  // the old program ends with 1 whatever happened
  reasonOf: line => /^warning: (the following units failed: .+)$/.exec(line)?.[1],
};

/** Which generation a `nixos-rebuild --help` belongs to. */
export function nixosRebuildGeneration(help: string): "bash" | "ng" {
  return /--sudo\b|--elevate\b|nixos-rebuild-ng/.test(help) ? "ng" : "bash";
}

/** Tells the system to the review, as far as it can be known without the tool. */
function prepare(target: DeployTarget, context: PlanContext): readonly LocalStep[] {
  const reference = systemReference(target);
  if (reference !== undefined) return [prepareSystem(target, reference, context, "nixos-rebuild")];
  return target.project === "configuration" ? [prepareConfiguration(target, context)] : [];
}

function rebuildStep(
  target: DeployTarget,
  action: Exclude<DeployAction, "rollback">,
  context: PlanContext,
): LocalStep {
  const verb = action === "build" ? "build" : SWITCH_VERB[action];
  const remote = action === "build" ? [] : remoteFlags(target, context);
  const other = typeof context.buildOn === "object";
  return {
    where: "here",
    phase: "build",
    command: context.tools.nixosRebuild,
    args: [verb, ...sourceFlags(target), ...remote],
    cwd: target.host.root,
    env: action === "build" ? {} : { NIX_SSHOPTS: optionsForNix(target, context, other) },
    // the newer generation ends with the store path
    printsSystem: "maybe",
    prepares: false,
    ...(action !== "build" && needsSudo(target) && asksPassword(target, context) ? { asks: true } : {}),
  };
}

function needsSudo({ host }: DeployTarget): boolean {
  return host.sshUser !== null && host.sshUser !== "root";
}

/** The host has said that its sudo wants a password. */
function asksPassword({ host }: DeployTarget, { sudoAsks }: PlanContext): boolean {
  return sudoAsks.has(host.name);
}

function sourceFlags(target: DeployTarget): readonly string[] {
  if (target.project !== "flake") return configurationFlags(target);
  const { configuration } = target.host;
  if (configuration === null || /[#%"]/.test(configuration)) {
    throw new UserError(
      t("Which configuration of the flake belongs to {0} can't be known by reading.", target.host.name),
    );
  }
  return ["--flake", `.#${plainWord(configuration)}`];
}

function remoteFlags(target: DeployTarget, context: PlanContext): readonly string[] {
  const old = context.nixosRebuild === "bash";
  const knows = (flag: string) => context.nixosRebuildOptions?.has(flag) ?? !old;
  // the old one asks in the terminal of ssh
  const ask = !old && asksPassword(target, context) ? ["--ask-sudo-password"] : [];
  const sudo = needsSudo(target) ? [old ? "--use-remote-sudo" : "--sudo", ...ask] : [];
  // without it the tool first builds itself from the new configuration
  const asInstalled = knows("--no-reexec") ? "--no-reexec" : "--fast";
  const destination = sshDestination(target.host);
  const builder =
    context.buildOn === "here"
      ? undefined
      : context.buildOn === "target"
        ? destination
        : context.buildOn.host;
  const build = builder === undefined ? [] : ["--build-host", plainWord(builder)];
  return ["--target-host", destination, ...build, "--use-substitutes", asInstalled, ...sudo];
}

function phaseOf(line: string): Phase | undefined {
  if (line.startsWith("building the system configuration")) return "build";
  return switchPhase(line);
}
