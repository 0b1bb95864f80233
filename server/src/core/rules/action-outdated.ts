// action-outdated: a GitHub Action of the Nix field at an old major version.

import { findAction, isOutdated } from "../knowledge/actions";
import { editsAt } from "./entryFixes";
import type { Rule, RuleMeta } from "./rule";

function workflow(uses: string) {
  return {
    ".github/workflows/deploy.yml": `on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: ${uses}
`,
  };
}

const meta: RuleMeta = {
  code: "action-outdated",
  category: "colmena",
  severity: "information",
  since: "0.1.0",
  fix: "always",
  docs: {
    summary: "A workflow uses an old major version of an action that installs Nix or feeds a cache",
    why: `Old versions install an old Nix, run on Node versions that GitHub has retired, or talk to services that are gone: magic-nix-cache-action
before the new cache API of GitHub fails since 2025-02-01. Look at the release notes before changing a major version.`,
    bad: [workflow("cachix/install-nix-action@v20")],
    good: [workflow("cachix/install-nix-action@v31")],
  },
};

export const actionOutdated: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { action, ref, span, refSpan } of ctx.facts.script?.actions ?? []) {
      const known = findAction(action);
      if (known === undefined || !isOutdated(known, ref)) continue;
      const note = known.note === undefined ? "" : ` (${known.note.replaceAll("`", "")})`;
      report({
        span,
        message: `${known.name} is at v${known.major}, this workflow uses ${ref}${note}`,
        fixes: [
          { title: `Use v${known.major}`, safety: "review", edits: editsAt(refSpan, `v${known.major}`) },
        ],
      });
    }
  },
};
