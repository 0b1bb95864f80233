// key-not-canonical: a key that Nix's lax decoder accepts although it is not written as Nix writes keys.

import { spanInText } from "../eval/datum";
import {
  type CacheKeyDeparture,
  type CacheKeyProblem,
  formatCacheKey,
  parseCacheKey,
} from "../formats/cacheKey";
import { replaceEntry } from "./entryFixes";
import { breaksLine } from "./lineBreaks";
import { type SettingEntry, settingEntries, whereClause } from "./listEntries";
import type { FileContext, Report, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "key-not-canonical",
  category: "keys",
  severity: "information",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A cache key is accepted by Nix but not written as Nix writes keys",
    why: `Nix's decoder stops at the first \`=\`, ignores what follows, accepts missing padding and surplus bits. So a key with a pasted
\`%\` from a shell prompt or a lost \`=\` works, but compares as different with the same key elsewhere, and other tools refuse it.
Several keys in one string work too, because nix.conf is split at blanks; whoever reads the option sees one strange key.`,
    bad: ['{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg" ]; }'],
    good: ['{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }'],
  },
};

export const keyNotCanonical: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, "trusted-public-keys")) {
      const reading = parseCacheKey(entry.datum.text);
      if (breaksLine(entry)) continue;
      if (reading.kind === "problem") reportSeveral(ctx, entry, reading.problem, report);
      const [departure] = reading.kind === "key" ? reading.departures : [];
      if (reading.kind !== "key" || departure === undefined) continue;
      const canonical = formatCacheKey(reading.key);
      report({
        span: spanInText(entry.datum, departure.start, departure.end),
        message: `the key "${reading.key.name}" ${WORDS[departure.kind]}${whereClause(entry.conditions)}: Nix accepts it, other tools may not`,
        fixes: replaceEntry(ctx, entry, [canonical], { title: `Write it as ${canonical}`, safety: "safe" }),
      });
    }
  },
};

/** Whole keys in one string: nix.conf splits them. */
function reportSeveral(
  ctx: FileContext,
  entry: SettingEntry,
  problem: CacheKeyProblem,
  report: Report,
): void {
  const { kind, start, end, instead = [] } = problem;
  if (kind !== "blank-inside" || instead.length === 0) return;
  report({
    span: spanInText(entry.datum, start, end),
    message: `several keys stand in one string${whereClause(entry.conditions)}: it works only because nix.conf is split at blanks`,
    fixes: replaceEntry(ctx, entry, instead, { title: `Split into ${instead.length} keys`, safety: "safe" }),
  });
}

const WORDS: Readonly<Record<CacheKeyDeparture["kind"], string>> = {
  "missing-padding": "lacks the = at its end",
  "text-after-payload": "has text after its end",
  "loose-bits": "ends in bits that are not part of it",
  "line-break": "has a line break inside",
  "surrounding-blank": "has blanks around it",
};
