// Entries that a list has already: the same key, the same cache. Entries of different cases (`if … else`) never meet.

import { spanInText } from "../eval/datum";
import { sameSpan } from "../text/span";
import { removeEntry } from "./entryFixes";
import { type ListEntry, listCases } from "./listEntries";
import type { Draft, FileContext } from "./rule";

export interface Repeated {
  readonly entry: ListEntry;
  /** Where it stands, what it repeats, and the fix that takes it out. */
  readonly draft: Omit<Draft, "message">;
}

/** The later ones of equal entries in one assignment; `identityOf` says which are equal, undefined which are none. */
export function repeatedEntries(
  ctx: FileContext,
  names: readonly string[],
  identityOf: (text: string) => string | undefined,
): readonly Repeated[] {
  const cases = ctx.facts.settings.filter(fact => names.includes(fact.name)).flatMap(listCases);
  return cases.flatMap(entries => {
    const first = new Map<string, ListEntry>();
    return entries.flatMap(entry => {
      const identity = identityOf(entry.datum.text);
      if (identity === undefined) return [];
      const before = first.get(identity);
      if (before === undefined) first.set(identity, entry);
      if (before === undefined || sameSpan(before.datum.span, entry.datum.span)) return [];
      return [{ entry, draft: draftOf(ctx, before, entry) }];
    });
  });
}

function draftOf(ctx: FileContext, before: ListEntry, entry: ListEntry): Repeated["draft"] {
  const place = ({ datum }: ListEntry) => spanInText(datum, 0, datum.text.length);
  return {
    span: place(entry),
    related: [{ span: place(before), message: "first named here" }],
    fixes: removeEntry(ctx, entry, { title: "Remove the repetition", safety: "safe" }),
  };
}
