// The language server's state in words, for the language status item.

import type { FleetSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { ServerState } from "../ports/server";

export interface ServerStatus {
  readonly text: string;
  readonly detail: string;
  readonly busy: boolean;
  readonly severity: "information" | "error";
  /** A restart may help. */
  readonly broken: boolean;
}

export function describeServer(state: ServerState, fleet: FleetSnapshot | undefined): ServerStatus {
  const shared = {
    detail: t("Nix Deploy language server"),
    busy: false,
    severity: "information",
    broken: false,
  } as const;
  switch (state.kind) {
    case "stopped":
      return { ...shared, text: t("Stopped"), broken: true };
    case "starting":
      return { ...shared, text: t("Starting…"), busy: true };
    case "failed":
      return { ...shared, text: t("Not running"), detail: state.why, severity: "error", broken: true };
    case "running":
      return {
        ...shared,
        text: fleet === undefined ? t("Reading the fleet…") : t("{0} hosts", fleet.hosts.length),
      };
  }
}
