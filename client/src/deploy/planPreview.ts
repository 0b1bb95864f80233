// The commands that a deployment would run, for those who only want to read them: nothing is looked up, asked or started,
// so that tools are taken to be installed and current.

import type { FleetSnapshot } from "../../../server/src/protocol";
import type { Config } from "../config";
import { targetOf } from "../configuration/project";
import { UserError } from "../userError";
import { planDeployment } from "./plan";
import { planScript } from "./planText";
import { ACTIONS, type DeployAction, type PlanContext } from "./tools/adapter";

export function isDeployAction(value: unknown): value is DeployAction {
  return ACTIONS.some(action => action === value);
}

/** The script and the waves, or why there is no plan. Never throws. */
export function planPreview(
  fleet: FleetSnapshot,
  { tools, ssh, deploy }: Config,
  request: { readonly action: DeployAction; readonly hosts: readonly string[] },
): string {
  const hosts = fleet.hosts.filter(({ name }) => request.hosts.includes(name));
  const missing = request.hosts.filter(name => !hosts.some(host => host.name === name));
  if (missing.length > 0) return `There is no host ${missing.join(", ")}.`;
  const context: PlanContext = {
    tools,
    sshConfigFile: ssh.configFile,
    ownSshOptions: undefined,
    nixosRebuild: "ng",
    colmena: "newer",
    guardSeconds: deploy.guardSeconds,
    buildOn:
      deploy.buildOn === "here" || deploy.buildOn === "target" ? deploy.buildOn : { host: deploy.buildOn },
    deployRsOptions: undefined,
    cachixCache: deploy.cachixCache,
    copyWith: deploy.copyWith,
    missing: new Set(),
    nixosRebuildOptions: undefined,
    sudoAsks: new Set(),
  };
  try {
    const targets = hosts.map(host => targetOf(host, fleet));
    const plan = planDeployment(request.action, targets, deploy.tool, context, deploy);
    const waves = plan.waves.map((names, index) => `# Wave ${index + 1}: ${names.join(", ")}`);
    return [...waves, planScript(plan), NOT_RUN].join("\n");
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const NOT_RUN =
  "# Nothing was run. People deploy with the command Nix Deploy: Deploy, which shows a review first.";
