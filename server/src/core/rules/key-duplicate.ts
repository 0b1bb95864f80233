// key-duplicate: one key twice in one list.

import { formatCacheKey, parseCacheKey } from "../formats/cacheKey";
import { repeatedAcrossModules } from "./repeatedAcrossModules";
import { type Repeated, repeatedEntries } from "./repeatedEntries";
import type { Report, Rule, RuleMeta } from "./rule";

const KEY = "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

const meta: RuleMeta = {
  code: "key-duplicate",
  category: "keys",
  severity: "hint",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A key stands twice in one list",
    why: `The second one has no effect: Nix keeps the first key of each name. It only hides which entry counts when one of them is
changed later.`,
    bad: [`{ nix.settings.trusted-public-keys = [ "${KEY}" "${KEY}" ]; }`],
    good: [`{ nix.settings.trusted-public-keys = [ "${KEY}" ]; }`],
  },
};

export const keyDuplicate: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const repeated of repeatedEntries(ctx, ["trusted-public-keys"], identityOf))
      reportOne(repeated, report);
  },
  checkFleet(ctx, report) {
    for (const repeated of repeatedAcrossModules(ctx, "trusted-public-keys", identityOf))
      reportOne(repeated, report);
  },
};

function reportOne({ entry, draft }: Repeated, report: Report): void {
  const name = entry.datum.text.split(":")[0] ?? "";
  report({ ...draft, message: `the key "${name}" stands in this list already` });
}

function identityOf(text: string): string | undefined {
  const reading = parseCacheKey(text);
  return reading.kind === "key" ? formatCacheKey(reading.key) : undefined;
}
