// Joins the view "Caches" to the fleet and its commands.

import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { DataTree } from "../editor/dataTree";
import { addCache } from "./addCache";
import { cachesTree } from "./cachesTree";
import { CacheTests } from "./cacheTests";
import { testCache } from "./testCache";

export function registerCaches(app: App): Disposable {
  const store = new DisposableStore();
  const tests = store.add(new CacheTests());
  const tree = store.add(new DataTree("nixDeploy.caches", { canSelectMany: false }));
  const update = () =>
    tree.show(cachesTree({ fleet: app.state.fleet.snapshot, tests: url => tests.of(url) }));
  store.add(app.state.fleet.onDidChange(update));
  store.add(tests.onDidChange(update));
  store.add(app.commands.register("nixDeploy.testCache", url => testCache(app, tests, url)));
  store.add(app.commands.register("nixDeploy.addCache", () => addCache(app)));
  update();
  return store;
}
