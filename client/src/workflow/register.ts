// The command that writes a workflow.

import type { App } from "../app";
import type { Disposable } from "../disposableStore";
import { generateWorkflow } from "./generateWorkflow";

export function registerWorkflow(app: App): Disposable {
  return app.commands.register("nixDeploy.generateWorkflow", () => generateWorkflow(app));
}
