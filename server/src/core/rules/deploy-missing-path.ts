// deploy-missing-path: a profile of deploy-rs without what is to be activated.

import type { Datum } from "../eval/datum";
import { activationCall } from "./activationSource";
import { addToSet } from "./attributeFixes";
import { configurationNamed, type DeployNode, deployNodes } from "./deployLevels";
import { nodeFlake, webFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-missing-path",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A profile of deploy-rs has no `path`",
    why: `\`path\` is what deploy-rs builds, copies and activates. Without it deploy-rs stops with \`Error decoding the JSON from evaluation: missing
field \\\`path\\\`\` for every node.`,
    bad: [
      webFlake(`hostname = "web.example.org";
profiles.system = { user = "root"; };`),
    ],
    good: [nodeFlake("")],
  },
};

export const deployMissingPath: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found: HostFinding[] = [];
    for (const node of deployNodes(ctx.fleet)) {
      for (const { name, value, span } of node.host.profiles) {
        if (value.kind !== "attrs" || !value.complete || value.entries.has("path")) continue;
        found.push({
          span,
          host: node.host,
          before: `the profile "${name}" of `,
          after: ' has no path, so deploy-rs cannot read the deploy output: "missing field `path`"',
          fixes: stub(ctx, node, value),
        });
      }
    }
    reportForHosts(found, report);
  },
};

function stub(ctx: FleetContext, { name, definition }: DeployNode, at: Datum): readonly Fix[] {
  const system = configurationNamed(ctx.fleet, definition.entryPoint, name)?.system;
  if (system?.known !== true || at.kind !== "attrs") return [];
  const path = activationCall(ctx, at.span.path, system.value, name);
  const edits = path === undefined ? undefined : addToSet(ctx, at, "path", path);
  return edits === undefined
    ? []
    : [{ title: `Activate nixosConfigurations.${name}`, safety: "review", edits }];
}
