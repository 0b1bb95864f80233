// deploy-no-user: neither user nor sshUser for a profile.

import { addToSet } from "./attributeFixes";
import { deployNodes } from "./deployLevels";
import { webFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import type { Rule, RuleMeta } from "./rule";

function example(user: string) {
  return webFlake(`hostname = "web.example.org";
profiles.system = {${user}
  path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.web;
};`);
}

const meta: RuleMeta = {
  code: "deploy-no-user",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A profile of deploy-rs has neither `user` nor `sshUser`, at no level",
    why: `deploy-rs logs in as the local user if \`sshUser\` is missing, but it does not take that name for the owner of the profile: it stops with
\`Neither \\\`user\\\` nor \\\`sshUser\\\` are set for profile system of node web\`. A NixOS system belongs to root: \`user = "root"\`.`,
    bad: [example("")],
    good: [example('\n  user = "root";')],
  },
};

export const deployNoUser: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found: HostFinding[] = [];
    for (const { host, set } of deployNodes(ctx.fleet)) {
      if (set?.complete !== true) continue;
      for (const { name, value, span, user, sshUser, activation } of host.profiles) {
        if (value.kind !== "attrs" || !value.complete || user !== undefined || sshUser !== undefined)
          continue;
        const isSystem = activation?.kind === "nixos" || activation?.kind === "darwin";
        const edits = isSystem ? addToSet(ctx, value, "user", '"root"') : undefined;
        found.push({
          span,
          host,
          before: `the profile "${name}" of `,
          after: ' has neither user nor sshUser: deploy-rs stops with "Neither `user` nor `sshUser` are set"',
          fixes: edits === undefined ? [] : [{ title: 'Add user = "root"', safety: "review", edits }],
        });
      }
    }
    reportForHosts(found, report);
  },
};
