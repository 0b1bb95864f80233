// The view "Hosts": what it shows, the commands on hosts, and asking hosts when the view is looked at.

import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { registerRowDecorations } from "../editor/rowDecorations";
import { t } from "../l10n";
import { AskingUnasked } from "./askingUnasked";
import { DriftTracking } from "./driftTracking";
import { compareGenerations, switchGeneration } from "./generationCommands";
import {
  chosenHosts,
  copyAddress,
  copySshCommand,
  openTerminal,
  probeHosts,
  refreshHosts,
  revealHost,
} from "./hostCommands";
import { showHostKey } from "./hostKeys";
import { HostsView } from "./hostsView";
import { lensStates } from "./lensStates";
import { Probing } from "./probing";

export function registerHosts(app: App): Disposable {
  const store = new DisposableStore();
  const probing = store.add(new Probing(app));
  const drifts = store.add(new DriftTracking(app));
  const view = store.add(new HostsView(app, drifts));
  store.add(registerRowDecorations());
  registerCommands(app, store, probing, view);
  const tellServer = () => app.serverFacts.setStates(() => lensStates(app, drifts));
  for (const change of [
    drifts.onDidChange,
    app.state.observed.onDidChange,
    app.state.deployments.onDidChange,
  ])
    store.add(change(tellServer));
  store.add(new AskingUnasked(app, probing, view));
  store.add(app.state.observed.onDidChange(() => drifts.refreshSoon("hosts")));
  store.add(view.onDidChangeVisibility(visible => visible && drifts.refreshSoon("hosts")));
  store.add(app.state.ledger.onDidChange(() => drifts.refreshSoon("hosts")));
  store.add(app.state.fleet.onDidChange(() => drifts.refreshSoon("edits")));
  return store;
}

function registerCommands(app: App, store: DisposableStore, probing: Probing, view: HostsView): void {
  const { commands } = app;
  store.add(commands.register("nixDeploy.refreshHosts", () => view.busyWhile(refreshHosts(app, probing))));
  store.add(commands.register("nixDeploy.filterHosts", () => view.askFilter()));
  store.add(commands.register("nixDeploy.clearHostFilter", async () => view.setFilter("")));
  store.add(commands.register("nixDeploy.arrangeHosts", () => view.askArrangement()));
  store.add(
    commands.register("nixDeploy.probeHost", names => view.busyWhile(probeHosts(app, probing, names))),
  );
  store.add(
    commands.register("nixDeploy.acceptHostKey", async names => {
      const [host] = await chosenHosts(app, names, t("Accept Host Key"));
      if (host !== undefined) await showHostKey(app, probing, host);
    }),
  );
  store.add(commands.register("nixDeploy.openTerminal", names => openTerminal(app, names)));
  store.add(commands.register("nixDeploy.copyAddress", names => copyAddress(app, names)));
  store.add(commands.register("nixDeploy.copySshCommand", names => copySshCommand(app, names)));
  store.add(commands.register("nixDeploy.revealHost", names => revealHost(app, names)));
  store.add(
    commands.register("nixDeploy.compareGenerations", chosen => compareGenerations(app, probing, chosen)),
  );
  store.add(
    commands.register("nixDeploy.switchGeneration", chosen => switchGeneration(app, probing, chosen)),
  );
}
