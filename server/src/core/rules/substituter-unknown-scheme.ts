// substituter-unknown-scheme: a store URL whose scheme no Nix knows.

import { spanInText } from "../eval/datum";
import { STORE_SCHEMES } from "../formats/storeScheme";
import { parseStoreUrl, type StoreUrlProblem } from "../formats/storeUrl";
import { editDistance } from "../knowledge/editDistance";
import { replaceEntry } from "./entryFixes";
import { type SettingEntry, SUBSTITUTERS, urlEntries, whereClause } from "./listEntries";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-unknown-scheme",
  category: "caches",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A substituter has a scheme that Nix does not know",
    why: `Nix knows \`https\`, \`http\`, \`file\`, \`s3\`, \`ssh\`, \`ssh-ng\`, \`unix\`, \`daemon\`, \`local\`, \`auto\` and \`dummy\`, in lower case.
Anything else is skipped with a warning at build time (\`don't know how to open Nix store with scheme 'htps'\`), so what the cache holds is
built from source. \`nix.checkConfig\` does not notice.`,
    bad: [
      '{ nix.settings.substituters = [ "htps://cache.example.org" ]; }',
      '{ nix.settings.substituters = [ "scp://nix-ssh@stage.example.org" ]; }',
    ],
    good: [
      '{ nix.settings.substituters = [ "https://cache.example.org" "ssh-ng://nix-ssh@stage.example.org" ]; }',
    ],
  },
};

export const substituterUnknownScheme: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of urlEntries(ctx.facts, ...SUBSTITUTERS)) {
      for (const problem of parseStoreUrl(entry.datum.text).problems) {
        if (problem.kind !== "unknown-scheme" && problem.kind !== "scheme-case") continue;
        report({
          span: spanInText(entry.datum, problem.start, problem.end),
          message: messageOf(entry, problem),
          fixes: fixesOf(ctx, entry, problem),
        });
      }
    }
  },
};

function messageOf(entry: SettingEntry, problem: StoreUrlProblem): string {
  const scheme = entry.datum.text.slice(problem.start, problem.end);
  const what =
    problem.kind === "scheme-case"
      ? `Nix writes the scheme "${scheme}" in lower case`
      : `Nix knows no store with the scheme "${scheme}"`;
  return `${what}${whereClause(entry.conditions)}: it skips ${entry.datum.text.trim()} with a warning`;
}

function fixesOf(ctx: FileContext, entry: SettingEntry, problem: StoreUrlProblem): readonly Fix[] {
  const instead = problem.instead?.[0] ?? withNearScheme(entry.datum.text, problem);
  if (instead === undefined) return [];
  return replaceEntry(ctx, entry, [instead], { title: `Replace by ${instead}`, safety: "safe" });
}

/** The URL with the one scheme that is a single letter away. */
function withNearScheme(text: string, { start, end }: StoreUrlProblem): string | undefined {
  const scheme = text.slice(start, end).toLowerCase();
  const near = STORE_SCHEMES.filter(known => editDistance(scheme, known.scheme, 1) === 1);
  const [only] = near;
  return near.length === 1 && only !== undefined ? only.scheme + text.slice(end).trimEnd() : undefined;
}
