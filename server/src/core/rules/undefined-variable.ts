// undefined-variable: a variable that nothing in the file defines.

import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "undefined-variable",
  category: "evaluation",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  language: true,
  docs: {
    summary: "A variable is used that nothing defines",
    why: `Nix stops with \`undefined variable 'pkg'\` when it reads the file, whether the value is used or not. Inside of \`with\` nothing is
reported, nor in a file that a loader such as std or haumea reads with names of its own in scope. Only where no other extension for Nix is active, or with \`nixDeploy.languageDiagnostics\` set to \`on\`.`,
    bad: ["{ pkgs, ... }: { environment.systemPackages = [ pkg.git ]; }"],
    good: ["{ pkgs, ... }: { environment.systemPackages = [ pkgs.git ]; }"],
  },
};

export const undefinedVariable: Rule = {
  meta,
  checkFile({ facts }, report) {
    // Where the text is not Nix, what binds the name may be in the unreadable part.
    if (facts.refused?.some(({ kind }) => kind === "syntax") === true) return;
    for (const { kind, message, span } of facts.refused ?? [])
      if (kind === "undefined-variable") report({ span, message });
  },
};
