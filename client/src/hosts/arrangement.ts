// How the hosts are grouped and sorted, as the user chose.

import { t } from "../l10n";
import type { PickItem, Ui } from "../ports/ui";
import { runningGeneration } from "../state/hostFacts";
import { orCancel } from "../userError";
import { type HostState, type KnownOfHost, STATE_KINDS, type StateKind } from "./hostState";

const GROUPINGS = ["tool", "tag", "state", "none"] as const;
export type Grouping = (typeof GROUPINGS)[number];

const SORTINGS = ["name", "state", "age"] as const;
export type Sorting = (typeof SORTINGS)[number];

export interface Arrangement {
  readonly grouping: Grouping;
  readonly sorting: Sorting;
}

export const FIRST_ARRANGEMENT: Arrangement = { grouping: "tool", sorting: "name" };

/** What a memento holds, which may be anything. */
export function parseArrangement(value: unknown): Arrangement {
  const field = (name: string): unknown =>
    typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return {
    grouping: GROUPINGS.find(item => item === field("grouping")) ?? FIRST_ARRANGEMENT.grouping,
    sorting: SORTINGS.find(item => item === field("sorting")) ?? FIRST_ARRANGEMENT.sorting,
  };
}

/** A host with its state, which is needed for grouping and sorting. */
export interface ArrangedHost extends KnownOfHost {
  readonly state: HostState;
}

export interface HostGroup {
  readonly key: string;
  readonly label: string;
  readonly hosts: readonly ArrangedHost[];
}

/** The groups in their order, each with its hosts in theirs. With one group there is nothing to be told apart. */
export function arrange(hosts: readonly ArrangedHost[], arrangement: Arrangement): readonly HostGroup[] {
  const groups = new Map<string, ArrangedHost[]>();
  for (const host of hosts) {
    for (const key of keysOf(host, arrangement.grouping)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [host]);
      else known.push(host);
    }
  }
  return [...groups]
    .sort(([a], [b]) => compareKeys(a, b, arrangement.grouping))
    .map(([key, members]) => ({
      key,
      label: labelOf(key, arrangement.grouping),
      hosts: members.sort((a, b) => compareHosts(a, b, arrangement.sorting)),
    }));
}

/** A host that several tools know stands under the first of them; one with several tags under each. */
function keysOf({ host, state }: ArrangedHost, grouping: Grouping): readonly string[] {
  switch (grouping) {
    case "tool":
      return [host.tools[0] ?? ""];
    case "tag":
      return host.tags.length === 0 ? [""] : [...new Set(host.tags)];
    case "state":
      return [state.kind];
    case "none":
      return ["all"];
  }
}

function labelOf(key: string, grouping: Grouping): string {
  const kind = STATE_KINDS.find(item => item === key);
  if (grouping === "state" && kind !== undefined) return stateLabel(kind);
  if (grouping === "tag") return key === "" ? t("no tag") : `@${key}`;
  return key === "" ? t("no tool") : key;
}

function stateLabel(kind: StateKind): string {
  const labels: Readonly<Record<StateKind, string>> = {
    down: t("not reached"),
    attention: t("needs attention"),
    drifted: t("drifted"),
    deploying: t("being deployed"),
    unasked: t("not asked"),
    up: t("up"),
  };
  return labels[kind];
}

function compareKeys(a: string, b: string, grouping: Grouping): number {
  if (grouping === "state") return rank(a) - rank(b);
  // what has no tag or tool comes last
  if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
  return compareNames(a, b);
}

const RANKS: ReadonlyMap<string, number> = new Map(STATE_KINDS.map((kind, index) => [kind, index]));

function rank(kind: string): number {
  return RANKS.get(kind) ?? STATE_KINDS.length;
}

function compareHosts(a: ArrangedHost, b: ArrangedHost, sorting: Sorting): number {
  const byName = compareNames(a.host.name, b.host.name);
  if (sorting === "state") return rank(a.state.kind) - rank(b.state.kind) || byName;
  if (sorting === "age") return ageOf(b) - ageOf(a) || byName;
  return byName;
}

/** Seconds since the running generation was made; a host about which nothing is known counts as new. */
function ageOf({ observation }: ArrangedHost): number {
  const facts = observation?.told?.facts;
  const date = facts === undefined ? undefined : runningGeneration(facts)?.date;
  return facts === undefined || date === undefined ? 0 : facts.clock - date;
}

/** Made when names are first compared: that takes milliseconds, which activation is spared. */
let collator: Intl.Collator | undefined;

/** "web2" before "web10". */
function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator(undefined, { numeric: true });
  return collator.compare(a, b);
}

/** Lets the user choose how to group or how to sort; answers the whole arrangement. */
export async function chooseArrangement(ui: Pick<Ui, "pickOne">, now: Arrangement): Promise<Arrangement> {
  const groupings: Readonly<Record<Grouping, string>> = {
    tool: t("Group by tool"),
    tag: t("Group by tag"),
    state: t("Group by state"),
    none: t("Do not group"),
  };
  const sortings: Readonly<Record<Sorting, string>> = {
    name: t("Sort by name"),
    state: t("Sort by state"),
    age: t("Sort by age of the running generation"),
  };
  const chosen = (active: boolean) => (active ? { description: t("now") } : {});
  const items: PickItem<Arrangement>[] = [
    ...GROUPINGS.map((grouping, index) => ({
      value: { ...now, grouping },
      label: groupings[grouping],
      ...chosen(grouping === now.grouping),
      ...(index === 0 ? { heading: t("Group") } : {}),
    })),
    ...SORTINGS.map((sorting, index) => ({
      value: { ...now, sorting },
      label: sortings[sorting],
      ...chosen(sorting === now.sorting),
      ...(index === 0 ? { heading: t("Sort") } : {}),
    })),
  ];
  return orCancel(await ui.pickOne(items, { title: t("Group and Sort Hosts") }));
}
