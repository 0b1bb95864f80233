// check-config-off: the check of nix.conf when a system is built is switched off.

import { branchesOf } from "../eval/datum";
import { removeBinding } from "./entryFixes";
import { whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "check-config-off",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  ofEffect: true,
  docs: {
    summary: "`nix.checkConfig` is off",
    why: `The check runs when the system is built and stops unknown names, wrong values and syntax errors before they reach a host. Without it a
typo in nix.conf is deployed; from Nix 2.34 on one URL that cannot be parsed then makes every nix command on the host fail, the next deploy
included.`,
    bad: ["{ nix.checkConfig = false; }"],
    good: ["{ nix.checkConfig = true; }"],
  },
};

export const checkConfigOff: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { option, value, conditions, nameSpan, span } of ctx.facts.options) {
      if (option.join(".") !== "nix.checkConfig") continue;
      for (const branch of branchesOf(value, conditions)) {
        if (branch.value.kind !== "scalar" || branch.value.value !== false) continue;
        report({
          span: nameSpan,
          message: `nix.checkConfig is off${whereClause(branch.conditions)}: a mistake in nix.conf reaches the host, where it can make every nix command fail`,
          fixes:
            value.kind === "alternatives"
              ? []
              : removeBinding(ctx, span, { title: "Remove it", safety: "safe" }),
        });
      }
    }
  },
};
