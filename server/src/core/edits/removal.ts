// Taking items out of the lists of some hosts: everywhere where these hosts alone get them from, and not at all where
// others would lose them too.

import type { Analysis } from "../analysis";
import { branchesOf, type Datum } from "../eval/datum";
import type { Span } from "../text/span";
import type { TextEdit } from "../text/textEdit";
import { editValue, type ListItem } from "./editOption";
import { definitionsTouching, type Use, valueOfBinding } from "./hostPlace";

/** What is done about one definition that holds any of the items. */
export type Removal =
  | { readonly kind: "edits"; readonly path: string; readonly edits: readonly TextEdit[] }
  | { readonly kind: "refused"; readonly why: string; readonly span: Span };

/** One removal for each definition; none where no definition of these hosts holds any of the items. */
export function removals(
  analysis: Analysis,
  hosts: readonly string[],
  option: readonly string[],
  items: readonly ListItem[],
): readonly Removal[] {
  const wanted = new Set(items);
  return definitionsTouching(analysis, hosts, option).flatMap(use => {
    const entry = entryAmong(use.value, wanted);
    return entry === undefined ? [] : [removal(analysis, hosts, use, items, entry)];
  });
}

/** Where a value has one of the items first. */
function entryAmong(datum: Datum, wanted: ReadonlySet<ListItem>): Span | undefined {
  for (const { value } of branchesOf(datum)) {
    const isWanted =
      (value.kind === "text" && wanted.has(value.text)) ||
      (value.kind === "scalar" && value.value !== null && wanted.has(Number(value.value)));
    if (isWanted) return value.span;
    const inside = value.kind === "list" ? value.items.flatMap(item => entryAmong(item, wanted) ?? []) : [];
    if (inside[0] !== undefined) return inside[0];
  }
  return undefined;
}

function removal(
  analysis: Analysis,
  hosts: readonly string[],
  use: Use,
  items: readonly ListItem[],
  entry: Span,
): Removal {
  const others = [...use.hosts].filter(name => !hosts.includes(name));
  if (others.length > 0)
    return { kind: "refused", why: `${others.slice(0, 3).join(", ")} would lose it too`, span: entry };
  const file = analysis.file(use.span.path);
  const value = valueOfBinding(file?.root, use.span);
  if (file === undefined || value === undefined)
    return { kind: "refused", why: "its value hangs on a condition", span: entry };
  const outcome = editValue(file, value, { kind: "removeFromList", items });
  if ("refusal" in outcome) return { kind: "refused", why: outcome.refusal, span: entry };
  if (outcome.edits.length === 0)
    return { kind: "refused", why: "the entry is written elsewhere", span: entry };
  return { kind: "edits", path: use.span.path, edits: outcome.edits };
}
