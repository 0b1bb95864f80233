// The key commands in VS Code.

import * as vscode from "vscode";
import type { App } from "../app";
import type { Disposable } from "../disposableStore";
import { generateCacheKey } from "./generateKey";

export function registerKeys(app: App): Disposable {
  return app.commands.register("nixDeploy.generateCacheKey", () => generateCacheKey({ ...app, insert }));
}

async function insert(text: string): Promise<boolean> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.document.uri.scheme !== "file") return false;
  return editor.edit(edit => {
    for (const selection of editor.selections) edit.replace(selection, text);
  });
}
