// deploy-missing-profiles: a node of deploy-rs without anything to deploy.

import { activationCall } from "./activationSource";
import { addToSet } from "./attributeFixes";
import { configurationNamed, type DeployNode, deployNodes } from "./deployLevels";
import { nodeFlake, webFlake } from "./exampleFlakes";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-missing-profiles",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A node of deploy-rs has no `profiles`",
    why: `A node says where to deploy, its profiles say what. Without \`profiles\` deploy-rs stops with \`Error decoding the JSON from evaluation:
missing field \\\`profiles\\\`\` for every node. A NixOS system is the profile \`system\` of root.`,
    bad: [webFlake('hostname = "web.example.org";')],
    good: [nodeFlake("")],
  },
};

export const deployMissingProfiles: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const node of deployNodes(ctx.fleet)) {
      const { set, name, definition } = node;
      if (set === undefined || !set.complete || set.entries.has("profiles")) continue;
      report({
        span: definition.nameSpan,
        message: `deploy.nodes.${name} has no profiles, so deploy-rs cannot read the deploy output: "missing field \`profiles\`"`,
        fixes: stub(ctx, node),
      });
    }
  },
};

/** A system profile, where the flake has a configuration of that name. */
function stub(ctx: FleetContext, { set, name, definition, host }: DeployNode): readonly Fix[] {
  const configuration = configurationNamed(ctx.fleet, definition.entryPoint, name);
  const system = configuration?.system ?? host.system;
  if (set === undefined || configuration === undefined || system?.known !== true) return [];
  const path = activationCall(ctx, set.span.path, system.value, name);
  if (path === undefined) return [];
  const edits = addToSet(ctx, set, "profiles.system", `{\n  user = "root";\n  path = ${path};\n}`);
  return edits === undefined ? [] : [{ title: "Add the system profile", safety: "review", edits }];
}
