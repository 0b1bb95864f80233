// Joins the view "Caches" to the fleet.

import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { DataTree } from "../editor/dataTree";
import { cachesTree } from "./cachesTree";

export function registerCaches(app: App): Disposable {
  const store = new DisposableStore();
  const tree = store.add(new DataTree("nixDeploy.caches", { canSelectMany: false }));
  const update = () => tree.show(cachesTree(app.state.fleet.snapshot));
  store.add(app.state.fleet.onDidChange(update));
  update();
  return store;
}
