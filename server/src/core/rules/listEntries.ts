// The entries of list settings (substituters, keys, users) as rules judge them: one by one, wherever they were written,
// each with the conditions under which it is in the list.

import { branchesOf, type Condition, type Datum, type TextDatum } from "../eval/datum";
import { sliceText } from "../eval/textDatum";
import type { FileFacts, OptionFact, SettingFact } from "../facts/facts";
import type { Span } from "../text/span";

export interface ListEntry {
  readonly datum: TextDatum;
  readonly conditions: readonly Condition[];
  /** `item`: an element of a Nix list. `word`: a word of a text that Nix splits at blanks. */
  readonly form: "item" | "word";
  /** The list or text that holds it. */
  readonly holder: Span;
}

export interface SettingEntry extends ListEntry {
  readonly fact: SettingFact;
}

/** The settings whose entries are store URLs. */
export const SUBSTITUTERS = ["substituters", "trusted-substituters"] as const;

/** The entries of all assignments of one of these settings, in the order of the text. */
export function settingEntries(facts: FileFacts, ...names: readonly string[]): readonly SettingEntry[] {
  const entries: SettingEntry[] = [];
  for (const fact of facts.settings) if (names.includes(fact.name)) entries.push(...entriesOfSetting(fact));
  return entries;
}

/** Many rules ask for the same entries. */
const known = new WeakMap<SettingFact, readonly SettingEntry[]>();

function entriesOfSetting(fact: SettingFact): readonly SettingEntry[] {
  const before = known.get(fact);
  if (before !== undefined) return before;
  const entries = entriesOf(fact).map(entry => ({ ...entry, fact }));
  known.set(fact, entries);
  return entries;
}

const BETWEEN_WORDS = /[^ \t\r\n][ \t\r\n]+[^ \t\r\n]/;

/** The entries that name stores, one for each URL: a string that holds several is split, as nix.conf splits it. */
export function urlEntries(facts: FileFacts, ...names: readonly string[]): readonly SettingEntry[] {
  return settingEntries(facts, ...names).flatMap(entry => {
    if (!BETWEEN_WORDS.test(entry.datum.text)) return [entry];
    return wordsOfText(entry.datum).map(datum => ({ ...entry, datum, form: "word" as const }));
  });
}

/** A list value with what it hangs on: a definition, or what definitions make together. */
export type Listed = Pick<OptionFact, "value" | "conditions"> & Partial<Pick<SettingFact, "surface">>;

/** The entries of one list value. One that is there in several cases is given once, with what these have in common. */
export function entriesOf(fact: Listed): readonly ListEntry[] {
  const bySpan = new Map<string, ListEntry>();
  for (const entry of listCases(fact).flat()) {
    const { span, text } = entry.datum;
    const id = `${span.path}\0${span.start}\0${span.end}\0${text}`;
    const before = bySpan.get(id);
    const conditions = before === undefined ? entry.conditions : common(before.conditions, entry.conditions);
    bySpan.set(id, { ...entry, conditions });
  }
  return [...bySpan.values()];
}

/** The entries of a list value, once for each case that its conditions make: what stands together stands together. */
export function listCases(fact: Listed): readonly (readonly ListEntry[])[] {
  const inText = fact.surface === "option-text" || fact.surface === "nix.conf";
  return branchesOf(fact.value, fact.conditions).map(({ value, conditions }) => {
    if (value.kind === "text") {
      return wordsOfText(value).map(
        (datum): ListEntry => ({ datum, conditions, form: "word", holder: value.span }),
      );
    }
    if (value.kind !== "list") return [];
    return value.items.flatMap(item =>
      branchesOf(item, conditions).flatMap((branch): ListEntry[] => {
        if (branch.value.kind !== "text") return [];
        const form = inText || !isLiteralItem(branch.value) ? "word" : "item";
        return [{ datum: branch.value, conditions: branch.conditions, form, holder: value.span }];
      }),
    );
  });
}

/** A word cut out of a longer text points inside its quotes, a list item at the whole literal. */
function isLiteralItem(datum: TextDatum): boolean {
  const first = datum.pieces[0];
  return (
    datum.unquoted === true || first === undefined || first.span.start > datum.span.start || !first.exact
  );
}

function wordsOfText(text: TextDatum): readonly TextDatum[] {
  return [...text.text.matchAll(/[^ \t\r\n]+/g)].map(match =>
    sliceText(text, match.index, match.index + match[0].length),
  );
}

function common(a: readonly Condition[], b: readonly Condition[]): readonly Condition[] {
  return a.filter(one => b.some(other => other.text === one.text && other.negated === one.negated));
}

/** The conditions in words, for the end of a message: ` (where environment == "stage")`; empty without any. */
export function whereClause(conditions: readonly Condition[]): string {
  if (conditions.length === 0) return "";
  const words = conditions.map(({ text, negated }) => {
    const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
    return negated ? `not (${short})` : short;
  });
  return ` (where ${words.join(" and ")})`;
}

/** Every text in a value, in lists and sets and under conditions too. */
export function textsIn(datum: Datum): readonly TextDatum[] {
  switch (datum.kind) {
    case "text":
      return [datum];
    case "list":
      return datum.items.flatMap(textsIn);
    case "attrs":
      return [...datum.entries.values()].flatMap(entry => textsIn(entry.value));
    case "alternatives":
      return datum.branches.flatMap(branch => textsIn(branch.value));
    default:
      return [];
  }
}
