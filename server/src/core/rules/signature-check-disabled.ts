// signature-check-disabled: unsigned paths are accepted, from everywhere or from one cache.

import { branchesOf, type Datum, knownText, spanInText } from "../eval/datum";
import type { SettingFact } from "../facts/facts";
import { parseStoreUrl } from "../formats/storeUrl";
import { SUBSTITUTERS, urlEntries, whereClause } from "./listEntries";
import { isNixosTest } from "./nixosTests";
import type { Report, Rule, RuleMeta } from "./rule";
import { booleanOf } from "./settingValue";

const meta: RuleMeta = {
  code: "signature-check-disabled",
  category: "caches",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  ofEffect: true,
  docs: {
    summary: "Store paths are accepted without a signature",
    why: `With \`require-sigs = false\`, or \`?trusted=true\` on a cache, the host installs whatever the cache, or anybody on the way to it,
hands out: that is root on the host. Sign on the machine that builds (\`secret-key-files\`) and add its public key to
\`trusted-public-keys\` instead.`,
    bad: [
      "{ nix.settings.require-sigs = false; }",
      '{ nix.settings.substituters = [ "http://cache.example.org?trusted=1" ]; }',
    ],
    good: ["{ nix.settings.require-sigs = true; }"],
  },
};

export const signatureCheckDisabled: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.settings) {
      if (fact.name === "require-sigs" && !isNixosTest(ctx.textOf(fact.nameSpan.path)))
        checkSetting(fact, report);
    }
    for (const entry of urlEntries(ctx.facts, ...SUBSTITUTERS)) {
      const { url } = parseStoreUrl(entry.datum.text);
      const trusted = url?.parameters.findLast(({ name }) => name.text === "trusted");
      if (url === undefined || trusted?.value === undefined || !/^(true|yes|1)$/.test(trusted.value.decoded))
        continue;
      // Who controls the machine's own store is root on it already.
      if (OWN_STORES.has(url.family)) continue;
      report({
        span: spanInText(entry.datum, trusted.start, trusted.end),
        message: `paths from ${url.host?.text.replaceAll("\uFFFC", "…") ?? "this store"} are accepted without a signature${whereClause(entry.conditions)}: whoever controls it or the way to it is root on this host`,
      });
    }
  },
};

const OWN_STORES: ReadonlySet<string> = new Set(["auto", "daemon", "local"]);

function checkSetting(fact: SettingFact, report: Report): void {
  for (const { value, conditions } of branchesOf(fact.value, fact.conditions)) {
    if (booleanOf(value) !== false || isRefused(fact, value)) continue;
    const shown = knownText(value) ?? "false";
    report({
      span: value.span,
      message: `${fact.written} = ${shown}${whereClause(conditions)}: paths are accepted without a signature from every cache, so whoever controls one is root on this host`,
    });
  }
}

/** A text that was typed for the option, which takes none: setting-wrong-type. */
function isRefused({ surface }: SettingFact, value: Datum): boolean {
  const isOption = surface === "option" || surface === "legacy-option";
  return isOption && value.kind === "text" && value.pieces.some(piece => piece.exact);
}
