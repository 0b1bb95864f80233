// deploy-checks-all-systems: the checks of every system build the hosts of all systems.

import type { Fleet } from "../fleet/fleet";
import type { Span } from "../text/span";
import { deployNodes } from "./deployLevels";
import { editsAt } from "./entryFixes";
import { deployFlake } from "./exampleFlakes";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

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
  fix: "sometimes",
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
      // Hosts of one system are built by the checks of that system alone, wherever people work.
      const systems = new Set(systemOf.values());
      if (systems.size < 2) continue;
      const foreign = deployChecks.flatMap(({ system, nodes, span: call }) =>
        nodes.filter(node => (systemOf.get(node) ?? system) !== system).map(node => ({ system, node, call })),
      );
      const [first] = foreign;
      if (first === undefined) continue;
      const written = names.get("checks");
      const span = written === undefined || written.end === 0 ? firstLine(ctx, first.call) : written;
      report({
        span,
        message: `checks.${first.system} builds ${first.node}, which is ${systemOf.get(first.node)}: nix flake check, which deploy-rs runs before each deploy, needs builders for every system of the fleet`,
        fixes: nodesOfSystem(ctx, first.call),
      });
    }
  },
};

/** For checks that modules of flake-parts put together, which nobody has named in one place. */
function firstLine(ctx: FleetContext, { path, start, end }: Span): Span {
  const line = ctx.textOf(path)?.slice(start, end).split("\n", 1)[0] ?? "";
  return { path, start, end: start + line.length };
}

/** The usual ways to call it, each with what says the system there. */
const CALLS: readonly RegExp[] = [
  /\(\s*(?<system>\w+)\s*:\s*(?<lib>[\w-]+)\s*:\s*\k<lib>\.deployChecks\s+(?<deploy>(?:inputs\.)?self\.deploy)\s*\)/dg,
  /\.lib\.\$\{(?<system>\w+)\}\.deployChecks\s+(?<deploy>(?:inputs\.)?self\.deploy)(?![\w.'-])/dg,
  /\.lib\.(?<literal>[\w]+-[a-z]+)\.deployChecks\s+(?<deploy>(?:inputs\.)?self\.deploy)(?![\w.'-])/dg,
];

/** Gives the call only the nodes whose profiles are made for its system. */
function nodesOfSystem(ctx: FleetContext, { path, start, end }: Span): readonly Fix[] {
  const text = ctx.textOf(path) ?? "";
  const lib = /(?<![\w.'-])((?:inputs\.)?nixpkgs\.lib)\b/.exec(text)?.[1];
  const call = CALLS.flatMap(pattern => [...text.matchAll(pattern)]).find(
    found => found.index < end && found.index + found[0].length > start,
  );
  const { system, literal, deploy } = call?.groups ?? {};
  const at = call?.indices?.groups?.deploy;
  if (lib === undefined || deploy === undefined || at === undefined) return [];
  const wanted = literal === undefined ? system : `"${literal}"`;
  const filter = `(_: node: builtins.all (profile: profile.path.system == ${wanted}) (builtins.attrValues node.profiles))`;
  const edits = editsAt(
    { path, start: at[0], end: at[1] },
    `(${deploy} // { nodes = ${lib}.filterAttrs ${filter} ${deploy}.nodes; })`,
  );
  return [{ title: "Check only the nodes of the same system", safety: "review", edits }];
}

function systemsOfNodes(fleet: Fleet, entryPoint: string): ReadonlyMap<string, string> {
  const systems = new Map<string, string>();
  for (const { name, host, definition } of deployNodes(fleet)) {
    if (definition.entryPoint === entryPoint && host.system?.known === true)
      systems.set(name, host.system.value);
  }
  return systems;
}
