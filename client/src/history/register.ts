// Joins the view "History" to the ledger and to what runs now.

import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { DataTree } from "../editor/dataTree";
import { EMPTY_LEDGER } from "../state/ledger";
import type { OpenDeployment } from "../state/openDeployments";
import { exportHistory } from "./exportHistory";
import { historyTree, runningNode } from "./historyTree";
import { RunningTime } from "./runningTime";
import { showDeployment } from "./showDeployment";

const LOOK_AFTER_MS = 1_000;

export function registerHistory(app: App): Disposable {
  const { ledger, deployments, open } = app.state;
  const store = new DisposableStore();
  const tree = store.add(new DataTree("nixDeploy.history", { canSelectMany: false }));
  const time = store.add(
    new RunningTime(app.ports.clock, {
      isWanted: () => tree.visible && deployments.all.length > 0,
      tick: () => {
        for (const running of deployments.all) tree.refresh(runningNode(running, app.ports.clock.now()));
      },
    }),
  );
  let content = EMPTY_LEDGER;
  let interrupted: readonly OpenDeployment[] = [];
  const show = () => {
    const running = deployments.all;
    const { slowMinutes } = app.config.read().deploy;
    tree.show(
      historyTree({ running, interrupted, ledger: content, now: app.ports.clock.now(), slowMinutes }),
    );
    tree.badge =
      running.length === 0
        ? undefined
        : { value: running.length, tooltip: running.map(item => item.host).join(", ") };
    app.workspace.setContext("nixDeploy.deploying", running.length > 0);
    time.update();
  };
  let loads = 0;
  const load = async () => {
    const own = ++loads;
    try {
      const read = await Promise.all([ledger.load(), open.abandoned()]);
      // of two at once the later one knows more, whichever is done first
      if (own !== loads) return;
      [content, interrupted] = read;
    } catch (error) {
      app.log.error("the history could not be read", { path: ledger.path, error });
    }
    show();
  };
  store.add(app.commands.register("nixDeploy.showDeployment", id => showDeployment(app, id)));
  store.add(app.commands.register("nixDeploy.exportHistory", () => exportHistory(app)));
  store.add(ledger.onDidChange(() => void load()));
  store.add(open.onDidChange(() => void load()));
  store.add(deployments.onDidChange(show));
  store.add(app.config.onDidChange(show));
  // read when somebody looks, and again: another window may have deployed
  store.add(
    tree.onDidChangeVisibility(visible => {
      time.update();
      if (!visible) return;
      void load();
      if (app.workspace.trusted) void app.commands.execute("nixDeploy.settleDeployments");
    }),
  );
  if (tree.visible) void load();
  // whether there is anything must be known before the view is first shown: see DataTree
  else store.add(app.ports.clock.after(LOOK_AFTER_MS, () => void load()));
  return store;
}
