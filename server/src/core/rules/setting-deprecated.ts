// setting-deprecated: an option or setting under a name that has been replaced.

import type { OptionFact, SettingFact } from "../facts/facts";
import { findLegacyOption } from "../knowledge/legacyOptions";
import { findSetting } from "../knowledge/nixSettings";
import type { EditsByPath, TextEdit } from "../text/textEdit";
import { removeBinding, renameAttribute } from "./entryFixes";
import { insertItem } from "./insertions";
import { isListLiteral } from "./nixTokens";
import type { FileContext, Fix, Report, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "setting-deprecated",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An option or setting is written by a name that has been replaced",
    why: `NixOS 22.05 moved the options for nix.conf under \`nix.settings\`, by the names that Nix uses. The old ones still work, with
\`\`The option \`nix.binaryCaches' … has been renamed to \`nix.settings.substituters'\`\`, and hide from readers and tools that both define one list.
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
    for (const fact of ctx.facts.options) checkOption(ctx, fact, report);
    for (const fact of ctx.facts.settings) checkAlias(fact, report);
  },
};

function checkOption(ctx: FileContext, fact: OptionFact, report: Report): void {
  const { option, nameSpan } = fact;
  const [root, name = "", ...rest] = option;
  const legacy = root === "nix" && rest.length === 0 ? findLegacyOption(name) : undefined;
  if (legacy?.replacement === undefined) return;
  const replacement = legacy.replacement.join(".");
  const since = legacy.since === undefined ? "" : ` since NixOS ${legacy.since}`;
  // Below `nix`, and with a value of the same meaning, the new name goes where the old one stood.
  const sameMeaning = legacy.setting !== undefined || name === "daemonIONiceLevel";
  const below = legacy.replacement.slice(1);
  const renamed = renameAttribute(fact, below, { title: `Rename to ${replacement}`, safety: "safe" });
  report({
    span: nameSpan,
    message:
      legacy.removed === true
        ? `nix.${name} is no option any more, so the configuration cannot be built; see ${replacement}`
        : `nix.${name} is called ${replacement}${since}: every evaluation warns about it`,
    fixes: !sameMeaning ? [] : renamed.length > 0 ? renamed : moveItems(ctx, fact, replacement),
  });
}

/** Where both names define a list in one set, which Nix joins: the items of the old one go into the new one. */
function moveItems(ctx: FileContext, fact: OptionFact, replacement: string): readonly Fix[] {
  const { value, span } = fact;
  // that one of this name stands in the same set is why there is no renaming; of several nobody knows which
  const named = ctx.facts.options.filter(each => each.option.join(".") === replacement);
  const target = named.length === 1 ? named.find(each => isSamePlace(each, fact)) : undefined;
  const text = ctx.textOf(span.path);
  if (target === undefined || text === undefined || value.kind !== "list") return [];
  const typed = text.slice(value.span.start, value.span.end);
  // a comment inside would be lost, a `++` is no item
  if (!isListLiteral(typed) || /#|\/\*/.test(typed)) return [];
  const items = typed.slice(1, -1).trim();
  const label = { title: `Move into ${replacement}`, safety: "review" } as const;
  const inserted = items === "" ? undefined : insertItem(ctx, target.value.span, items);
  if (items !== "" && inserted === undefined) return [];
  return removeBinding(ctx, span, label).map(
    (removal): Fix => ({ ...label, edits: joined(inserted, removal.edits) }),
  );
}

function isSamePlace(a: OptionFact, b: OptionFact): boolean {
  const unconditional = a.conditions.length === 0 && b.conditions.length === 0;
  return unconditional && a.span.path === b.span.path && a.priority.level === b.priority.level;
}

function joined(a: EditsByPath | undefined, b: EditsByPath): EditsByPath {
  return new Map([...b].map(([path, edits]) => [path, [...(a?.get(path) ?? []), ...edits].sort(byPlace)]));
}

function byPlace(a: TextEdit, b: TextEdit): number {
  return a.start - b.start;
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
