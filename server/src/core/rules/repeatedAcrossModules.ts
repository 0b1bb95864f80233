// Entries that a list has already from another module: on every host that reads the one, the other is there too.

import { spanInText } from "../eval/datum";
import { ORDINARY, type SettingFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { sameSpan } from "../text/span";
import { removeEntry } from "./entryFixes";
import { entriesOf, type ListEntry } from "./listEntries";
import type { Repeated } from "./repeatedEntries";
import type { FleetContext } from "./rule";

interface Definition {
  readonly id: string;
  readonly entry: ListEntry;
  readonly fact: SettingFact;
}

/** `identityOf` says which texts are equal, undefined which are none. Of equal entries the one that most hosts read stays. */
export function repeatedAcrossModules(
  ctx: FleetContext,
  name: string,
  identityOf: (text: string) => string | undefined,
): readonly Repeated[] {
  const byHost = ctx.fleet.hosts.map(host => certainEntries(host, name));
  const readers = new Map<string, number>();
  for (const { id } of byHost.flat()) readers.set(id, (readers.get(id) ?? 0) + 1);
  const repeated = new Map<
    string,
    { readonly each: Definition; readonly stays: Definition; hosts: number }
  >();
  for (const definitions of byHost) {
    for (const equal of groups(definitions, identityOf)) {
      const stays = equal.reduce((a, b) => ((readers.get(b.id) ?? 0) > (readers.get(a.id) ?? 0) ? b : a));
      for (const each of equal) {
        if (sameSpan(each.fact.nameSpan, stays.fact.nameSpan)) continue;
        const before = repeated.get(each.id);
        if (before === undefined) repeated.set(each.id, { each, stays, hosts: 1 });
        else before.hosts++;
      }
    }
  }
  return [...repeated.values()]
    .filter(({ each, hosts }) => hosts === readers.get(each.id))
    .map(({ each: { entry }, stays }) => ({
      entry,
      draft: {
        span: placeOf(entry),
        related: [{ span: placeOf(stays.entry), message: "another module names it too" }],
        // others than the hosts that are known may read the module
        fixes: removeEntry(ctx, entry, { title: "Remove the repetition", safety: "review" }),
      },
    }));
}

/** The entries of definitions that certainly count on a host, each once. */
function certainEntries(host: Host, name: string): readonly Definition[] {
  const facts = host.settings.filter(
    fact => fact.name === name && fact.surface.endsWith("option") && fact.nameSpan.path !== "",
  );
  const certain = facts.filter(({ conditions }) => conditions.length === 0);
  const levelOf = (extra: boolean): number =>
    Math.min(
      extra ? Number.POSITIVE_INFINITY : ORDINARY.level,
      ...certain.filter(fact => fact.extra === extra).map(fact => fact.priority.level),
    );
  const byId = new Map<string, Definition>();
  for (const fact of certain) {
    if (fact.priority.level !== levelOf(fact.extra)) continue;
    for (const entry of entriesOf(fact)) {
      const { path, start, end } = placeOf(entry);
      const id = `${path}\0${start}\0${end}`;
      if (entry.conditions.length === 0 && path !== "") byId.set(id, { id, entry, fact });
    }
  }
  return [...byId.values()];
}

function groups(
  definitions: readonly Definition[],
  identityOf: (text: string) => string | undefined,
): readonly (readonly Definition[])[] {
  const byIdentity = new Map<string, Definition[]>();
  for (const definition of definitions) {
    const identity = identityOf(definition.entry.datum.text);
    if (identity === undefined) continue;
    const before = byIdentity.get(identity);
    if (before === undefined) byIdentity.set(identity, [definition]);
    else before.push(definition);
  }
  return [...byIdentity.values()].filter(group => group.length > 1);
}

function placeOf({ datum }: ListEntry) {
  return spanInText(datum, 0, datum.text.length);
}
