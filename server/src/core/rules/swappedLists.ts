// Keys under `substituters` and URLs under `trusted-public-keys`: the two lists were swapped, and so the fix swaps their
// names. Only where every entry of both is certainly of the other kind.

import type { FileFacts, SettingFact } from "../facts/facts";
import { parseCacheKey } from "../formats/cacheKey";
import { parseStoreUrl } from "../formats/storeUrl";
import type { TextEdit } from "../text/textEdit";
import { entriesOf } from "./listEntries";
import type { FileContext, Fix } from "./rule";

/** The fix for an entry of one of the two lists; none unless both are swapped as a whole. */
export function swapLists(ctx: FileContext, fact: SettingFact): readonly Fix[] {
  const [keys, caches] = [findList(ctx.facts, fact, holdsUrls), findList(ctx.facts, fact, holdsKeys)];
  if (keys === undefined || caches === undefined || (fact !== keys && fact !== caches)) return [];
  const text = ctx.textOf(fact.nameSpan.path);
  if (text === undefined) return [];
  const edits = [rename(keys, caches, text), rename(caches, keys, text)];
  return [{ title: "Swap the two lists", safety: "safe", edits: new Map([[fact.nameSpan.path, edits]]) }];
}

/** The one list of that kind on the same surface of the same file. */
function findList(
  facts: FileFacts,
  { surface, nameSpan, extra }: SettingFact,
  isIt: (fact: SettingFact) => boolean,
): SettingFact | undefined {
  const found = facts.settings.filter(
    fact =>
      fact.surface === surface && fact.nameSpan.path === nameSpan.path && fact.extra === extra && isIt(fact),
  );
  return found.length === 1 ? found[0] : undefined;
}

function holdsUrls(fact: SettingFact): boolean {
  if (fact.name !== "trusted-public-keys") return false;
  return every(fact, text => {
    const { url, problems } = parseStoreUrl(text);
    return url?.host !== undefined && problems.length === 0;
  });
}

function holdsKeys(fact: SettingFact): boolean {
  return fact.name === "substituters" && every(fact, text => parseCacheKey(text).kind === "key");
}

function every(fact: SettingFact, holds: (text: string) => boolean): boolean {
  const entries = entriesOf(fact);
  return entries.length > 0 && entries.every(({ datum }) => holds(datum.text));
}

function rename(from: SettingFact, to: SettingFact, text: string): TextEdit {
  const { start, end } = from.nameSpan;
  return { start, end, newText: text.slice(to.nameSpan.start, to.nameSpan.end) };
}
