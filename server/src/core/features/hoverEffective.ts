// What a setting or an option comes to on each host after merging, and what real Nix and the hosts themselves say of it.

import type { Analysis } from "../analysis";
import type { Condition, Datum } from "../eval/datum";
import type { OptionFact, SettingFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { type Comparison, compareWithTold } from "../fleet/toldSettings";
import { findSetting } from "../knowledge/nixSettings";
import { settingsOfHost } from "../rules/effectiveSettings";
import type { Span } from "../text/span";
import { code, LISTED, lines, listOf } from "./markdown";
import { entriesOf } from "./mentions";

/** For each host whose value this assignment is a part of; undefined where there is none. */
export function effectiveSetting(analysis: Analysis, { name, span }: SettingFact): string | undefined {
  const rows = analysis.fleet().hosts.flatMap(host => {
    if (!host.settings.some(fact => fact.name === name && isSame(fact.span, span))) return [];
    const text = settingText(host, name);
    return text === undefined ? [] : [{ host: host.name, text }];
  });
  if (rows.length === 0) return undefined;
  const told = rows.flatMap(({ host }) => toldTexts(analysis, host, name));
  return lines([...rowsByText(rows), ...told.slice(0, LISTED)]);
}

/** The same for an option of NixOS. */
export function effectiveOption(analysis: Analysis, { option, span }: OptionFact): string | undefined {
  const rows = analysis.fleet().hosts.flatMap(host => {
    const wanted = option.join(".");
    if (!host.options.some(fact => fact.option.join(".") === wanted && isSame(fact.span, span))) return [];
    const value = host.effective.get(wanted);
    return value === undefined ? [] : [{ host: host.name, text: datumText(value) }];
  });
  return rows.length === 0 ? undefined : lines(rowsByText(rows));
}

function isSame(a: Span, b: Span): boolean {
  return a.path === b.path && a.start === b.start;
}

function rowsByText(rows: readonly { readonly host: string; readonly text: string }[]): string[] {
  const byText = new Map<string, string[]>();
  for (const { host, text } of rows) byText.set(text, [...(byText.get(text) ?? []), host]);
  return [...byText].slice(0, LISTED).map(([text, hosts]) => `On ${listOf(hosts)}: ${text}`);
}

/** Everything that the host's nix.conf says of it: NixOS writes `nix.extraOptions` behind the settings. */
function settingText(host: Host, name: string): string | undefined {
  if (findSetting(name)?.setting.listValued === true) return listText(host, name);
  const line = lineOf(host, name);
  const value = host.effective.get(`nix.settings.${name}`);
  const option = value === undefined ? undefined : datumText(value);
  if (line === undefined) return option;
  const text = `${datumText(line.value)} by \`nix.extraOptions\`${whenText(line.conditions)}`;
  return line.conditions.length === 0 || option === undefined ? text : `${text}, else ${option}`;
}

function listText(host: Host, name: string): string | undefined {
  const { entries, complete } = settingsOfHost(host).list(name);
  if (entries.length === 0 && !complete && !host.effective.has(`nix.settings.${name}`)) return undefined;
  const texts = entries.map(({ datum, conditions }) => `${code(datum.text)}${whenText(conditions)}`);
  const shown = texts.slice(0, LISTED * 2);
  const more = texts.length > shown.length ? ` and ${texts.length - shown.length} more` : "";
  const rest = complete ? "" : ", and what reading cannot tell";
  return `${shown.length === 0 ? "nothing" : shown.join(", ")}${more}${rest}`;
}

function whenText(conditions: readonly Condition[]): string {
  if (conditions.length === 0) return "";
  return ` if ${conditions.map(each => code(conditionText(each))).join(" and ")}`;
}

function conditionText({ text, negated }: Condition): string {
  return negated ? `not (${text})` : text;
}

/** What real Nix and the host itself said, and where that is not what reading says. */
function toldTexts(analysis: Analysis, hostName: string, setting: string): readonly string[] {
  const host = analysis.fleet().hosts.find(each => each.name === hostName);
  const read = host === undefined ? undefined : readValue(host, setting);
  return (host?.told ?? []).flatMap(({ name, value, tier }) => {
    if (name !== setting) return [];
    const who =
      tier === "evaluated"
        ? `Real Nix, when ${code(hostName)} was evaluated`
        : `${code(hostName)} itself, when asked`;
    return [`${who}: ${comparisonText(compareWithTold(read, value), value)}`];
  });
}

/** What reading says as a whole, where it says one thing. */
function readValue(host: Host, name: string): Datum | readonly string[] | undefined {
  if (findSetting(name)?.setting.listValued === true) {
    const { entries, complete } = settingsOfHost(host).list(name);
    const isSure = complete && entries.every(({ conditions }) => conditions.length === 0);
    return isSure ? entries.map(({ datum }) => datum.text) : undefined;
  }
  const line = lineOf(host, name);
  if (line === undefined) return host.effective.get(`nix.settings.${name}`);
  return line.conditions.length === 0 ? line.value : undefined;
}

/** The line of `nix.extraOptions` that counts. */
function lineOf(host: Host, name: string): SettingFact | undefined {
  return host.settings.findLast(fact => fact.surface === "option-text" && fact.name === name);
}

function comparisonText(comparison: Comparison, told: string | readonly string[]): string {
  const whole = typeof told === "string" ? code(told) : told.length === 0 ? "nothing" : listOf(told);
  switch (comparison.kind) {
    case "same":
      return "the same";
    case "unread":
      return whole;
    case "differs": {
      const more = comparison.missing.length === 0 ? [] : [`also ${listOf(comparison.missing)}`];
      const less = comparison.surplus.length === 0 ? [] : [`not ${listOf(comparison.surplus)}`];
      return typeof told === "string" ? `**${whole}**` : `**differs**: ${[...more, ...less].join("; ")}`;
    }
  }
}

function datumText(datum: Datum): string {
  switch (datum.kind) {
    case "text":
      return code(datum.text);
    case "scalar":
      return code(String(datum.value));
    case "path":
      return code(datum.path);
    case "list": {
      const entries = entriesOf(datum).map(({ text }) => text);
      const isWhole = datum.complete && entries.length === datum.items.length;
      const rest = isWhole ? "" : ", and what reading cannot tell";
      return entries.length === 0 ? `nothing${rest}` : `${listOf(entries)}${rest}`;
    }
    case "attrs":
      return datum.entries.size === 0 ? "nothing" : `{ ${listOf([...datum.entries.keys()])} }`;
    case "alternatives":
      return datum.branches
        .map(({ condition, value }) => `${datumText(value)} if ${code(conditionText(condition))}`)
        .join(", ");
    default:
      return "not known by reading";
  }
}
