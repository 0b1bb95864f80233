// Assignments of Nix settings out of option definitions, nix.conf text and flakes: the same shape for every surface, under
// the setting's current name, whatever alias was written. Also used on the options that evaluation found.

import type { Datum, ListDatum, TextDatum } from "../eval/datum";
import { branchesOf, spanInText } from "../eval/datum";
import { sliceText } from "../eval/textDatum";
import { type NixConfLine, type NixConfSetting, parseNixConf } from "../formats/nixConf";
import { findLegacyOption } from "../knowledge/legacyOptions";
import { findSetting } from "../knowledge/nixSettings";
import type { Span } from "../text/span";
import type { ConfFact, OptionFact, Priority, SettingFact, Surface } from "./facts";
import { ORDINARY } from "./facts";
import type { FlakeSetting } from "./flakeConfig";

/** What one option definition says about Nix settings: one for `nix.settings.x`, several for `nix.extraOptions`. */
export function settingsOfOption(option: OptionFact): readonly SettingFact[] {
  const [root, second, third] = option.option;
  if (root !== "nix" || second === undefined) return [];
  if (second === "settings") return third === undefined ? [] : [settingOf(third, "option", option)];
  if (option.option.length !== 2) return [];
  if (isConfText(second)) return confsOfOption(option).flatMap(conf => settingsOfConf(conf, option.priority));
  const setting = findLegacyOption(second)?.setting;
  return setting === undefined ? [] : [{ ...settingOf(setting, "legacy-option", option), written: second }];
}

/** The nix.conf texts in one option definition, one for each case in which it differs. */
export function confsOfOption(option: OptionFact): readonly ConfFact[] {
  if (option.option[0] !== "nix" || !isConfText(option.option[1]) || option.option.length !== 2) return [];
  return branchesOf(option.value, option.conditions).flatMap(({ value, conditions }) =>
    value.kind === "text" ? [{ surface: "option-text", text: value, conditions } as const] : [],
  );
}

/** The settings of one nix.conf text. */
export function settingsOfConf(conf: ConfFact, priority: Priority = ORDINARY): readonly SettingFact[] {
  const lines = parseNixConf(conf.text.text);
  return lines.flatMap((line, i) =>
    line.kind === "setting" ? [settingOfLine(conf, withoutBackslash(line, lines[i + 1]), priority)] : [],
  );
}

/** A `\` before a line that it was to continue is no value: the next line is what Nix refuses. */
function withoutBackslash(line: NixConfSetting, next: NixConfLine | undefined): NixConfSetting {
  const continues = next?.kind === "problem" && next.problem === "continued-line";
  return continues && line.words.at(-1)?.text === "\\" ? { ...line, words: line.words.slice(0, -1) } : line;
}

/** One setting of a flake's `nixConfig`. A text is split at blanks, as Nix does. */
export function settingOfFlake(setting: FlakeSetting): SettingFact {
  const named = nameSetting(setting.written);
  const { value } = setting;
  return {
    ...named,
    surface: "flake",
    value: value.kind === "text" && isList(named.name) ? splitText(value) : value,
    nameSpan: setting.nameSpan,
    span: setting.span,
    priority: ORDINARY,
    conditions: [],
    inSet: setting.inSet,
  };
}

function isConfText(name: string | undefined): boolean {
  return name === "extraOptions" || name === "extraConfig";
}

function settingOf(written: string, surface: Surface, option: OptionFact): SettingFact {
  const { value, nameSpan, span, priority, conditions, inSet } = option;
  const { name, extra } = nameSetting(written);
  return inSet === undefined
    ? { name, written, extra, surface, value, nameSpan, span, priority, conditions }
    : { name, written, extra, surface, value, nameSpan, span, priority, conditions, inSet };
}

function settingOfLine(conf: ConfFact, line: NixConfSetting, priority: Priority): SettingFact {
  const { text } = conf;
  const at = (range: { readonly start: number; readonly end: number }): Span =>
    spanInText(text, range.start, range.end);
  const named = nameSetting(line.name.text);
  const whole = sliceText(text, line.value.start, line.value.end);
  return {
    ...named,
    surface: conf.surface,
    value: isList(named.name) ? wordsOfLine(text, line, at(line.value)) : whole,
    nameSpan: at(line.name),
    span: at(line),
    priority,
    conditions: conf.conditions,
  };
}

function wordsOfLine(text: TextDatum, line: NixConfSetting, span: Span): ListDatum {
  const items = line.words.map(word => sliceText(text, word.start, word.end));
  return { kind: "list", span, items, complete: line.words.every(word => !word.unknown) };
}

function splitText(text: TextDatum): ListDatum {
  const items: Datum[] = [];
  for (const match of text.text.matchAll(/[^ \t\r\n]+/g)) {
    items.push(sliceText(text, match.index, match.index + match[0].length));
  }
  return { kind: "list", span: text.span, items, complete: true };
}

/** The current name behind an alias or an `extra-` prefix. */
function nameSetting(written: string): Pick<SettingFact, "name" | "written" | "extra"> {
  const match = findSetting(written);
  if (match !== undefined) return { name: match.setting.name, written, extra: match.extra };
  return { name: written, written, extra: false };
}

function isList(name: string): boolean {
  return findSetting(name)?.setting.listValued ?? false;
}
