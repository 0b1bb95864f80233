// Where caches and keys stand in files: every entry of a list of either, whichever setting it belongs to and however
// many functions it went through.

import type { Analysis } from "../analysis";
import { branchesOf, type Datum, knownText } from "../eval/datum";
import type { SettingFact } from "../facts/facts";
import type { Span } from "../text/span";

/** One entry of a list of caches or keys where somebody typed it. */
export interface Mention {
  readonly kind: "cache" | "key";
  /** The entry as it means. */
  readonly text: string;
  readonly span: Span;
}

const KINDS: Readonly<Record<string, Mention["kind"]>> = {
  substituters: "cache",
  "trusted-substituters": "cache",
  "trusted-public-keys": "key",
};

/** Every mention of the workspace, each place once. */
export function allMentions(analysis: Analysis): readonly Mention[] {
  const found = new Map<string, Mention>();
  const add = (setting: SettingFact): void => {
    const kind = KINDS[setting.name];
    if (kind === undefined) return;
    for (const { text, span } of entriesOf(setting.value))
      found.set(`${kind} ${span.path}:${span.start}:${span.end} ${text}`, { kind, text, span });
  };
  for (const host of analysis.fleet().hosts) host.settings.forEach(add);
  for (const path of analysis.paths) analysis.facts(path)?.settings.forEach(add);
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}

/** The mentions of one file. */
export function mentionsIn(analysis: Analysis, path: string): readonly Mention[] {
  return allMentions(analysis).filter(mention => mention.span.path === path);
}

/** The known texts of a list, on every branch. */
export function entriesOf(datum: Datum): { readonly text: string; readonly span: Span }[] {
  return branchesOf(datum).flatMap(({ value }) => {
    if (value.kind === "list") return value.items.flatMap(entriesOf);
    const text = knownText(value);
    return text === undefined ? [] : [{ text, span: value.span }];
  });
}
