// Starts the language server after activation and shows its state: a language status item and two commands.

import * as vscode from "vscode";
import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { t } from "../l10n";
import { describeServer } from "./serverStatus";

export function registerLanguageServer(app: App): Disposable {
  const store = new DisposableStore();
  store.add(app.commands.register("nixDeploy.restartServer", () => app.server.restart()));
  store.add(
    app.commands.register("nixDeploy.showLog", async () => {
      app.log.show();
    }),
  );
  const item = store.add(
    vscode.languages.createLanguageStatusItem("nixDeploy.server", [
      { language: "nix" },
      { language: "nix-conf" },
    ]),
  );
  item.name = "Nix Deploy";
  const update = () => {
    const shown = describeServer(app.server.state, app.state.fleet.snapshot);
    item.text = shown.text;
    item.detail = shown.detail;
    item.busy = shown.busy;
    item.severity =
      shown.severity === "error"
        ? vscode.LanguageStatusSeverity.Error
        : vscode.LanguageStatusSeverity.Information;
    item.command = shown.broken
      ? { title: t("Restart"), command: "nixDeploy.restartServer" }
      : { title: t("Show Log"), command: "nixDeploy.showLog" };
  };
  store.add(app.server.onDidChangeState(update));
  store.add(app.state.fleet.onDidChange(update));
  update();
  // not awaited: activation is over before the server is up
  setImmediate(() => void app.server.start());
  return store;
}
