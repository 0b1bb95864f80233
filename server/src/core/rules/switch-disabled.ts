// switch-disabled: a host that is deployed, but whose system cannot be switched to.

import { branchesOf } from "../eval/datum";
import type { OptionFact } from "../facts/facts";
import type { DeployTool, Host } from "../fleet/fleet";
import { deployFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { booleanOf } from "./settingValue";

function example(module: string) {
  return deployFlake(`nixosConfigurations.web = nixpkgs.lib.nixosSystem {
  system = "x86_64-linux";
  modules = [ { ${module} } ];
};
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = {
    user = "root";
    path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
  };
};`);
}

const meta: RuleMeta = {
  code: "switch-disabled",
  category: "colmena",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "`system.switch.enable` is false on a host that is deployed",
    why: `The system then has no \`bin/switch-to-configuration\`. deploy-rs, colmena and nixos-rebuild build it, copy it and set the profile, and
activation ends with \`bin/switch-to-configuration: No such file or directory\`. The option is for images that are replaced as a whole.`,
    bad: [example("system.switch.enable = false;")],
    good: [example("system.switch.enable = true;")],
  },
};

function isSwitchOff({ option, value }: OptionFact): boolean {
  return (
    option.join(".") === "system.switch.enable" &&
    branchesOf(value).some(each => booleanOf(each.value) === false)
  );
}

const DEPLOYING: readonly DeployTool[] = ["deploy-rs", "colmena", "cachix-deploy"];

export const switchDisabled: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found: HostFinding[] = [];
    for (const host of ctx.fleet.hosts) {
      const value = host.effective.get("system.switch.enable");
      const tool = DEPLOYING.find(each => host.tools.includes(each));
      if (value === undefined || tool === undefined || mayUseNewer(host)) continue;
      const off = branchesOf(value).find(each => booleanOf(each.value) === false);
      if (off === undefined) continue;
      found.push({
        span: host.options.find(isSwitchOff)?.value.span ?? value.span,
        host,
        before: "",
        after: ` is deployed by ${tool}, but without switch-to-configuration${whereClause(off.conditions)}: activation ends with "No such file or directory"`,
      });
    }
    reportForHosts(found, report);
  },
};

/** In NixOS 24.05 and 24.11 the newer implementation has a switch of its own. */
function mayUseNewer(host: Host): boolean {
  return host.options.some(
    ({ option, value }) =>
      option.join(".") === "system.switch.enableNg" &&
      branchesOf(value).some(branch => booleanOf(branch.value) !== false),
  );
}
