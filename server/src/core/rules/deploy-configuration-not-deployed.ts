// deploy-configuration-not-deployed: a NixOS configuration without a node, in a flake that deploys others.

import type { AttrsDatum } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import { activationCall } from "./activationSource";
import { addToSet, quotedName } from "./attributeFixes";
import { deployNodes, setOf } from "./deployLevels";
import { deployFlake } from "./exampleFlakes";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const WEB = `nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = {
    user = "root";
    path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
  };
};`;

const meta: RuleMeta = {
  code: "deploy-configuration-not-deployed",
  category: "deploy-rs",
  severity: "hint",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A NixOS configuration has no node, while the flake deploys others",
    why: `\`deploy\` leaves this machine as it is, which is easily missed when a host was added to \`nixosConfigurations\` only. Machines that are
deployed another way, or never, need none: silence the hint for them.`,
    bad: [
      deployFlake(
        `${WEB}\nnixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };`,
      ),
    ],
    good: [deployFlake(WEB)],
  },
};

export const deployConfigurationNotDeployed: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { entryPoint, kind, value } of ctx.fleet.deployOutputs) {
      const nodes = kind === "deploy" ? setOf(setOf(value)?.entries.get("nodes")?.value) : undefined;
      if (nodes?.complete !== true || nodes.entries.size === 0) continue;
      if (!knowsAllPaths(ctx.fleet, entryPoint)) continue;
      for (const host of ctx.fleet.hosts) {
        const [definition, other] = host.definitions;
        if (definition?.entryPoint !== entryPoint || other !== undefined) continue;
        if (definition.tool !== "nixos-rebuild" || IMAGES.test(host.name)) continue;
        report({
          span: definition.nameSpan,
          message: `nixosConfigurations.${definition.attrPath.at(-1) ?? host.name} has no node under deploy.nodes: deploy-rs does not deploy it`,
          fixes: addNode(ctx, host, nodes),
        });
      }
    }
  },
};

/** Systems that are made to be booted from a stick or in a test, not to be deployed. */
const IMAGES =
  /(^|[-_])(iso|installer|live|livecd|vm|vmtest|test|netboot|kexec|image|sd|base|minimal|bootstrap)([-_]|$)|iso$/i;

/** Every profile says what it deploys, so that none can deploy an unnamed configuration. */
function knowsAllPaths(fleet: Fleet, entryPoint: string): boolean {
  return deployNodes(fleet)
    .filter(({ definition }) => definition.entryPoint === entryPoint)
    .every(
      ({ set, host }) =>
        set?.complete === true &&
        host.profiles.every(
          ({ activation }) =>
            activation === undefined ||
            (activation.kind !== "unknown" && activation.argument.kind !== "unknown"),
        ),
    );
}

function addNode(ctx: FleetContext, host: Host, nodes: AttrsDatum): readonly Fix[] {
  const name = host.definitions[0]?.attrPath.at(-1) ?? host.name;
  const path =
    host.system?.known === true ? activationCall(ctx, nodes.span.path, host.system.value, name) : undefined;
  if (path === undefined) return [];
  const value = `{
  hostname = ${JSON.stringify(host.name)};
  profiles.system = {
    user = "root";
    path = ${path};
  };
}`;
  const edits = addToSet(ctx, nodes, quotedName(name), value);
  return edits === undefined ? [] : [{ title: "Add a node", safety: "review", edits }];
}
