// Definitions that take no effect anywhere: on every host that reads them a stronger one certainly stands beside them. What
// a rule says about the effect of a value would not be true of these.

import type { OptionFact } from "../facts/facts";
import type { Fleet } from "../fleet/fleet";
import { findLegacyOption } from "../knowledge/legacyOptions";
import type { Span } from "../text/span";

/** The bindings of such definitions, by the file in which they stand. */
export function overriddenDefinitions(fleet: Fleet): ReadonlyMap<string, readonly Span[]> {
  const weak = new Map<string, Span>();
  const strong = new Set<string>();
  for (const host of fleet.hosts) {
    for (const facts of byOption(host.options)) {
      const certain = facts.filter(fact => fact.conditions.length === 0);
      const level = Math.min(...certain.map(fact => fact.priority.level));
      for (const fact of facts) {
        if (fact.priority.level > level) weak.set(idOf(fact), fact.span);
        else strong.add(idOf(fact));
      }
    }
  }
  const byPath = new Map<string, Span[]>();
  for (const [id, span] of weak) {
    if (strong.has(id)) continue;
    const before = byPath.get(span.path);
    if (before === undefined) byPath.set(span.path, [span]);
    else before.push(span);
  }
  return byPath;
}

/** The definitions of each option, its older names among them. */
function byOption(options: readonly OptionFact[]): Iterable<readonly OptionFact[]> {
  const groups = new Map<string, OptionFact[]>();
  for (const fact of options) {
    const [root, second = ""] = fact.option;
    const legacy = root === "nix" && fact.option.length === 2 ? findLegacyOption(second)?.setting : undefined;
    const name = legacy === undefined ? fact.option.join(".") : `nix.settings.${legacy}`;
    const before = groups.get(name);
    if (before === undefined) groups.set(name, [fact]);
    else before.push(fact);
  }
  return groups.values();
}

function idOf({ nameSpan }: OptionFact): string {
  return `${nameSpan.path}\0${nameSpan.start}`;
}
