// accept-flake-config: every flake may change settings without being asked about.

import { branchesOf } from "../eval/datum";
import { whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { booleanOf } from "./settingValue";

const meta: RuleMeta = {
  code: "accept-flake-config",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  ofEffect: true,
  docs: {
    summary: "The settings of every flake are accepted without asking",
    why: `With \`accept-flake-config = true\` any flake that a trusted user evaluates may set \`post-build-hook\` or \`require-sigs = false\`: that
is running its code as root. Pass \`--accept-flake-config\` for the one flake that you trust, or put its caches into \`nix.settings\`. In the
\`nixConfig\` of a flake it says nothing about other flakes and is not reported.`,
    bad: ["{ nix.settings.accept-flake-config = true; }"],
    good: ["{ nix.settings.accept-flake-config = false; }"],
  },
};

export const acceptFlakeConfig: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.settings) {
      // in a flake it holds while that flake is used, by who accepted its settings anyway
      if (fact.name !== "accept-flake-config" || fact.surface === "flake") continue;
      for (const { value, conditions } of branchesOf(fact.value, fact.conditions)) {
        if (booleanOf(value) !== true) continue;
        report({
          span: value.span,
          message: `every flake may change the settings of Nix, hooks and signature checks included${whereClause(conditions)}: for trusted users that is root`,
        });
      }
    }
  },
};
