// The command of the staging cache.

import type { App } from "../app";
import type { Disposable } from "../disposableStore";
import { setUpStagingCache } from "./wizard";

export function registerStaging(app: App): Disposable {
  const underway = new Set<string>();
  return app.commands.register("nixDeploy.setUpStagingCache", () => setUpStagingCache(app, underway));
}
