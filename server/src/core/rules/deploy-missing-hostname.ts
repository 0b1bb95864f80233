// deploy-missing-hostname: a node of deploy-rs without the name or address to connect to.

import { insertBinding } from "./attributeFixes";
import { deployNodes } from "./deployLevels";
import { webFlake } from "./exampleFlakes";
import type { Rule, RuleMeta } from "./rule";

const PROFILE = `profiles.system = {
  user = "root";
  path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};`;

const meta: RuleMeta = {
  code: "deploy-missing-hostname",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A node of deploy-rs has no `hostname`",
    why: `deploy-rs does not use the node's name as address. Without \`hostname\` it stops with \`Error decoding the JSON from evaluation: missing
field \\\`hostname\\\`\`, for every node, also when another one was asked for with \`--hostname\`.`,
    bad: [webFlake(PROFILE)],
    good: [webFlake(`hostname = "web.example.org";\n${PROFILE}`)],
  },
};

export const deployMissingHostname: Rule = {
  meta,
  checkFleet(ctx, report) {
    const nodes = deployNodes(ctx.fleet);
    for (const { set, name, definition } of nodes) {
      if (set === undefined || !set.complete || set.entries.has("hostname")) continue;
      const shared = nodes.some(
        other =>
          other.set !== set &&
          other.set?.span.start === set.span.start &&
          other.set.span.path === set.span.path,
      );
      const edits = shared ? undefined : insertBinding(ctx, set.span, `hostname = ${JSON.stringify(name)};`);
      report({
        span: definition.nameSpan,
        message: `deploy.nodes.${name} has no hostname, so deploy-rs cannot read the deploy output: "missing field \`hostname\`"`,
        fixes: edits === undefined ? [] : [{ title: `Add hostname = "${name}"`, safety: "review", edits }],
      });
    }
  },
};
