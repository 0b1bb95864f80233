// duplicate-attribute: one name twice in one set.

import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "duplicate-attribute",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  language: true,
  docs: {
    summary: "An attribute is defined twice in one set",
    why: `Nix stops with \`attribute 'enable' already defined\` when it reads the file. Only where no other extension for Nix is active, or with
\`nixDeploy.languageDiagnostics\` set to \`on\`.`,
    bad: ["{ nix.gc.automatic = true; nix.gc.automatic = false; }"],
    good: ['{ nix.gc.automatic = true; nix.gc.dates = "weekly"; }'],
  },
};

export const duplicateAttribute: Rule = {
  meta,
  checkFile({ facts }, report) {
    // A set with an unreadable part may be cut wrongly: what looks like two may be one of each.
    if (facts.refused?.some(({ kind }) => kind === "syntax") === true) return;
    for (const { kind, message, span, first } of facts.refused ?? []) {
      if (kind !== "duplicate-attribute") continue;
      const related = first === undefined ? [] : [{ span: first, message: "first defined here" }];
      report({ span, message, related });
    }
  },
};
