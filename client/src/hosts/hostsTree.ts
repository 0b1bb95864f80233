// The view "Hosts" as data: the fleet joined with what hosts said and what is done to them now, grouped and sorted.

import type { EntryPointSnapshot, FleetSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { Observation } from "../state/observedStore";
import type { RunningDeployment } from "../state/runningDeployments";
import type { TreeNodeData } from "../treeNode";
import { type Arrangement, arrange, type HostGroup } from "./arrangement";
import type { Drift } from "./drift";
import { matchesFilter } from "./hostFilter";
import { hostRow } from "./hostRow";
import { hostState } from "./hostState";

export interface HostsViewState {
  readonly fleet: FleetSnapshot | undefined;
  readonly filter: string;
  readonly arrangement: Arrangement;
  observed(host: string): Observation | undefined;
  running(host: string): RunningDeployment | undefined;
  drift(host: string): Drift | undefined;
}

/** All rows: hosts in their groups, or, where no host was found, the entry points and why. */
export function hostsTree(state: HostsViewState): readonly TreeNodeData[] {
  const { fleet, filter, arrangement } = state;
  if (fleet === undefined) return [];
  if (fleet.hosts.length === 0) return fleet.entryPoints.map(entryPointNode);
  const hosts = fleet.hosts
    .map(host => {
      const known = {
        host,
        observation: state.observed(host.name),
        running: state.running(host.name),
        drift: state.drift(host.name),
      };
      return { ...known, state: hostState(known) };
    })
    .filter(known => matchesFilter(known.host, known.state.kind, filter));
  const groups = arrange(hosts, arrangement);
  const [only] = groups;
  const plain = groups.length === 1 && (arrangement.grouping === "tool" || arrangement.grouping === "none");
  if (plain && only !== undefined) return only.hosts.map(known => hostRow(known));
  return groups.map(group => groupNode(group, arrangement));
}

function groupNode(group: HostGroup, { grouping }: Arrangement): TreeNodeData {
  const id = `${grouping}:${group.key}`;
  const count = group.hosts.length;
  // with tags a host may stand in several places, each of which needs an id of its own
  const prefix = grouping === "tag" ? `${id}/` : "";
  return {
    id,
    label: group.label,
    description: String(count),
    contextValue: "group",
    accessibilityLabel: t("{0}, {1} hosts", group.label, count),
    expanded: true,
    children: group.hosts.map(known => hostRow(known, prefix)),
  };
}

function entryPointNode(entryPoint: EntryPointSnapshot): TreeNodeData {
  const name = entryPoint.path.split("/").slice(-2).join("/");
  const why = entryPoint.why.length === 0 ? [t("It defines no host.")] : entryPoint.why;
  return {
    id: `entry:${entryPoint.path}`,
    label: name,
    description: t("no hosts"),
    icon: { id: "file-code" },
    contextValue: "info",
    accessibilityLabel: t("{0}, no hosts: {1}", name, why.join("; ")),
    open: { path: entryPoint.path, range: null },
    expanded: true,
    children: why.map((line, index) => ({
      id: `entry:${entryPoint.path}:${index}`,
      label: line,
      icon: { id: "info" },
      contextValue: "info" as const,
    })),
  };
}
