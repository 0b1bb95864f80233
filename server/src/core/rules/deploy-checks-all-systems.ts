// deploy-checks-all-systems: the checks of every system build the hosts of all systems.

import type { Fleet } from "../fleet/fleet";
import { deployNodes } from "./deployLevels";
import { deployFlake } from "./exampleFlakes";
import type { Rule, RuleMeta } from "./rule";

function example(checks: string) {
  return deployFlake(`nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
nixosConfigurations.pi = nixpkgs.lib.nixosSystem { system = "aarch64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};
deploy.nodes.pi = {
  hostname = "pi.example.org";
  profiles.system.path = deploy-rs.lib.aarch64-linux.activate.nixos self.nixosConfigurations.pi;
};
${checks}`);
}

const meta: RuleMeta = {
  code: "deploy-checks-all-systems",
  category: "deploy-rs",
  severity: "information",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "The checks of each system build every host, those of other systems too",
    why: `\`deployChecks self.deploy\` depends on the system of every node. With hosts of several systems \`nix flake check\`, which deploy-rs runs
before each deploy, needs builders for all of them: \`a 'aarch64-linux' with features {} is required to build …, but I am a
'x86_64-linux'\`. Give each system the nodes of that system only, or skip the checks (\`deploy -s\`).`,
    bad: [example("checks = builtins.mapAttrs (system: lib: lib.deployChecks self.deploy) deploy-rs.lib;")],
    good: [
      example(`checks.x86_64-linux = deploy-rs.lib.x86_64-linux.deployChecks {
  nodes = { inherit (self.deploy.nodes) web; };
};`),
    ],
  },
};

export const deployChecksAllSystems: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { entryPoint, names, deployChecks } of ctx.fleet.flakeOutputs) {
      const systemOf = systemsOfNodes(ctx.fleet, entryPoint);
      const span = names.get("checks");
      if (span === undefined) continue;
      // Hosts of one system are built by the checks of that system alone, wherever people work.
      const systems = new Set(systemOf.values());
      if (systems.size < 2) continue;
      const foreign = deployChecks.flatMap(({ system, nodes }) =>
        nodes.filter(node => (systemOf.get(node) ?? system) !== system).map(node => ({ system, node })),
      );
      const [first] = foreign;
      if (first === undefined) continue;
      report({
        span,
        message: `checks.${first.system} builds ${first.node}, which is ${systemOf.get(first.node)}: nix flake check, which deploy-rs runs before each deploy, needs builders for every system of the fleet`,
      });
    }
  },
};

function systemsOfNodes(fleet: Fleet, entryPoint: string): ReadonlyMap<string, string> {
  const systems = new Map<string, string>();
  for (const { name, host, definition } of deployNodes(fleet)) {
    if (definition.entryPoint === entryPoint && host.system?.known === true)
      systems.set(name, host.system.value);
  }
  return systems;
}
