// The tools there are, and which one deploys a host.

import type { PreferredTool } from "../../config";
import type { DeployTarget } from "../../configuration/project";
import { t } from "../../l10n";
import { UserError } from "../../userError";
import { settingAction } from "../sshOptions";
import { type PlanContext, TOOL_IDS, type ToolAdapter, type ToolId } from "./adapter";
import { cachixDeploy } from "./cachixDeploy";
import { colmena } from "./colmena";
import { deployRs } from "./deployRs";
import { direct } from "./direct";
import { nixosRebuild } from "./nixosRebuild";

export const TOOLS: Readonly<Record<ToolId, ToolAdapter>> = {
  "deploy-rs": deployRs,
  colmena,
  "nixos-rebuild": nixosRebuild,
  "cachix-deploy": cachixDeploy,
  direct,
};

const SETTINGS = {
  "deploy-rs": "nixDeploy.tools.deploy",
  colmena: "nixDeploy.tools.colmena",
  "nixos-rebuild": "nixDeploy.tools.nixosRebuild",
  "cachix-deploy": "nixDeploy.tools.cachix",
  direct: "nixDeploy.tools.nix",
} as const satisfies Record<ToolId, string>;

/**
 * The adapter for a host: the wished one or, for "auto", the first that the host names and that is installed; plain Nix
 * and ssh where none of them is.
 */
export function chooseTool(target: DeployTarget, wish: PreferredTool, context: PlanContext): ToolAdapter {
  const able = TOOL_IDS.map(id => TOOLS[id]).filter(tool => tool.handles(target));
  if (wish !== "auto") {
    const tool = able.find(({ id }) => id === wish);
    if (tool === undefined)
      throw new UserError(
        t("{0} can't deploy {1}: its configuration has nothing for it.", wish, target.host.name),
      );
    if (context.missing.has(wish)) throw missingTool(target, [tool]);
    return tool;
  }
  const rank = ({ id }: ToolAdapter) =>
    id === "direct" ? target.host.tools.length : target.host.tools.indexOf(id);
  const usable = able.filter(tool => !context.missing.has(tool.id)).sort((a, b) => rank(a) - rank(b))[0];
  if (usable === undefined) throw able.length === 0 ? noTool(target) : missingTool(target, able);
  return usable;
}

const HOW_TO_GET = {
  "deploy-rs": "nix profile install nixpkgs#deploy-rs",
  colmena: "nix profile install nixpkgs#colmena",
  "nixos-rebuild": "nix profile install nixpkgs#nixos-rebuild-ng",
  "cachix-deploy": "nix profile install nixpkgs#cachix",
  direct: "https://nixos.org/download",
} as const satisfies Record<ToolId, string>;

function noTool(target: DeployTarget): UserError {
  const { name, tools } = target.host;
  return new UserError(
    t("{0} can't be deployed from here: nothing we can run deploys it ({1}).", name, tools.join(", ")),
  );
}

function missingTool(target: DeployTarget, able: readonly ToolAdapter[]): UserError {
  const [first] = able;
  const names = able.map(({ id }) => (id === "direct" ? "nix" : id)).join(t(" or "));
  const text = t(
    "To deploy {0}, {1} is needed and was not found. Install it ({2}), or tell its path.",
    target.host.name,
    names,
    HOW_TO_GET[first?.id ?? "direct"],
  );
  return new UserError(text, settingAction(SETTINGS[first?.id ?? "direct"]));
}
