// url-literal: an unquoted URL or key in a list that we check.

import { replaceEntry } from "./entryFixes";
import { SUBSTITUTERS, settingEntries } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "url-literal",
  category: "caches",
  severity: "hint",
  since: "0.1.0",
  fix: "always",
  docs: {
    summary: "A URL or key is written without quotes",
    why: `Unquoted, it is a URL literal: an old form that evaluates to the same string. Nix 2.34 can warn about it (\`lint-url-literals\`),
and with the experimental feature \`no-url-literals\` it is an error.`,
    bad: ["{ nix.settings.substituters = [ https://cache.example.org ]; }"],
    good: ['{ nix.settings.substituters = [ "https://cache.example.org" ]; }'],
  },
};

export const urlLiteral: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, ...SUBSTITUTERS, "trusted-public-keys")) {
      const { datum } = entry;
      if (datum.unquoted !== true) continue;
      report({
        span: datum.span,
        message: `${datum.text} is a URL literal, which newer Nix discourages: quote it`,
        fixes: replaceEntry(ctx, entry, [datum.text], { title: "Put it in quotes", safety: "safe" }),
      });
    }
  },
};
