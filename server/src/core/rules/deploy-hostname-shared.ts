// deploy-hostname-shared: two nodes that deploy the same profile to one address.

import type { Datum } from "../eval/datum";
import { knownText } from "../eval/datum";
import type { Fleet, Profile } from "../fleet/fleet";
import { type DeployNode, deployNodes, settingAtLevels } from "./deployLevels";
import { deployFlake } from "./exampleFlakes";
import type { Rule, RuleMeta } from "./rule";

function example(second: string) {
  return deployFlake(`nixosConfigurations.web = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
nixosConfigurations.db = nixpkgs.lib.nixosSystem { system = "x86_64-linux"; modules = [ ]; };
deploy.user = "root";
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};
deploy.nodes.db = {
  hostname = "${second}.example.org";
  profiles.system.path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.db;
};`);
}

const meta: RuleMeta = {
  code: "deploy-hostname-shared",
  category: "deploy-rs",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "Two nodes of deploy-rs deploy the same profile to one address",
    why: `Both are deployed to the same machine, one after the other in an order that changes from run to run, and the later one wins: mostly a
node that was copied and whose \`hostname\` was forgotten. Different ports in \`sshOpts\` make different machines.`,
    bad: [example("web")],
    good: [example("db")],
  },
};

export const deployHostnameShared: Rule = {
  meta,
  checkFleet(ctx, report) {
    const first = new Map<string, DeployNode>();
    for (const node of deployNodes(ctx.fleet)) {
      const hostname = node.set?.entries.get("hostname")?.value;
      const address = hostname === undefined ? undefined : knownText(hostname);
      if (hostname === undefined || address === undefined) continue;
      for (const profile of node.host.profiles) {
        const login = loginOf(ctx.fleet, node, profile);
        if (login === undefined) continue;
        const id = [node.definition.entryPoint, address.toLowerCase(), profile.name, login].join("\0");
        const before = first.get(id);
        if (before === undefined) first.set(id, node);
        else
          report({
            span: hostname.span,
            message: `deploy.nodes.${node.name} and deploy.nodes.${before.name} both deploy the profile "${profile.name}" to ${address}: the later one wins, in no certain order`,
            related: [{ span: before.definition.nameSpan, message: `deploy.nodes.${before.name}` }],
          });
      }
    }
  },
};

/** What makes it another machine or another profile: options of ssh, the owner. Undefined where that is not known. */
function loginOf(fleet: Fleet, node: DeployNode, profile: Profile): string | undefined {
  const parts: string[] = [];
  for (const name of ["sshOpts", "profilePath"]) {
    for (const attr of settingAtLevels(fleet, node, profile, name)) {
      const text = attr === "unknown" ? undefined : plain(attr.value);
      if (text === undefined) return undefined;
      parts.push(text);
    }
  }
  if (profile.user?.known !== true) return undefined;
  return [...parts, profile.user.value].join("\0");
}

function plain(datum: Datum): string | undefined {
  if (datum.kind !== "list") return knownText(datum);
  const items = datum.items.map(knownText);
  return datum.complete && items.every(item => item !== undefined) ? items.join(" ") : undefined;
}
