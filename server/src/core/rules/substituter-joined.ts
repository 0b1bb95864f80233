// substituter-joined: several URLs in one string.

import { spanInText } from "../eval/datum";
import { parseStoreUrl } from "../formats/storeUrl";
import { replaceEntry } from "./entryFixes";
import { breaksLine } from "./lineBreaks";
import { SUBSTITUTERS, settingEntries, whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-joined",
  category: "caches",
  severity: "information",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "Several URLs stand in one string",
    why: `It works by accident: the list is written to nix.conf with blanks between its elements, and Nix splits it there again. Tools that
read the option see one strange URL.`,
    bad: ['{ nix.settings.substituters = [ "https://a.example.org https://b.example.org" ]; }'],
    good: ['{ nix.settings.substituters = [ "https://a.example.org" "https://b.example.org" ]; }'],
  },
};

export const substituterJoined: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, ...SUBSTITUTERS)) {
      for (const problem of parseStoreUrl(entry.datum.text).problems) {
        if (problem.kind !== "blank-inside" || breaksLine(entry)) continue;
        const { instead = [] } = problem;
        report({
          span: spanInText(entry.datum, problem.start, problem.end),
          message: `several URLs stand in one string${whereClause(entry.conditions)}: it works only because nix.conf is split at blanks`,
          fixes: replaceEntry(ctx, entry, instead, {
            title: `Split into ${instead.length} URLs`,
            safety: "safe",
          }),
        });
      }
    }
  },
};
