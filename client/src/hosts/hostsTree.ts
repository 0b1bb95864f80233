// The view "Hosts" as data: the fleet joined with what hosts said and what runs on them now.

import type { EntryPointSnapshot, FleetSnapshot, HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { Observation } from "../state/observedStore";
import type { RunningDeployment } from "../state/runningDeployments";
import { escapeMarkdown, type NodeIcon, type TreeNodeData } from "../treeNode";
import { hostFacts } from "./hostFacts";
import { matchesFilter } from "./hostFilter";

export interface HostsViewState {
  readonly fleet: FleetSnapshot | undefined;
  readonly filter: string;
  observed(host: string): Observation | undefined;
  running(host: string): RunningDeployment | undefined;
}

/** All rows: hosts under their tool, or, where no host was found, the entry points and why. */
export function hostsTree(state: HostsViewState): readonly TreeNodeData[] {
  const { fleet, filter } = state;
  if (fleet === undefined) return [];
  if (fleet.hosts.length === 0) return fleet.entryPoints.map(entryPointNode);
  const groups = groupByTool(fleet.hosts.filter(host => matchesFilter(host, filter)));
  const only = groups.length === 1 ? groups[0] : undefined;
  if (only !== undefined) return only.hosts.map(host => hostNode(host, state));
  return groups.map(group => groupNode(group, state));
}

interface ToolGroup {
  readonly tool: string;
  readonly hosts: readonly HostSnapshot[];
}

/** A host that several tools know stands under the first of them. */
function groupByTool(hosts: readonly HostSnapshot[]): readonly ToolGroup[] {
  const byTool = new Map<string, HostSnapshot[]>();
  for (const host of hosts) {
    const tool = host.tools[0] ?? t("no tool");
    byTool.set(tool, [...(byTool.get(tool) ?? []), host]);
  }
  return [...byTool]
    .sort(([a], [b]) => compare(a, b))
    .map(([tool, members]) => ({ tool, hosts: sorted(members) }));
}

function sorted(hosts: readonly HostSnapshot[]): readonly HostSnapshot[] {
  return [...hosts].sort((a, b) => compare(a.name, b.name));
}

/** "web2" before "web10". */
function compare(a: string, b: string): number {
  return a.localeCompare(b, undefined, { numeric: true });
}

function groupNode(group: ToolGroup, state: HostsViewState): TreeNodeData {
  const count = group.hosts.length;
  return {
    id: `tool:${group.tool}`,
    label: group.tool,
    description: String(count),
    contextValue: "group",
    accessibilityLabel: t("{0}, {1} hosts", group.tool, count),
    expanded: true,
    children: group.hosts.map(host => hostNode(host, state)),
  };
}

function hostNode(host: HostSnapshot, state: HostsViewState): TreeNodeData {
  const condition = hostCondition(state.observed(host.name), state.running(host.name));
  const address = hostAddress(host);
  const facts = hostFacts(host);
  const description = [address, condition.text].filter(part => part !== undefined).join(" · ");
  return {
    id: `host:${host.name}`,
    label: host.name,
    description,
    tooltip: tooltip(host, address, condition.tooltip ?? condition.text),
    icon: condition.icon,
    contextValue: "host",
    accessibilityLabel: [t("host {0}", host.name), host.tools.join(", "), description]
      .filter(part => part !== "")
      .join(", "),
    subject: { kind: "host", name: host.name },
    open: { path: host.path, range: host.range },
    ...(facts.length === 0 ? {} : { children: facts }),
  };
}

function hostAddress(host: HostSnapshot): string | undefined {
  if (host.hostname === null) return undefined;
  return host.sshUser === null ? host.hostname : `${host.sshUser}@${host.hostname}`;
}

interface Condition {
  readonly text?: string;
  readonly tooltip?: string;
  readonly icon: NodeIcon;
}

function hostCondition(observed: Observation | undefined, running: RunningDeployment | undefined): Condition {
  if (running !== undefined) {
    return { text: t("{0}: {1}…", running.action, running.phase), icon: { id: "sync~spin" } };
  }
  if (observed === undefined) return { icon: { id: "server-environment" } };
  if (observed.answer.kind === "failed") {
    return {
      text: t("no answer"),
      tooltip: observed.answer.why,
      icon: { id: "error", color: "testing.iconFailed" },
    };
  }
  const { current, profile } = observed.answer.system;
  if (current !== undefined && profile !== undefined && current !== profile) {
    return {
      text: t("next boot differs"),
      tooltip: t("runs {0}, the next boot gets {1}", current, profile),
      icon: { id: "debug-restart", color: "charts.yellow" },
    };
  }
  return {
    text: t("up"),
    ...(current === undefined ? {} : { tooltip: t("runs {0}", current) }),
    icon: { id: "pass", color: "testing.iconPassed" },
  };
}

function tooltip(host: HostSnapshot, address: string | undefined, condition: string | undefined): string {
  const lines = [
    `**${escapeMarkdown(host.name)}** (${escapeMarkdown(host.tools.join(", "))})`,
    address === undefined ? undefined : escapeMarkdown(address),
    condition === undefined ? undefined : escapeMarkdown(condition),
    host.tags.length === 0 ? undefined : t("Tags: {0}", escapeMarkdown(host.tags.join(", "))),
    host.unknown.length === 0
      ? undefined
      : t("Not known by reading: {0}", escapeMarkdown(host.unknown.join(", "))),
  ];
  return lines.filter(line => line !== undefined).join("\n\n");
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
