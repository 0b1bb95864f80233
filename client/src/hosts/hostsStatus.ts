// The fleet in one line, for the status bar and the language status: how many hosts are in which state.

import { t } from "../l10n";
import { STATE_KINDS, type StateKind } from "./hostState";

export interface HostsStatus {
  /** Undefined: there is nothing to be shown. */
  readonly text: string | undefined;
  readonly tooltip: string;
  readonly severity: "none" | "warning" | "error";
}

/** @param states of all hosts, by name */
export function hostsStatus(states: ReadonlyMap<string, StateKind>): HostsStatus {
  if (states.size === 0) return { text: undefined, tooltip: "", severity: "none" };
  const names = (kind: StateKind): readonly string[] =>
    [...states].filter(([, state]) => state === kind).map(([name]) => name);
  const count = (kind: StateKind): number => names(kind).length;
  const answering = count("up") + count("attention") + count("drifted");
  const asked = answering + count("down");
  const counted = states.size === 1 ? t("1 host") : t("{0} hosts", states.size);
  const parts = [
    asked === 0 ? counted : t("{0}/{1} up", answering, states.size),
    ...(count("down") > 0 ? [t("{0} not reached", count("down"))] : []),
    ...(count("drifted") > 0 ? [t("{0} drifted", count("drifted"))] : []),
    ...(count("deploying") > 0 ? [t("{0} deploying", count("deploying"))] : []),
  ];
  const lines = STATE_KINDS.filter(kind => kind !== "up" && kind !== "unasked" && count(kind) > 0).map(
    kind => `${label(kind)}: ${names(kind).slice(0, 10).join(", ")}`,
  );
  return {
    text: parts.join(" · "),
    tooltip: [t("Nix Deploy: {0}", counted), ...lines].join("\n"),
    severity: count("down") > 0 ? "error" : count("attention") > 0 ? "warning" : "none",
  };
}

function label(kind: StateKind): string {
  switch (kind) {
    case "down":
      return t("Not reached");
    case "attention":
      return t("Needs attention");
    case "drifted":
      return t("Drifted");
    case "deploying":
      return t("Being deployed");
    case "unasked":
      return t("Not asked");
    case "up":
      return t("Up");
  }
}
