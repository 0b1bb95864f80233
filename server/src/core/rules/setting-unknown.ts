// setting-unknown: a name that no version of Nix knows.

import { UNKNOWN_TEXT } from "../eval/datum";
import type { SettingFact } from "../facts/facts";
import { findSetting, nearestSetting } from "../knowledge/nixSettings";
import { renameAttribute } from "./entryFixes";
import { whereClause } from "./listEntries";
import type { Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "setting-unknown",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A Nix setting has a name that no version of Nix knows",
    why: `\`nix.settings\` takes any name, so a misspelt one evaluates; \`nix.checkConfig\` stops the build of the system with
\`unknown setting 'substituers'\`, and where it does not look (nix.conf, \`nixConfig\`) Nix ignores the value. Names are written in
lower case with dashes; \`extra-\` works for lists only.`,
    bad: [
      '{ nix.settings.substituers = [ "https://cache.example.org" ]; }',
      { "nix.conf": "trusted_public_keys = a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" },
    ],
    good: ['{ nix.settings.substituters = [ "https://cache.example.org" ]; }'],
  },
};

export const settingUnknown: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.settings) {
      const { written, surface, nameSpan, conditions } = fact;
      if (surface === "legacy-option" || written.includes(UNKNOWN_TEXT)) continue;
      if (findSetting(written) !== undefined) continue;
      const near = nearestSetting(written);
      if (near === undefined && !isCertainlyNone(written)) continue;
      const meant = near === undefined ? "" : `; did you mean ${near}?`;
      report({
        span: nameSpan,
        message: `Nix has no setting "${written}"${whereClause(conditions)}, ${CONSEQUENCES[surface]}${meant}`,
        fixes: fixesOf(fact, near, ctx.facts.settings),
      });
    }
  },
};

/** Settings come and go between versions and forks; no setting of any was ever written like this. */
function isCertainlyNone(written: string): boolean {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(written)) return true;
  return written.startsWith("extra-") && findSetting(written.slice("extra-".length)) !== undefined;
}

const CONSEQUENCES: Readonly<Record<SettingFact["surface"], string>> = {
  option: "so the check of nix.conf stops the build of the system",
  "legacy-option": "so it has no effect",
  "option-text": "so the check of nix.conf stops the build of the system",
  flake: "so it is ignored without a word",
  "nix.conf": "so it is ignored with a warning",
};

/** Renaming is safe unless the right name is set there already. */
function fixesOf(fact: SettingFact, near: string | undefined, all: readonly SettingFact[]): readonly Fix[] {
  if (near === undefined) return [];
  const taken = all.some(other => other.written === near && other.surface === fact.surface);
  const safety = taken ? "review" : "safe";
  return renameAttribute(fact, [near], { title: `Rename to ${near}`, safety });
}
