// A FleetStore whose server answers with a given snapshot.

import { Emitter } from "../../client/src/events";
import { SILENT_LOG } from "../../client/src/ports/log";
import { FleetStore } from "../../client/src/state/fleetStore";
import type { FleetSnapshot } from "../../server/src/protocol";

/** The store, filled; `change` makes the server say something else. */
export async function fleetStoreOf(first: FleetSnapshot): Promise<{
  readonly store: FleetStore;
  change(snapshot: FleetSnapshot): Promise<void>;
}> {
  let snapshot = first;
  const store = new FleetStore(
    {
      state: { kind: "running" },
      onDidChangeState: new Emitter<never>().event,
      onNotification: () => new Emitter<unknown>().event,
      request: async () => snapshot,
      notify: () => undefined,
      start: async () => undefined,
      restart: async () => undefined,
    },
    SILENT_LOG,
  );
  await store.refresh();
  return {
    store,
    async change(next) {
      snapshot = next;
      await store.refresh();
    },
  };
}
