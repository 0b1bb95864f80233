// Settings of a host as real Nix evaluated them, where reading cannot tell: a later tier refines an earlier one. What was
// read completely stays, since it is what stands in the files now.

import { knownText, type TextDatum } from "../eval/datum";
import { ORDINARY, type SettingFact } from "../facts/facts";
import type { Fleet, Host } from "../fleet/fleet";
import { evaluatedSetting } from "../fleet/toldSettings";
import type { Span } from "../text/span";
import { type EffectiveList, type EffectiveSettings, settingsOfHost } from "./effectiveSettings";
import { booleanOf } from "./settingValue";

/** The settings of a host by the best tier that knows each. */
export function bestSettingsOfHost(host: Host): EffectiveSettings {
  const read = settingsOfHost(host);
  if (host.told === undefined) return read;
  return {
    ...read,
    list(name) {
      const list = read.list(name);
      return list.complete ? list : (evaluatedList(host, name, list) ?? list);
    },
    boolean(name, otherwise) {
      const evaluated = evaluatedSetting(host, name);
      const known = read.boolean(name, otherwise);
      return known ?? (typeof evaluated === "string" ? booleanOf(textAt(evaluated, NOWHERE)) : undefined);
    },
    isUnset: name => read.isUnset(name) || (evaluatedAll(host) && evaluatedSetting(host, name) === undefined),
  };
}

/** Behind what a message says of a host: that it does not stand in the files as it is judged. Empty where it does. */
export function asEvaluated(host: Host, ...names: readonly string[]): string {
  const read = settingsOfHost(host);
  const isTold = (name: string): boolean =>
    !read.list(name).complete && evaluatedSetting(host, name) !== undefined;
  return names.some(isTold) ? " (as real Nix evaluated it)" : "";
}

/** Settings whose values rules judge entry by entry. */
const JUDGED = [
  "substituters",
  "trusted-substituters",
  "trusted-public-keys",
  "trusted-users",
  "secret-key-files",
  "require-sigs",
  "accept-flake-config",
] as const;

/** What real Nix evaluated for a host and reading could not see, as facts to be judged like those of the files. */
export function evaluatedFacts(host: Host): readonly SettingFact[] {
  const read = settingsOfHost(host);
  return JUDGED.flatMap((name): SettingFact[] => {
    const evaluated = evaluatedSetting(host, name);
    if (evaluated === undefined) return [];
    const at = placeOf(host, name);
    if (typeof evaluated === "string") {
      const isRead = read.boolean(name, false) !== undefined || read.isUnset(name);
      return isRead ? [] : [factOf(name, textAt(evaluated, at), at)];
    }
    const list = read.list(name);
    const seen = new Set(list.entries.map(({ datum }) => datum.text));
    const items = evaluated.filter(text => !seen.has(text)).map(text => textAt(text, at));
    if (list.complete || items.length === 0) return [];
    return [factOf(name, { kind: "list", span: at, items, complete: true }, at)];
  });
}

function factOf(name: string, value: SettingFact["value"], at: Span): SettingFact {
  return {
    name,
    written: name,
    extra: false,
    surface: "option",
    value,
    nameSpan: at,
    span: at,
    priority: ORDINARY,
    conditions: [],
  };
}

/** The evaluated list; an entry that was read too stays where it was typed, and hangs on nothing any more. */
function evaluatedList(host: Host, name: string, read: EffectiveList): EffectiveList | undefined {
  const evaluated = evaluatedSetting(host, name);
  if (evaluated === undefined || typeof evaluated === "string") return undefined;
  const at = placeOf(host, name);
  const entries = evaluated.map(text => {
    const typed = read.entries.find(({ datum }) => knownText(datum) === text);
    if (typed !== undefined) return { ...typed, conditions: [] };
    return { datum: textAt(text, at), conditions: [], form: "item" as const, holder: at };
  });
  return { entries, complete: true };
}

function evaluatedAll({ told = [] }: Host): boolean {
  return told.some(({ tier }) => tier === "evaluated");
}

/** Where a reader looks first: the setting as far as it is read, else another of its kind, else the host. */
function placeOf(host: Host, name: string): Span {
  const own = host.settings.filter(fact => fact.name === name && fact.nameSpan.path !== "");
  const place = own.findLast(fact => fact.conditions.length === 0) ?? own.at(-1);
  return place?.value.span ?? host.definitions[0]?.nameSpan ?? NOWHERE;
}

const NOWHERE: Span = { path: "", start: 0, end: 0 };

/** A text that nobody typed there: its pieces are not exact, so no fix touches them. */
function textAt(text: string, span: Span): TextDatum {
  return { kind: "text", text, span, pieces: [{ at: 0, span, exact: false }] };
}

/** The hosts that real Nix was asked about. */
export function evaluatedHosts(fleet: Fleet): readonly Host[] {
  return fleet.hosts.filter(evaluatedAll);
}
