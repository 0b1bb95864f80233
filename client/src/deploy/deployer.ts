// A deployment from choice to plan, independent of VS Code: which hosts, and with what.

import type { PreferredTool } from "../config";
import { targetOf } from "../configuration/project";
import { t } from "../l10n";
import { UserError } from "../userError";
import { type DeployApp, hostBusy, requireTrust } from "./deployApp";
import { findTools } from "./findTools";
import { type DeployPlan, planDeployment } from "./plan";
import type { DeployAction, PlanContext } from "./tools/adapter";

export interface DeployRequest {
  readonly action: DeployAction;
  /** Names of hosts of the fleet. */
  readonly hosts: readonly string[];
  /** Undefined: as the setting says. */
  readonly tool: PreferredTool | undefined;
}

/** @throws UserError where the request cannot be carried out */
export async function prepare(app: DeployApp, request: DeployRequest): Promise<DeployPlan> {
  requireTrust(app);
  const { snapshot } = app.state.fleet;
  if (snapshot === undefined) throw fleetUnknown(app);
  const targets = [...new Set(request.hosts)].map(name => {
    const host = app.state.fleet.findHost(name);
    if (host === undefined) throw new UserError(t("There is no host {0} in this workspace.", name));
    return targetOf(host, snapshot);
  });
  const { tools, ssh, deploy } = app.config.read();
  const found = await findTools(tools, app.ports.processes);
  const context: PlanContext = {
    tools,
    sshConfigFile: ssh.configFile,
    ownSshOptions: process.env["NIX_SSHOPTS"],
    guardSeconds: deploy.guardSeconds,
    buildOn:
      deploy.buildOn === "here" || deploy.buildOn === "target" ? deploy.buildOn : { host: deploy.buildOn },
    cachixCache: deploy.cachixCache,
    copyWith: deploy.copyWith,
    sudoAsks: sudoAsking(app, request.hosts),
    ...found,
  };
  return planDeployment(request.action, targets, request.tool ?? deploy.tool, context, deploy);
}

/** A host that was never asked counts as one whose sudo asks nothing. */
function sudoAsking({ state }: DeployApp, names: readonly string[]): ReadonlySet<string> {
  const asks = (name: string) => state.observed.get(name)?.told?.facts.login.sudoWithoutPassword === false;
  return new Set(names.filter(asks));
}

function fleetUnknown(app: DeployApp): UserError {
  const { status } = app.state.fleet;
  return status.kind === "serverDown"
    ? new UserError(t("The language server is not running, so no host is known: {0}", status.why), {
        title: t("Restart"),
        run: { kind: "command", id: "nixDeploy.restartServer" },
      })
    : new UserError(t("The hosts of this workspace are still being read."));
}

/** @throws UserError where a deployment of this window runs on one of the hosts */
export function requireFree(app: Pick<DeployApp, "state">, plan: DeployPlan): void {
  const busy = plan.hosts.find(({ host }) => app.state.deployments.get(host) !== undefined);
  if (busy !== undefined) throw hostBusy(busy.host);
}
