// syntax: text that is not Nix.

import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "syntax",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  language: true,
  docs: {
    summary: "A file is not valid Nix",
    why: `Nix stops with \`syntax error\` when it reads the file. Reported only where no other extension for Nix is active, or with
\`nixDeploy.languageDiagnostics\` set to \`on\`.`,
    bad: ["{ nix.settings.substituters = [ ]; nix.gc = ; }"],
    good: ["{ nix.settings.substituters = [ ]; }"],
  },
};

export const syntaxRule: Rule = {
  meta,
  checkFile({ facts }, report) {
    for (const { kind, message, span } of facts.refused ?? [])
      if (kind === "syntax") report({ span, message });
  },
};
