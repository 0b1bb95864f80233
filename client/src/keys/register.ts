// The key commands in VS Code.

import * as vscode from "vscode";
import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { generateCacheKeyAnywhere } from "./keysOnHosts";
import { showPublicKey } from "./publicHalf";
import { rotateCacheKey } from "./rotateCommand";
import { generateSshKey } from "./sshKeys";

export function registerKeys(app: App): Disposable {
  const keysApp = { ...app, insert };
  const store = new DisposableStore();
  const underway = new Set<string>();
  store.add(app.commands.register("nixDeploy.generateCacheKey", () => generateCacheKeyAnywhere(keysApp)));
  store.add(app.commands.register("nixDeploy.generateSshKey", () => generateSshKey(keysApp)));
  store.add(app.commands.register("nixDeploy.showPublicKey", key => showPublicKey(keysApp, key)));
  store.add(app.commands.register("nixDeploy.rotateCacheKey", key => rotateCacheKey(app, key, underway)));
  return store;
}

async function insert(text: string): Promise<boolean> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.document.uri.scheme !== "file") return false;
  return editor.edit(edit => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
}
