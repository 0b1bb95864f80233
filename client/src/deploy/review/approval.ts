// What the user agreed to: for each host the store path that it will get. If a later build makes something else, the agreement
// is void. Pure.

import { t } from "../../l10n";
import type { DeployAction } from "../tools/adapter";

export interface Approval {
  readonly action: DeployAction;
  /** By host. A host whose tool does not tell its system is missing. */
  readonly systems: ReadonlyMap<string, string>;
  readonly hosts: readonly string[];
}

export function approvalOf(
  action: DeployAction,
  hosts: readonly string[],
  systems: ReadonlyMap<string, string>,
): Approval {
  return { action, hosts: [...hosts], systems: new Map(systems) };
}

/** Why the approval does not hold for what would be deployed now; empty where it holds. One line for each reason. */
export function voidReasons(
  approval: Approval,
  action: DeployAction,
  hosts: readonly string[],
  systems: ReadonlyMap<string, string>,
): readonly string[] {
  if (action !== approval.action) return [t("it was for another action: {0}", approval.action)];
  return hosts.flatMap(host => {
    if (!approval.hosts.includes(host)) return [t("{0} was not part of it", host)];
    const agreed = approval.systems.get(host);
    const now = systems.get(host);
    if (agreed === undefined || now === undefined)
      return [t("{0}: which system it gets is not known before it is built, so it is asked each time", host)];
    return agreed === now ? [] : [t("{0}: the build made {1}, not {2}", host, now, agreed)];
  });
}
