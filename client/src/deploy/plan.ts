// From hosts and an action to the exact commands: pure, so that what is shown is what runs.

import type { PreferredTool } from "../config";
import type { DeployTarget } from "../configuration/project";
import { t } from "../l10n";
import { sshOptionWords } from "../state/hostAddress";
import { UserError } from "../userError";
import { plainWord } from "./hostName";
import { type WaveOptions, wavesOf } from "./order";
import type { SshConnection } from "./sshOptions";
import type { ActivationStep, LocalStep, Step } from "./step";
import { destinationOf } from "./target";
import type { DeployAction, PlanContext, ToolId } from "./tools/adapter";
import { activate } from "./tools/hostSteps";
import { buildsTogether } from "./tools/nix";
import { chooseTool } from "./tools/tools";

export interface DeployPlan {
  readonly action: DeployAction;
  readonly hosts: readonly HostPlan[];
  /** Run first: one Nix builds for several hosts, because several at once wait for each other's locks. */
  readonly builds: readonly SharedStep[];
  /** Run next: what the tool would do again for each host of the same flake. Hosts whose check fails are not deployed. */
  readonly checks: readonly SharedStep[];
  /** Names of hosts; a wave begins when all of the one before are well. */
  readonly waves: readonly (readonly string[])[];
}

export interface SharedStep {
  readonly hosts: readonly string[];
  readonly step: LocalStep;
}

export interface HostPlan {
  readonly host: string;
  readonly tool: ToolId;
  readonly action: DeployAction;
  /** The folder of the flake or hive. */
  readonly root: string;
  /** Tell the system's store path, by building or evaluating it; they touch no host. */
  readonly prepare: readonly LocalStep[];
  /** What comes after. */
  readonly steps: readonly Step[];
  /** The tool itself takes a switch back that cuts the connection. */
  readonly guardedByTool: boolean;
  /** How the host watches a switch by a tool that has no guard; undefined where nothing is to be watched. */
  readonly watch: ActivationStep | undefined;
  /** Takes the host back to a generation, should the others need it; undefined where its address is not known. */
  readonly undo: ActivationStep | undefined;
  /** How to ask the host what it runs; undefined where its address is not known or nothing on it changes. */
  readonly connection: SshConnection | undefined;
}

/** Whether the action changes what a host runs now or after its next boot. */
export function changesHost(action: DeployAction): action is "deploy" | "boot" | "rollback" {
  return action === "deploy" || action === "boot" || action === "rollback";
}

const AT_ONCE: WaveOptions = { canaries: 0, batchSize: 0 };

/** All commands of a host in their order. */
export function allSteps(plan: HostPlan): readonly Step[] {
  return [...plan.prepare, ...plan.steps];
}

/** @throws UserError where a host cannot be deployed as asked; nothing has run then */
export function planDeployment(
  action: DeployAction,
  targets: readonly DeployTarget[],
  wish: PreferredTool,
  context: PlanContext,
  waves: WaveOptions = AT_ONCE,
): DeployPlan {
  if (targets.length === 0) throw new UserError(t("No host was chosen."));
  const { hosts, checks } = checkedOnce(targets.map(target => planHost(action, target, wish, context)));
  return {
    action,
    hosts,
    builds: sharedBuilds(hosts),
    checks,
    waves: wavesOf(
      targets.map(({ host }) => host),
      changesHost(action) ? waves : AT_ONCE,
    ),
  };
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
  const guard = tool.guard(target);
  const steps = tool.steps(target, action, context);
  const isPreparing = (step: Step): step is LocalStep => step.where === "here" && step.prepares;
  return {
    host,
    tool: tool.id,
    action,
    root: target.host.root,
    prepare: steps.filter(isPreparing),
    steps: steps.filter(step => !isPreparing(step)),
    guardedByTool: tool.id !== "direct" && guard === "own",
    watch:
      action === "deploy" && guard === "none" && context.guardSeconds > 0 && destination !== undefined
        ? activate(target, "switch", context)
        : undefined,
    undo:
      destination === undefined
        ? undefined
        : activate(target, action === "boot" ? "generation-boot" : "generation", context),
    connection:
      destination === undefined
        ? undefined
        : { destination, configFile: context.sshConfigFile, options: sshOptionWords(target.host) },
  };
}

/** A host that is alone with its flake leaves the check to its tool. */
function checkedOnce(plans: readonly HostPlan[]): Pick<DeployPlan, "hosts" | "checks"> {
  const groups = new Map<string, { readonly hosts: string[]; readonly step: LocalStep }>();
  const keyOf = ({ cwd, command, args }: LocalStep) => JSON.stringify([cwd, command, args]);
  for (const { host, steps } of plans) {
    for (const step of steps) {
      if (step.where !== "here" || step.ownCheck === undefined) continue;
      const key = keyOf(step.ownCheck.step);
      const group = groups.get(key) ?? { hosts: [], step: step.ownCheck.step };
      groups.set(key, group);
      group.hosts.push(host);
    }
  }
  const checks = [...groups.values()].filter(({ hosts }) => hosts.length > 1);
  const isDone = (step: LocalStep) => checks.some(check => keyOf(check.step) === keyOf(step));
  const without = (step: Step): Step => {
    if (step.where !== "here" || step.ownCheck === undefined || !isDone(step.ownCheck.step)) return step;
    const { ownCheck, ...rest } = step;
    return { ...rest, args: [...rest.args, ...ownCheck.without] };
  };
  return { hosts: plans.map(plan => ({ ...plan, steps: plan.steps.map(without) })), checks };
}

function sharedBuilds(plans: readonly HostPlan[]): readonly SharedStep[] {
  const groups = new Map<string, { readonly hosts: string[]; readonly steps: LocalStep[] }>();
  for (const { host, prepare } of plans) {
    for (const step of prepare) {
      if (step.together === undefined) continue;
      const key = JSON.stringify([step.cwd, step.command, step.env]);
      const group = groups.get(key) ?? { hosts: [], steps: [] };
      groups.set(key, group);
      group.hosts.push(host);
      group.steps.push(step);
    }
  }
  return [...groups.values()].flatMap(({ hosts, steps }) => {
    const step = hosts.length > 1 ? buildsTogether(steps) : undefined;
    return step === undefined ? [] : [{ hosts, step }];
  });
}
