// substituter-duplicate: one cache twice in one list, however it is spelt.

import { parseStoreUrl, storeIdentity } from "../formats/storeUrl";
import { SUBSTITUTERS } from "./listEntries";
import { repeatedAcrossModules } from "./repeatedAcrossModules";
import { repeatedEntries } from "./repeatedEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "substituter-duplicate",
  category: "caches",
  severity: "hint",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A cache stands twice in one list",
    why: `A trailing slash, the default port or capital letters in the host do not make another cache: Nix opens both entries and asks the
same server twice for what it does not have.`,
    bad: [
      '{ nix.settings.substituters = [ "https://cache.example.org" "https://Cache.example.org:443/" ]; }',
    ],
    good: [
      '{ nix.settings.substituters = [ "https://cache.example.org" "https://cache.example.org/other" ]; }',
    ],
  },
};

export const substituterDuplicate: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { entry, draft } of repeatedEntries(ctx, SUBSTITUTERS, identityOf)) {
      report({ ...draft, message: `${entry.datum.text} stands in this list already` });
    }
  },
  checkFleet(ctx, report) {
    for (const { entry, draft } of SUBSTITUTERS.flatMap(each =>
      repeatedAcrossModules(ctx, each, identityOf),
    )) {
      report({ ...draft, message: `${entry.datum.text} stands in this list already` });
    }
  },
};

function identityOf(text: string): string | undefined {
  // an empty entry leaves nothing in nix.conf
  if (text.trim() === "") return undefined;
  const { url, problems } = parseStoreUrl(text);
  return url === undefined || problems.length > 0 ? undefined : storeIdentity(url);
}
