// Pushing and the services in VS Code: two commands, and terminals for programs that keep running.

import * as vscode from "vscode";
import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { TaskTerminal } from "../editor/taskTerminal";
import { pushToCache } from "./pushToCache";
import { chooseService } from "./services";
import type { StartTask } from "./tasks";

export function registerPush(app: App): Disposable {
  const store = new DisposableStore();
  const addCache = () => app.commands.execute("nixDeploy.addCache");
  store.add(app.commands.register("nixDeploy.pushToCache", () => pushToCache(app)));
  store.add(
    app.commands.register("nixDeploy.services", () => chooseService({ ...app, addCache }, startTerminal)),
  );
  return store;
}

const startTerminal: StartTask = async (name, work) => {
  const terminal = vscode.window.createTerminal({ name, pty: new TaskTerminal(work) });
  terminal.show();
};
