// What one Nix really asks and trusts: the settings of a host after merging, of a flake's nixConfig, of a nix.conf file,
// behind one face, so that a rule is written once. Absence is only claimed of what is known completely.

import { branchesOf, type Condition, type Datum, knownText } from "../eval/datum";
import type { FileFacts, SettingFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { parseNixConf } from "../formats/nixConf";
import { entriesOf, type ListEntry } from "./listEntries";
import { booleanOf } from "./settingValue";

export interface EffectiveList {
  /** Known entries, each with the conditions under which it is there. */
  readonly entries: readonly ListEntry[];
  /** There are no others. */
  readonly complete: boolean;
}

/** The settings of one Nix. */
export interface EffectiveSettings {
  readonly host: Host | undefined;
  /** The assignments as they were written. */
  readonly facts: readonly SettingFact[];
  list(name: string): EffectiveList;
  /** True or false where it certainly is; undefined where that hangs on something. `otherwise`: Nix's default. */
  boolean(name: string, otherwise: boolean): boolean | undefined;
  /** Nobody defines it. */
  isUnset(name: string): boolean;
}

const ALWAYS_SET = [
  "nix.settings.substituters",
  "nix.settings.trusted-public-keys",
  "nix.settings.trusted-users",
  "nix.settings.require-sigs",
  "nix.extraOptions",
];

const known = new WeakMap<Host, EffectiveSettings>();

/** What a host's Nix does; many rules ask. */
export function settingsOfHost(host: Host): EffectiveSettings {
  const settings = known.get(host) ?? readSettings(host);
  known.set(host, settings);
  return settings;
}

function readSettings(host: Host): EffectiveSettings {
  return isManaged(host) ? managedSettings(host) : { ...managedSettings(host), ...UNMANAGED };
}

/** With `nix.enable = false` NixOS and nix-darwin write no nix.conf: who does, and what is in it, is not known. */
export function isManaged(host: Host): boolean {
  const enable = host.effective.get("nix.enable");
  return enable === undefined || branchesOf(enable).every(({ value }) => booleanOf(value) !== false);
}

const UNMANAGED: Pick<EffectiveSettings, "list" | "boolean" | "isUnset"> = {
  list: () => ({ entries: [], complete: false }),
  boolean: () => undefined,
  isUnset: () => false,
};

function managedSettings(host: Host): EffectiveSettings {
  // NixOS has values for these wherever it can be evaluated.
  const readWhole = host.why.length === 0 && ALWAYS_SET.every(option => host.effective.has(option));
  // What is defined and yet has no value could not be evaluated.
  const defined = new Set(host.options.map(fact => fact.option.join(".")));
  const isAbsent = (option: string): boolean => readWhole && !defined.has(option);
  const text = host.effective.get("nix.extraOptions");
  const textKnown = text !== undefined && branchesOf(text).every(isWholeConf);
  const inText = strongest(host.settings.filter(fact => fact.surface === "option-text"));
  const textOf = (name: string): readonly SettingFact[] => inText.filter(fact => fact.name === name);
  const own = (option: string): EffectiveList => listOf(host.effective.get(option), isAbsent(option));
  const lists = new Map<string, EffectiveList>();
  return {
    host,
    facts: host.settings,
    list(name) {
      const both = () => join(own(`nix.settings.${name}`), own(`nix.settings.extra-${name}`));
      const list = lists.get(name) ?? withText(both(), textOf(name), textKnown);
      lists.set(name, list);
      return list;
    },
    boolean(name, otherwise) {
      const last = textOf(name).at(-1);
      if (!textKnown) return undefined;
      if (last !== undefined) return last.conditions.length === 0 ? booleanOf(last.value) : undefined;
      const value = host.effective.get(`nix.settings.${name}`);
      if (value !== undefined) return booleanOf(value);
      return isAbsent(`nix.settings.${name}`) ? otherwise : undefined;
    },
    isUnset(name) {
      const named = (fact: SettingFact): boolean => fact.name === name;
      const unset = (prefix: string): boolean => !host.effective.has(`nix.settings.${prefix}${name}`);
      return readWhole && textKnown && unset("") && unset("extra-") && !host.settings.some(named);
    },
  };
}

/** The settings of a flake's nixConfig and of a nix.conf file, as far as one file has them. */
export function settingsOfFile(facts: FileFacts): EffectiveSettings | undefined {
  const own = facts.settings.filter(({ surface }) => surface === "flake" || surface === "nix.conf");
  if (own.length === 0) return undefined;
  const whole = facts.confs.every(conf => conf.surface !== "nix.conf" || isWholeConfText(conf.text.text));
  const of = (name: string): readonly SettingFact[] => own.filter(fact => fact.name === name);
  return {
    host: undefined,
    facts: own,
    list: name => withText({ entries: [], complete: true }, of(name), whole),
    boolean(name, otherwise) {
      const last = of(name).at(-1);
      return last === undefined ? (whole ? otherwise : undefined) : booleanOf(last.value);
    },
    isUnset: name => whole && of(name).length === 0,
  };
}

function strongest(facts: readonly SettingFact[]): readonly SettingFact[] {
  const level = Math.min(...facts.map(fact => fact.priority.level));
  return facts.filter(fact => fact.priority.level === level);
}

function listOf(datum: Datum | undefined, absentIsEmpty: boolean): EffectiveList {
  if (datum === undefined) return { entries: [], complete: absentIsEmpty };
  return { entries: entriesOf({ value: datum, conditions: [] }), complete: isCompleteList(datum) };
}

/** Whether every entry of a list is known, whatever it hangs on. */
export function isCompleteList(datum: Datum): boolean {
  return branchesOf(datum).every(({ value }) => {
    if (value.kind === "text") return knownText(value) !== undefined;
    if (value.kind !== "list" || !value.complete) return false;
    return value.items.every(item =>
      branchesOf(item).every(branch => knownText(branch.value) !== undefined || branch.value.kind === "path"),
    );
  });
}

function join(a: EffectiveList, b: EffectiveList): EffectiveList {
  return { entries: [...a.entries, ...b.entries], complete: a.complete && b.complete };
}

/** Lines of nix.conf after what stands before them: a line replaces, an `extra-` line appends. */
function withText(before: EffectiveList, lines: readonly SettingFact[], textKnown: boolean): EffectiveList {
  let list = { ...before, complete: before.complete && textKnown };
  for (const line of lines) {
    const own = { entries: entriesOf(line), complete: isCompleteList(line.value) };
    const replaces = !line.extra && line.conditions.length === 0;
    if (replaces) list = { ...own, complete: own.complete && textKnown };
    else list = join(list, line.extra ? own : { ...own, complete: false });
  }
  return list;
}

function isWholeConf({ value }: { readonly value: Datum }): boolean {
  if (value.kind === "scalar") return value.value === null;
  return value.kind === "text" && isWholeConfText(value.text);
}

/** Nothing included, nothing unknown where a line's meaning is decided. */
function isWholeConfText(text: string): boolean {
  return parseNixConf(text).every(line => line.kind !== "include" && line.kind !== "unknown");
}

/** Whether one of the two excludes the other. */
export function contradict(a: readonly Condition[], b: readonly Condition[]): boolean {
  return a.some(one => b.some(other => other.text === one.text && other.negated !== one.negated));
}

/** Whether all of `needed` is among `given`. */
export function implied(needed: readonly Condition[], given: readonly Condition[]): boolean {
  return needed.every(one => given.some(other => other.text === one.text && other.negated === one.negated));
}
