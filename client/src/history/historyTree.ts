// The view "History" as data: what runs now on top, then the ledger, newest first.

import { t } from "../l10n";
import { type LedgerContent, type LedgerEntry, type Outcome, totalSeconds } from "../state/ledger";
import type { OpenDeployment } from "../state/openDeployments";
import type { RunningDeployment } from "../state/runningDeployments";
import { escapeMarkdown, type NodeIcon, type TreeNodeData } from "../treeNode";

export interface HistoryViewState {
  readonly running: readonly RunningDeployment[];
  /** Begun in a window that is gone; what became of them is not known yet. */
  readonly interrupted: readonly OpenDeployment[];
  readonly ledger: LedgerContent;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly slowMinutes: number;
}

const SHOWN = 200;

export function historyTree(state: HistoryViewState): readonly TreeNodeData[] {
  const { entries, broken } = state.ledger;
  return [
    ...state.running.map(deployment => runningNode(deployment, state.now)),
    ...state.interrupted
      .filter(({ host }) => !state.running.some(running => running.host === host))
      .map(open => interruptedNode(open, state.now)),
    ...entries.slice(0, SHOWN).map(entry => entryNode(entry, state)),
    ...(broken === 0 ? [] : [brokenNode(broken)]),
  ];
}

/** The row of a deployment that runs. What is read aloud changes by the minute only, or a row in focus would not be quiet. */
export function runningNode(deployment: RunningDeployment, now: number): TreeNodeData {
  const { host, action, phase } = deployment;
  const seconds = (now - deployment.startedAt) / 1000;
  const minutes = Math.floor(seconds / 60);
  const doing = `${action}: ${phase}`;
  return {
    id: `running:${host}`,
    label: host,
    description: `${doing}… ${formatSeconds(seconds)}`,
    icon: { id: "sync~spin" },
    contextValue: "info",
    accessibilityLabel:
      minutes < 1
        ? t("running on {0}, {1}", host, doing)
        : t("running on {0}, {1}, {2} min", host, doing, minutes),
    subject: { kind: "host", name: host },
  };
}

function interruptedNode({ id, host, action, at }: OpenDeployment, now: number): TreeNodeData {
  const age = formatAge(now - Date.parse(at));
  const description = t("{0} interrupted · {1} · not known yet", action, age);
  return {
    id: `interrupted:${id}`,
    label: host,
    description,
    tooltip: t(
      "The deployment was cut off in the middle, and {0} did not answer since. It is asked again when this view is shown, or by a click.",
      escapeMarkdown(host),
    ),
    icon: { id: "debug-disconnect", color: "list.warningForeground" },
    contextValue: "info",
    accessibilityLabel: `${host}, ${description}`,
    subject: { kind: "host", name: host },
    run: "nixDeploy.settleDeployments",
  };
}

const ICONS: Readonly<Record<Outcome, NodeIcon>> = {
  landed: { id: "pass", color: "charts.green" },
  reverted: { id: "discard", color: "list.warningForeground" },
  failed: { id: "error", color: "testing.iconFailed" },
  unknown: { id: "question", color: "list.warningForeground" },
};

function entryNode(entry: LedgerEntry, state: HistoryViewState): TreeNodeData {
  const seconds = totalSeconds(entry);
  const troubled = isTroubled(entry);
  const slow = seconds > state.slowMinutes * 60 ? slowestPhase(entry) : undefined;
  const description = [
    outcomeOf(entry),
    formatAge(state.now - Date.parse(entry.at)),
    formatSeconds(seconds),
    ...(slow === undefined ? [] : [t("slow: {0}", slow)]),
  ].join(" · ");
  return {
    id: `deployment:${entry.id}`,
    label: entry.host,
    description,
    tooltip: tooltip(entry),
    icon: troubled ? { id: "warning", color: "list.warningForeground" } : ICONS[entry.outcome],
    contextValue: "deployment",
    accessibilityLabel: `${entry.host}, ${description}`,
    subject: { kind: "deployment", id: entry.id },
    run: "nixDeploy.showDeployment",
    children: details(entry),
  };
}

/** It has the new system, but not every command ended well: units may have failed. */
function isTroubled({ outcome, clean }: LedgerEntry): boolean {
  return outcome === "landed" && !clean;
}

/** "deploy landed". */
export function outcomeOf(entry: LedgerEntry): string {
  return isTroubled(entry) ? t("{0} landed with problems", entry.action) : `${entry.action} ${entry.outcome}`;
}

function slowestPhase(entry: LedgerEntry): string | undefined {
  return entry.phases.reduce<{ phase: string; seconds: number } | undefined>(
    (slowest, phase) => (slowest === undefined || phase.seconds > slowest.seconds ? phase : slowest),
    undefined,
  )?.phase;
}

function details(entry: LedgerEntry): readonly TreeNodeData[] {
  const row = (key: string, label: string, description: string | null, icon: string): TreeNodeData[] =>
    description === null
      ? []
      : [
          {
            id: `deployment:${entry.id}:${key}`,
            label,
            description,
            icon: { id: icon },
            contextValue: "info",
          },
        ];
  const commit =
    entry.commit === null
      ? null
      : entry.commit.slice(0, 12) + (entry.dirty === true ? t(" with changes") : "");
  return [
    ...row("why", t("Outcome"), entry.why, "info"),
    ...row("commit", t("Commit"), commit, "git-commit"),
    ...row("who", t("By"), entry.who, "person"),
    ...row("tool", t("Tool"), entry.tool, "tools"),
    ...row("previous", t("Before"), storeName(entry.previousSystem), "history"),
    ...row("new", t("After"), storeName(entry.newSystem), "package"),
    ...entry.phases.flatMap((phase, index) =>
      row(`phase:${index}`, phase.phase, formatSeconds(phase.seconds), "watch"),
    ),
  ];
}

/** A store path without its folder and hash. */
function storeName(path: string | null): string | null {
  return path === null ? null : path.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "");
}

function tooltip(entry: LedgerEntry): string {
  return [
    `**${escapeMarkdown(entry.host)}** ${escapeMarkdown(entry.action)}: ${escapeMarkdown(entry.outcome)}`,
    escapeMarkdown(entry.why),
    `${escapeMarkdown(entry.at)}, ${escapeMarkdown(entry.who)}`,
    ...[entry.previousSystem, entry.newSystem].flatMap(path => (path === null ? [] : [escapeMarkdown(path)])),
  ].join("\n\n");
}

function brokenNode(broken: number): TreeNodeData {
  return {
    id: "broken",
    label: t("{0} lines of the history could not be read", broken),
    icon: { id: "warning" },
    contextValue: "info",
  };
}

export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return t("{0} s", whole);
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? t("{0} min {1} s", minutes, whole % 60)
    : t("{0} h {1} min", Math.floor(minutes / 60), minutes % 60);
}

export function formatAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t("just now");
  if (minutes < 60) return t("{0} min ago", minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t("{0} h ago", hours) : t("{0} days ago", Math.floor(hours / 24));
}
