// setting-deprecated: an option or setting under a name that has been replaced.

import type { OptionFact, SettingFact } from "../facts/facts";
import { findLegacyOption } from "../knowledge/legacyOptions";
import { findSetting } from "../knowledge/nixSettings";
import { renameAttribute } from "./entryFixes";
import type { Report, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "setting-deprecated",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An option or setting is written by a name that has been replaced",
    why: `NixOS 22.05 moved the options for nix.conf under \`nix.settings\`, by the names that Nix uses. The old ones still work, with
\`The option \`nix.binaryCaches' … has been renamed to \`nix.settings.substituters'\`, and hide from readers and tools that both define one list.
In nix.conf the old names are aliases.`,
    bad: [
      '{ nix.binaryCaches = [ "https://cache.example.org" ]; }',
      { "nix.conf": "binary-caches = https://cache.example.org" },
    ],
    good: ['{ nix.settings.substituters = [ "https://cache.example.org" ]; }'],
  },
};

export const settingDeprecated: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.options) checkOption(fact, report);
    for (const fact of ctx.facts.settings) checkAlias(fact, report);
  },
};

function checkOption(fact: OptionFact, report: Report): void {
  const { option, nameSpan } = fact;
  const [root, name = "", ...rest] = option;
  const legacy = root === "nix" && rest.length === 0 ? findLegacyOption(name) : undefined;
  if (legacy?.replacement === undefined) return;
  const replacement = legacy.replacement.join(".");
  const since = legacy.since === undefined ? "" : ` since NixOS ${legacy.since}`;
  // Below `nix`, and with a value of the same meaning, the new name goes where the old one stood.
  const sameMeaning = legacy.setting !== undefined || name === "daemonIONiceLevel";
  const below = legacy.replacement.slice(1);
  report({
    span: nameSpan,
    message:
      legacy.removed === true
        ? `nix.${name} is no option any more, so the configuration cannot be built; see ${replacement}`
        : `nix.${name} is called ${replacement}${since}: every evaluation warns about it`,
    fixes: sameMeaning
      ? renameAttribute(fact, below, { title: `Rename to ${replacement}`, safety: "safe" })
      : [],
  });
}

function checkAlias(fact: SettingFact, report: Report): void {
  const { written, surface, nameSpan } = fact;
  const match = surface === "legacy-option" ? undefined : findSetting(written);
  // A name that came after Nix 2.8 is unknown to older ones, which know the old name alone.
  if (match === undefined || !match.alias || match.setting.since !== undefined) return;
  const name = `${match.extra ? "extra-" : ""}${match.setting.name}`;
  report({
    span: nameSpan,
    message: `${written} is an old name of ${name}, which readers and tools look for`,
    fixes: renameAttribute(fact, [name], { title: `Rename to ${name}`, safety: "safe" }),
  });
}
