// Fixes that add to a list setting of Nix: to the list where it is written, else in a new definition beside another setting,
// in the same form (an option, a line of nix.conf, an option under its older name).

import { ORDINARY, type SettingFact } from "../facts/facts";
import { legacyNamesOf } from "../knowledge/legacyOptions";
import type { EditsByPath } from "../text/textEdit";
import { editsAt } from "./entryFixes";
import { insertBeside, insertItem, insertLine } from "./insertions";
import { isListLiteral } from "./nixTokens";
import type { FileContext } from "./rule";

type Texts = Pick<FileContext, "textOf">;

/** Adds a text to a list setting: to the list where it is written, else as a new one beside another setting. */
export function addToSetting(
  ctx: Texts,
  settings: readonly SettingFact[],
  name: string,
  item: string,
  beside: SettingFact | undefined,
): EditsByPath | undefined {
  const replacing = settings.findLast(fact => fact.name === name && inConfText(fact) && !fact.extra);
  if (replacing !== undefined)
    return replacing.conditions.length > 0 ? undefined : appendWord(ctx, replacing, item);
  const written = writtenList(ctx, settings, name);
  if (written !== undefined) return insertItem(ctx, written.value.span, `"${item}"`);
  if (beside === undefined || settings.some(fact => fact.name === name)) {
    const line = settings.find(
      fact => fact.name === name && inConfText(fact) && fact.conditions.length === 0,
    );
    return line === undefined ? undefined : appendWord(ctx, line, item);
  }
  // a line of nix.conf or a flake's setting replaces what Nix has in the list by itself
  const adds = beside.extra || inConfText(beside) || beside.surface === "flake";
  const named = `${adds ? "extra-" : ""}${name}`;
  if (inConfText(beside)) return insertLine(ctx, beside, `${named} = ${item}`);
  if (beside.surface === "legacy-option") {
    // under `nix` the older option of the other setting goes beside that of this one
    const [legacy] = legacyNamesOf(name);
    return legacy === undefined ? undefined : insertBeside(ctx, beside, legacy, `[ "${item}" ]`);
  }
  return insertBeside(ctx, beside, named, `[ "${item}" ]`);
}

/** The one definition of a list that a fix may add to: one that counts, and a list as it is typed. */
function writtenList(ctx: Texts, settings: readonly SettingFact[], name: string): SettingFact | undefined {
  const certain = settings.filter(fact => fact.name === name && fact.conditions.length === 0);
  return certain.find(fact => {
    const { span } = fact.value;
    const typed = ctx.textOf(span.path)?.slice(span.start, span.end) ?? "";
    return isListLiteral(typed) && levelFor(certain, fact.extra) === fact.priority.level;
  });
}

/** The priority whose definitions count; NixOS' own ones have the ordinary one. */
function levelFor(facts: readonly SettingFact[], extra: boolean): number {
  const levels = facts.filter(fact => fact.extra === extra).map(fact => fact.priority.level);
  return extra ? Math.min(...levels) : Math.min(ORDINARY.level, ...levels);
}

function inConfText({ surface }: SettingFact): boolean {
  return surface === "option-text" || surface === "nix.conf";
}

function appendWord(ctx: Texts, line: SettingFact, word: string): EditsByPath | undefined {
  const { span } = line.value;
  const typed = ctx.textOf(span.path)?.slice(span.start, span.end);
  if (typed === undefined || typed.includes("${") || typed.includes("\n")) return undefined;
  return editsAt({ path: span.path, start: span.end, end: span.end }, ` ${word}`);
}
