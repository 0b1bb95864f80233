// colmena: `colmena apply --on HOST` per host. It never rolls back by itself.

import { type DeployTarget, flakeAttribute } from "../../configuration/project";
import { t } from "../../l10n";
import { UserError } from "../../userError";
import { colmenaName } from "../hostName";
import type { LocalStep, Phase } from "../step";
import type { DeployAction, PlanContext, ToolAdapter } from "./adapter";
import { rollbackSteps } from "./hostSteps";
import { buildsHere, prepareSystem, SWITCH_VERB } from "./nix";
import { switchPhase } from "./outputLines";

export const colmena: ToolAdapter = {
  id: "colmena",
  actions: { deploy: "own", boot: "own", "dry-activate": "own", build: "own", rollback: "plain" },
  guard: () => "none",
  handles: target => target.project !== "configuration" && target.host.tools.includes("colmena"),
  steps(target, action, context) {
    if (action === "rollback") return rollbackSteps(target, context);
    if (action === "build") return [runColmena(target, action, context)];
    return [...prepare(target, context), runColmena(target, action, context)];
  },
  phaseOf,
  reasonOf: line =>
    FAILED.exec(line)
      ?.slice(1)
      .find(text => text !== undefined),
};

/** Tells the system to the review; built at once where colmena builds here, so that it finds everything done. */
function prepare(target: DeployTarget, context: PlanContext): readonly LocalStep[] {
  const node = `nodes.${flakeAttribute(target.host.name)}.config.system.build.toplevel`;
  // the output is made for plain Nix to read; what 0.4 reads, and a hive without a flake, only colmena itself can
  if (target.project === "flake" && context.colmena === "newer")
    return [prepareSystem(target, `.#colmenaHive.${node}`, context, "colmena")];
  const build = { ...runColmena(target, "build", context), prepares: true };
  const tell: LocalStep = {
    ...colmenaStep(target, ["eval", "-E", `{ nodes, ... }: ${node}.outPath`], context),
    phase: "evaluate",
    printsSystem: "quoted",
    prepares: true,
  };
  return buildsHere(target, context, "colmena") ? [build, tell] : [tell];
}

function runColmena(
  target: DeployTarget,
  action: Exclude<DeployAction, "rollback">,
  context: PlanContext,
): LocalStep {
  const verb = action === "build" ? ["build"] : ["apply", SWITCH_VERB[action]];
  const args = [...verb, "--on", colmenaName(target.host.name), ...buildOn(context)];
  return {
    ...colmenaStep(target, args, context),
    phase: action === "build" ? "build" : "evaluate",
    elsewhere: !buildsHere(target, context, "colmena"),
  };
}

function colmenaStep(
  target: DeployTarget,
  args: readonly string[],
  context: PlanContext,
): Omit<LocalStep, "phase"> {
  const ssh = context.sshConfigFile === undefined ? {} : { SSH_CONFIG_FILE: context.sshConfigFile };
  return {
    where: "here",
    command: context.tools.colmena,
    args: ["--config", target.entryPoint, ...args],
    cwd: target.host.root,
    // without it, current versions say nothing but errors
    env: { RUST_LOG: "info", ...ssh },
    printsSystem: false,
    prepares: false,
  };
}

/** What `colmena --version` says, as "colmena 0.5.0-pre"; a version that is not told counts as a newer one. */
export function colmenaVersion(said: string): PlanContext["colmena"] {
  return /\b0\.[0-4]\.\d/.test(said) ? "0.4" : "newer";
}

function buildOn(context: PlanContext): readonly string[] {
  if (context.buildOn === "here") return [];
  if (context.buildOn === "target") return ["--build-on-target"];
  throw new UserError(t("{0} can't build on another machine than the host.", "colmena"));
}

const FAILED =
  /^\s*\S* \| (?:error: (.+)|((?:Evaluation|Build|Push|Key upload|Activation|Reboot) failed: .+))$/;

const LINES: readonly (readonly [RegExp, Phase])[] = [
  [/^\s*\S* \| Evaluating /, "evaluate"],
  [/^\s*\S* \| Building /, "build"],
  [/^\s*\S* \| Pushing system closure/, "copy"],
  [/^\s*\S* \| Activating system profile/, "activate"],
];

function phaseOf(line: string): Phase | undefined {
  return LINES.find(([pattern]) => pattern.test(line))?.[1] ?? switchPhase(line.replace(/^\s*\S* \| /, ""));
}
