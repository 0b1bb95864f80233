// flag-deprecated: a flag of nixos-rebuild that has another name today.

import type { FlagFact } from "../facts/scriptFacts";
import { findDeprecatedFlag } from "../knowledge/flags";
import { editsAt } from "./entryFixes";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "flag-deprecated",
  category: "colmena",
  severity: "information",
  since: "0.1.0",
  fix: "always",
  docs: {
    summary: "A script calls nixos-rebuild with a flag that is deprecated",
    why: `The nixos-rebuild of NixOS 25.11 and newer still takes the old names with a warning: \`--use-remote-sudo deprecated, use --sudo instead\`.
Some do nothing any more. Looked at are justfiles, Makefiles, shell scripts and workflows; a machine older than NixOS 25.05 does
not know the new names.`,
    bad: [
      { "deploy.sh": "nixos-rebuild switch --flake .#web --target-host web --use-remote-sudo\n" },
      { justfile: "deploy:\n  nixos-rebuild switch --fast --flake .\n" },
    ],
    good: [{ "deploy.sh": "nixos-rebuild switch --flake .#web --target-host web --sudo\n" }],
  },
};

export const flagDeprecated: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.script?.flags ?? []) {
      const known = findDeprecatedFlag(fact.flag);
      if (known === undefined) continue;
      const { flag, replacement, since } = known;
      const from = since === undefined ? "" : ` (NixOS ${since} and newer)`;
      report({
        span: fact.span,
        message:
          replacement === undefined
            ? `nixos-rebuild ignores ${flag} today and warns about it`
            : `nixos-rebuild warns about ${flag}: it is called ${replacement} today${from}`,
        fixes: replacement === undefined ? remove(ctx, fact) : replace(fact, replacement),
      });
    }
  },
};

function replace({ span }: FlagFact, flag: string): readonly Fix[] {
  return [{ title: `Write ${flag}`, safety: "safe", edits: editsAt(span, flag) }];
}

function remove(ctx: FileContext, { flag, span }: FlagFact): readonly Fix[] {
  const before = /[ \t]*$/.exec(ctx.textOf(span.path)?.slice(0, span.start) ?? "")?.[0].length ?? 0;
  const edits = editsAt({ ...span, start: span.start - before }, "");
  return [{ title: `Remove ${flag}`, safety: "safe", edits }];
}
