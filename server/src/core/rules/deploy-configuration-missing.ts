// deploy-configuration-missing: a node of deploy-rs deploys a configuration that the flake does not have.

import { nearest } from "../knowledge/editDistance";
import { replaceName } from "./attributeFixes";
import { deployFlake } from "./exampleFlakes";
import { missingConfiguration } from "./missingConfigurations";
import type { Rule, RuleMeta } from "./rule";

function example(name: string) {
  return deployFlake(`nixosConfigurations.web-server = nixpkgs.lib.nixosSystem {
  system = "x86_64-linux";
  modules = [ ];
};
deploy.nodes.web = {
  hostname = "web.example.org";
  profiles.system = {
    user = "root";
    path = deploy-rs.lib.x86_64-linux.activate.nixos self.nixosConfigurations.${name};
  };
};`);
}

const meta: RuleMeta = {
  code: "deploy-configuration-missing",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A node of deploy-rs deploys a configuration that the flake does not have",
    why: `Nix stops with \`error: attribute 'web' missing\` as soon as the node is evaluated, and \`deploy\` without a target evaluates all of them,
so no host can be deployed. The output is called \`nixosConfigurations\`, with an s.`,
    bad: [example("web-sever")],
    good: [example("web-server")],
  },
};

export const deployConfigurationMissing: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const problem of ctx.fleet.problems) {
      const missing = missingConfiguration(ctx, problem);
      if (missing === undefined) continue;
      const { name, output } = missing;
      const near = nearest(name, problem.subject?.candidates ?? []);
      const what = output === undefined ? `the flake has no output ${name}` : `${output} has no "${name}"`;
      const edits = near === undefined ? undefined : replaceName(ctx, problem.span, name, near);
      report({
        span: problem.span,
        message: `${what}, so ${problem.attrPath.slice(0, 3).join(".")} cannot be deployed${near === undefined ? "" : `; did you mean ${near}?`}`,
        fixes: edits === undefined ? [] : [{ title: `Write ${near}`, safety: "safe", edits }],
      });
    }
  },
};
