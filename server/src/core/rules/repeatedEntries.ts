// Entries that a list has already: the same key, the same cache. Entries of different cases (`if … else`) never meet.

import { spanInText } from "../eval/datum";
import type { SettingFact } from "../facts/facts";
import { sameSpan } from "../text/span";
import { implied } from "./effectiveSettings";
import { removeEntry } from "./entryFixes";
import { type ListEntry, listCases } from "./listEntries";
import type { Draft, FileContext } from "./rule";

export interface Repeated {
  readonly entry: ListEntry;
  /** Where it stands, what it repeats, and the fix that takes it out. */
  readonly draft: Omit<Draft, "message">;
}

/**
 * The later ones of equal entries in one assignment; `identityOf` says which are equal, undefined which are none. Only what
 * stands behind its equal in every case that conditions make: taking it out loses nothing.
 */
export function repeatedEntries(
  ctx: FileContext,
  names: readonly string[],
  identityOf: (text: string) => string | undefined,
): readonly Repeated[] {
  const facts = ctx.facts.settings.filter(fact => names.includes(fact.name));
  return [...assignments(facts)]
    .flatMap(cases => repeatedIn(cases.flatMap(listCases), identityOf))
    .map(({ entry, before }) => ({ entry, draft: draftOf(ctx, before, entry) }));
}

/** Evaluation gives one assignment as several facts, one for each case that its conditions make. */
function assignments(facts: readonly SettingFact[]): Iterable<readonly SettingFact[]> {
  const byName = new Map<string, SettingFact[]>();
  for (const fact of facts) {
    const id = `${fact.nameSpan.path}\0${fact.nameSpan.start}`;
    const before = byName.get(id);
    if (before === undefined) byName.set(id, [fact]);
    else before.push(fact);
  }
  return byName.values();
}

interface Repetition {
  readonly entry: ListEntry;
  readonly before: ListEntry;
}

function repeatedIn(
  cases: readonly (readonly ListEntry[])[],
  identityOf: (text: string) => string | undefined,
): readonly Repetition[] {
  const found = new Map<string, Repetition | undefined>();
  for (const entries of cases) {
    entries.forEach((entry, at) => {
      const { span, text } = entry.datum;
      const id = `${span.path}\0${span.start}\0${span.end}\0${text}`;
      const before = identityOf(text) === undefined ? undefined : equalBefore(entries, at, identityOf);
      const missedOnce = found.has(id) && found.get(id) === undefined;
      found.set(id, before === undefined || missedOnce ? undefined : { entry, before });
    });
  }
  return [...found.values()].flatMap(each => (each === undefined ? [] : [each]));
}

/** An equal entry before this one that is there whenever this one is. */
function equalBefore(
  entries: readonly ListEntry[],
  at: number,
  identityOf: (text: string) => string | undefined,
): ListEntry | undefined {
  const entry = entries[at];
  if (entry === undefined) return undefined;
  const identity = identityOf(entry.datum.text);
  return entries
    .slice(0, at)
    .find(
      other =>
        !sameSpan(other.datum.span, entry.datum.span) &&
        implied(other.conditions, entry.conditions) &&
        identityOf(other.datum.text) === identity,
    );
}

function draftOf(ctx: FileContext, before: ListEntry, entry: ListEntry): Repeated["draft"] {
  const place = ({ datum }: ListEntry) => spanInText(datum, 0, datum.text.length);
  return {
    span: place(entry),
    related: [{ span: place(before), message: "first named here" }],
    fixes: removeEntry(ctx, entry, { title: "Remove the repetition", safety: "safe" }),
  };
}
