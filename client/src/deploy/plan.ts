// From hosts and an action to the exact commands: pure, so that what is shown is what runs.

import type { PreferredTool } from "../config";
import { t } from "../l10n";
import { UserError } from "../userError";
import { plainWord } from "./hostName";
import type { SshConnection } from "./sshOptions";
import type { Step } from "./step";
import { type DeployTarget, destinationOf } from "./target";
import type { DeployAction, PlanContext, ToolId } from "./tools/adapter";
import { chooseTool } from "./tools/tools";

export interface DeployPlan {
  readonly action: DeployAction;
  readonly hosts: readonly HostPlan[];
}

export interface HostPlan {
  readonly host: string;
  readonly tool: ToolId;
  readonly action: DeployAction;
  /** The folder of the flake or hive. */
  readonly root: string;
  readonly steps: readonly Step[];
  /** How to ask the host what it runs; undefined where its address is not known or nothing on it changes. */
  readonly connection: SshConnection | undefined;
}

/** Whether the action changes what a host runs now or after its next boot. */
export function changesHost(action: DeployAction): action is "deploy" | "boot" | "rollback" {
  return action === "deploy" || action === "boot" || action === "rollback";
}

/** @throws UserError where a host cannot be deployed as asked; nothing has run then */
export function planDeployment(
  action: DeployAction,
  targets: readonly DeployTarget[],
  wish: PreferredTool,
  context: PlanContext,
): DeployPlan {
  if (targets.length === 0) throw new UserError(t("No host was chosen."));
  return { action, hosts: targets.map(target => planHost(action, target, wish, context)) };
}

function planHost(
  action: DeployAction,
  target: DeployTarget,
  wish: PreferredTool,
  context: PlanContext,
): HostPlan {
  const host = plainWord(target.host.name);
  const tool = chooseTool(target, wish, context);
  const destination = changesHost(action) ? destinationOf(target.host) : undefined;
  return {
    host,
    tool: tool.id,
    action,
    root: target.host.root,
    steps: tool.steps(target, action, context),
    connection: destination === undefined ? undefined : { destination, configFile: context.sshConfigFile },
  };
}
