// Why the views are as they are, as one word for the `when` clauses of the welcome texts.

import type { FleetContext } from "../ports/workspace";
import type { FleetStore } from "./fleetStore";

export function fleetContext(
  store: Pick<FleetStore, "snapshot" | "status">,
  folders: readonly unknown[],
): FleetContext {
  if (folders.length === 0) return "noFolder";
  if (store.status.kind === "serverDown") return "serverDown";
  if (store.snapshot === undefined) return "loading";
  return store.snapshot.entryPoints.length === 0 && store.snapshot.hosts.length === 0
    ? "noEntryPoint"
    : "ready";
}
