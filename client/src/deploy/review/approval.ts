// What the user agreed to: for each host the store path that it gets, and the commands that bring it there. If a later build makes
// something else, or something else would run, the agreement is void. Pure.

import { t } from "../../l10n";
import type { DeployPlan, HostPlan } from "../plan";
import type { DeployAction } from "../tools/adapter";

export interface Approval {
  readonly action: DeployAction;
  readonly hosts: readonly string[];
  /** By host. A host whose tool does not tell its system is missing. */
  readonly systems: ReadonlyMap<string, string>;
  /** By host: the whole of its plan, with the machine that it reaches. */
  readonly commands: ReadonlyMap<string, string>;
}

export function approvalOf(plan: DeployPlan, systems: ReadonlyMap<string, string>): Approval {
  return {
    action: plan.action,
    hosts: plan.hosts.map(({ host }) => host),
    systems: new Map(systems),
    commands: new Map(plan.hosts.map(host => [host.host, wholeOf(host)])),
  };
}

/** A plan is data: two of equal text do the same to the same machine. */
function wholeOf(plan: HostPlan): string {
  return JSON.stringify(plan);
}

/** Why the approval does not hold for what would be deployed now; empty where it holds. One line for each reason. */
export function voidReasons(
  approval: Approval,
  plan: DeployPlan,
  systems: ReadonlyMap<string, string>,
): readonly string[] {
  if (plan.action !== approval.action) return [t("it was for another action: {0}", approval.action)];
  return plan.hosts.flatMap(each => voidReason(approval, each, systems.get(each.host)) ?? []);
}

function voidReason(approval: Approval, plan: HostPlan, now: string | undefined): string | undefined {
  const { host } = plan;
  if (!approval.hosts.includes(host)) return t("{0} was not part of it", host);
  const agreed = approval.systems.get(host);
  if (agreed === undefined || now === undefined)
    return t("{0}: which system it gets is not known before it is built, so it is asked each time", host);
  if (agreed !== now) return t("{0}: the build made {1}, not {2}", host, now, agreed);
  return approval.commands.get(host) === wholeOf(plan)
    ? undefined
    : t("{0}: other commands would run now, or on another machine", host);
}
