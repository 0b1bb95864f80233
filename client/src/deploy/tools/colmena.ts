// colmena: `colmena apply --on HOST` per host. It never rolls back by itself.

import { type DeployTarget, flakeAttribute } from "../../configuration/project";
import { t } from "../../l10n";
import { UserError } from "../../userError";
import { colmenaName } from "../hostName";
import type { LocalStep, Phase } from "../step";
import type { DeployAction, PlanContext, ToolAdapter } from "./adapter";
import { prepareSystem, rollbackSteps, SWITCH_VERB } from "./nix";
import { switchPhase } from "./outputLines";

export const colmena: ToolAdapter = {
  id: "colmena",
  actions: { deploy: "own", boot: "own", "dry-activate": "own", build: "own", rollback: "plain" },
  guard: () => "none",
  handles: target => target.project !== "configuration" && target.host.tools.includes("colmena"),
  steps(target, action, context) {
    if (action === "rollback") return rollbackSteps(target, context);
    if (action === "build" || target.project !== "flake") return [applyStep(target, action, context)];
    const node = `.#colmenaHive.nodes.${flakeAttribute(target.host.name)}.config.system.build.toplevel`;
    return [prepareSystem(target, node, context), applyStep(target, action, context)];
  },
  phaseOf,
  reasonOf: line =>
    FAILED.exec(line)
      ?.slice(1)
      .find(text => text !== undefined),
};

function applyStep(
  target: DeployTarget,
  action: Exclude<DeployAction, "rollback">,
  context: PlanContext,
): LocalStep {
  const verb = action === "build" ? ["build"] : ["apply", SWITCH_VERB[action]];
  const ssh = context.sshConfigFile === undefined ? {} : { SSH_CONFIG_FILE: context.sshConfigFile };
  return {
    where: "here",
    phase: action === "build" ? "build" : "evaluate",
    command: context.tools.colmena,
    args: [
      "--config",
      target.entryPoint,
      ...verb,
      "--on",
      colmenaName(target.host.name),
      ...buildOn(context),
    ],
    cwd: target.host.root,
    // without it, current versions say nothing but errors
    env: { RUST_LOG: "info", ...ssh },
    elsewhere: context.buildOn !== "here",
    printsSystem: false,
    prepares: false,
  };
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
