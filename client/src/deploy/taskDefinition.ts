// Tasks of type `nix-deploy` as people write them in tasks.json, read with care: the file comes from the workspace.

import { t } from "../l10n";
import { UserError } from "../userError";
import type { DeployRequest } from "./deployer";
import { ACTIONS, TOOL_IDS } from "./tools/adapter";

export const TASK_TYPE = "nix-deploy";

/** @throws UserError naming the field that is wrong */
export function parseTaskDefinition(definition: object): DeployRequest {
  const field = (name: string): unknown => Reflect.get(definition, name);
  const action = ACTIONS.find(known => known === field("action"));
  if (action === undefined) throw wrongField("action", ACTIONS.join(", "));
  const hosts: unknown = field("hosts");
  if (!Array.isArray(hosts) || hosts.length === 0 || !hosts.every(isText)) {
    throw wrongField("hosts", t("a list of host names"));
  }
  const tool = field("tool");
  const known = TOOL_IDS.find(id => id === tool);
  if (tool !== undefined && known === undefined) throw wrongField("tool", TOOL_IDS.join(", "));
  return { action, hosts, tool: known };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function wrongField(name: string, expected: string): UserError {
  return new UserError(t("The task's field {0} must be: {1}.", JSON.stringify(name), expected));
}
