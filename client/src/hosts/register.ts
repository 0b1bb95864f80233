// Joins the view "Hosts" to the state it shows.

import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { DataTree } from "../editor/dataTree";
import { t } from "../l10n";
import { fleetContext } from "../state/fleetContext";
import { orCancel } from "../userError";
import { hostsTree } from "./hostsTree";

export function registerHosts(app: App): Disposable {
  const { fleet, observed, deployments } = app.state;
  const store = new DisposableStore();
  const tree = store.add(new DataTree("nixDeploy.hosts", { canSelectMany: true }));
  let filter = "";
  const update = () => {
    app.workspace.setContext("nixDeploy.fleet", fleetContext(fleet, app.workspace.folders));
    const rows = hostsTree({
      fleet: fleet.snapshot,
      filter,
      observed: host => observed.get(host),
      running: host => deployments.get(host),
    });
    tree.show(rows, rows.length === 0 && filter === "" ? undefined : message());
  };
  const message = () => {
    if (fleet.status.kind === "serverDown")
      return t("The language server is not running; this is the last known fleet.");
    return filter === "" ? undefined : t("Filter: {0}", filter);
  };
  store.add(fleet.onDidChange(update));
  store.add(app.workspace.onDidChange(update));
  store.add(observed.onDidChange(update));
  store.add(deployments.onDidChange(update));
  store.add(app.commands.register("nixDeploy.refreshHosts", () => fleet.refresh()));
  store.add(
    app.commands.register("nixDeploy.filterHosts", async () => {
      const prompt = t(
        "Words that occur in the name, address or tool; @tag for tags. Empty shows all hosts.",
      );
      filter = orCancel(await app.ui.input({ title: t("Filter Hosts"), prompt, value: filter })).trim();
      app.workspace.setContext("nixDeploy.hostsFiltered", filter !== "");
      update();
    }),
  );
  update();
  return store;
}
