// The row of a host: what its configuration says joined with what it said itself and what is done to it now.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { formatAge, formatTime } from "../state/amounts";
import { addressOf } from "../state/hostAddress";
import { runningGeneration } from "../state/hostFacts";
import { escapeMarkdown, type RowDecoration, type TreeNodeData, withLazyChildren } from "../treeNode";
import { configurationRow } from "./configurationRows";
import { describeDrift } from "./drift";
import { type HostState, hostState, type KnownOfHost } from "./hostState";
import { observedRows } from "./observedRows";

/** While one host has news, hundreds have none: their rows are those of the last time. */
const lastRows = new WeakMap<HostSnapshot, Map<string, LastRow>>();

interface LastRow {
  readonly of: KnownOfHost;
  readonly row: TreeNodeData;
}

/** @param prefix what tells this row from others of the same host, where a view shows it more than once */
export function hostRow(known: KnownOfHost, prefix = ""): TreeNodeData {
  const { host, observation, running, drift } = known;
  const rows = lastRows.get(host) ?? new Map<string, LastRow>();
  const last = rows.get(prefix);
  const same =
    last?.of.observation === observation && last?.of.running === running && last?.of.drift === drift;
  if (last !== undefined && same) return last.row;
  const row = makeRow(known, prefix);
  rows.set(prefix, { of: { host, observation, running, drift }, row });
  lastRows.set(host, rows);
  return row;
}

function makeRow(known: KnownOfHost, prefix: string): TreeNodeData {
  const { host, observation, drift } = known;
  const id = `${prefix}host:${host.name}`;
  const state = hostState(known);
  const description = describe(known, state);
  const decoration = decorate(known);
  const row = {
    id,
    label: host.name,
    description,
    tooltip: tooltip(known, state),
    icon: state.icon,
    contextValue: "host" as const,
    accessibilityLabel: [t("host {0}", host.name), host.tools.join(", "), description]
      .filter(part => part !== "")
      .join(", "),
    subject: { kind: "host" as const, name: host.name },
    open: { path: host.path, range: host.range },
    ...(decoration === undefined ? {} : { decoration }),
  };
  return withLazyChildren(row, () => [
    ...observedRows(id, host, observation, drift),
    configurationRow(id, host),
  ]);
}

function describe({ host, observation, drift }: KnownOfHost, state: HostState): string {
  const facts = observation?.told?.facts;
  const running = facts === undefined ? undefined : runningGeneration(facts);
  const age =
    facts === undefined || running?.date === undefined ? undefined : formatAge(facts.clock - running.date);
  const generation =
    running === undefined
      ? undefined
      : age === undefined
        ? t("gen {0}", running.number)
        : t("gen {0}, {1}", running.number, age);
  const drifted = drift === undefined || drift.kind === "unknown" ? undefined : describeDrift(drift).short;
  const user = host.sshUser === null ? "" : `${host.sshUser}@`;
  const address = host.hostname === null ? undefined : `${user}${host.hostname}`;
  // a narrow sidebar cuts off the end
  return [state.text, drifted, generation, facts?.nixosVersion, address]
    .filter(part => part !== undefined)
    .join(" · ");
}

function decorate({ drift }: KnownOfHost): RowDecoration | undefined {
  if (drift === undefined) return undefined;
  const { badge, long, drifted } = describeDrift(drift);
  return drifted ? { badge, tooltip: long, color: "charts.blue" } : undefined;
}

function tooltip({ host, observation, drift }: KnownOfHost, state: HostState): string {
  const address = addressOf(host);
  const asked = observation === undefined ? undefined : formatTime(observation.at);
  const facts = observation?.told?.facts;
  const plain = [
    address,
    ...(state.detail.length === 0 ? [state.text] : state.detail),
    facts?.currentSystem === undefined ? undefined : t("runs {0}", facts.currentSystem),
    drift === undefined ? undefined : describeDrift(drift).long,
    asked === undefined ? undefined : t("asked {0}", asked),
    host.tags.length === 0 ? undefined : t("Tags: {0}", host.tags.join(", ")),
    host.unknown.length === 0 ? undefined : t("Not known by reading: {0}", host.unknown.join(", ")),
  ];
  const lines = plain.filter(line => line !== undefined).map(escapeMarkdown);
  return [
    `**${escapeMarkdown(host.name)}** (${escapeMarkdown(host.tools.join(", "))})`,
    ...new Set(lines),
  ].join("\n\n");
}
