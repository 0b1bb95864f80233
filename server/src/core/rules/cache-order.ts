// cache-order: a cache over SSH is asked first for everything.

import { spanInText } from "../eval/datum";
import { parseStoreUrl } from "../formats/storeUrl";
import { replaceInText } from "./entryFixes";
import { type SettingEntry, settingEntries, whereClause } from "./listEntries";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "cache-order",
  category: "caches",
  severity: "information",
  since: "0.1.0",
  fix: "sometimes",
  ofEffect: true,
  docs: {
    summary: "A cache over SSH without a priority is asked before all others",
    why: `Nix asks caches in the order of their priorities, lowest first; the order of the list decides only between equals. A cache over SSH has
priority 0, cache.nixos.org 40: without \`?priority=\` the SSH cache is asked first for every path, also for all that the public cache has, one
session each, from one machine. With \`?priority=50\` it is asked only for what the others lack.`,
    bad: ['{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org" ]; }'],
    good: ['{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org?priority=50" ]; }'],
  },
};

export const cacheOrder: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, "substituters")) {
      const { url, problems } = parseStoreUrl(entry.datum.text);
      if (url?.family !== "ssh" || url.host === undefined || url.host.text === "localhost") continue;
      // An unknown piece at the end may bring a query along.
      const query = entry.datum.text.slice(url.host.end - 1);
      const tuned = url.parameters.some(({ name }) => name.text === "priority");
      if (tuned || query.includes("\uFFFC") || problems.length > 0) continue;
      report({
        span: spanInText(entry.datum, 0, entry.datum.text.length),
        message: `${url.host.text.replace("\uFFFC", "…")} is asked before cache.nixos.org for every path${whereClause(entry.conditions)}, because a cache over SSH has priority 0 unless ?priority= says otherwise`,
        fixes: addPriority(ctx, entry),
      });
    }
  },
};

function addPriority(ctx: FileContext, { datum }: SettingEntry): readonly Fix[] {
  const end = datum.text.trimEnd().length;
  const sign = !datum.text.includes("?") ? "?" : /[?&]$/.test(datum.text.slice(0, end)) ? "" : "&";
  const last = datum.text.slice(end - 1, end);
  const edits = replaceInText(ctx, datum, { start: end - 1, end }, `${last}${sign}priority=50`);
  return edits === undefined ? [] : [{ title: "Add priority=50", safety: "safe", edits }];
}
