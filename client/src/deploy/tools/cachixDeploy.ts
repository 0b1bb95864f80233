// Cachix Deploy: agents on the hosts fetch from a Cachix cache what they are told to run. Push there, then tell the agent. The
// token (CACHIX_ACTIVATE_TOKEN) is in the environment of the editor or of the command, never in an argument.

import { type DeployTarget, systemReference } from "../../configuration/project";
import { t } from "../../l10n";
import { UserError } from "../../userError";
import { plainWord } from "../hostName";
import { settingAction } from "../sshOptions";
import { type LocalStep, type Phase, SYSTEM } from "../step";
import type { PlanContext, ToolAdapter } from "./adapter";
import { requireReference } from "./direct";
import { rollbackSteps } from "./hostSteps";
import { buildSystem } from "./nix";

export const cachixDeploy: ToolAdapter = {
  id: "cachix-deploy",
  actions: { deploy: "own", boot: "none", "dry-activate": "none", build: "plain", rollback: "plain" },
  guard: () => "own",
  handles: target => target.host.tools.includes("cachix-deploy") && systemReference(target) !== undefined,
  steps(target, action, context) {
    if (action === "rollback") return rollbackSteps(target, context);
    const build = buildSystem(target, requireReference(target), context);
    if (action === "build") return [build];
    if (action !== "deploy") {
      throw new UserError(
        t("{0} can't do this: its agents only switch at once. Choose another tool.", "Cachix Deploy"),
      );
    }
    return [build, push(target, context), tellAgent(target, context)];
  },
  phaseOf,
};

function push(target: DeployTarget, context: PlanContext): LocalStep {
  const { cachixCache } = context;
  if (cachixCache === undefined) {
    throw new UserError(
      t("Which Cachix cache the agents fetch from is not set."),
      settingAction("nixDeploy.deploy.cachixCache"),
    );
  }
  return { ...cachix(target, context), phase: "copy", args: ["push", plainWord(cachixCache), SYSTEM] };
}

function tellAgent(target: DeployTarget, context: PlanContext): LocalStep {
  const agent = plainWord(target.host.name);
  const args = ["deploy", "activate", "/dev/stdin", "--agent", agent];
  return { ...cachix(target, context), phase: "activate", args, inputForAgent: agent };
}

function cachix(target: DeployTarget, context: PlanContext): Omit<LocalStep, "phase" | "args"> {
  return {
    where: "here",
    command: context.tools.cachix,
    cwd: target.host.root,
    env: {},
    printsSystem: false,
    prepares: false,
  };
}

const LINES: readonly (readonly [RegExp, Phase])[] = [
  [/^Pushing /, "copy"],
  [/^Deploying agents:/, "activate"],
  [/^Deployment summary:/, "confirm"],
];

function phaseOf(line: string): Phase | undefined {
  return LINES.find(([pattern]) => pattern.test(line))?.[1];
}
