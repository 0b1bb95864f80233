// The command that tells Git of a file: the one a quick fix names, else the one in the editor.

import * as vscode from "vscode";
import type { App } from "../app";
import type { Disposable } from "../disposableStore";
import { trackFile } from "./trackFile";

export function registerTracking(app: App): Disposable {
  return app.commands.register("nixDeploy.trackFile", file => trackFile(app, file ?? fileInEditor()));
}

function fileInEditor(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === "file" ? uri.fsPath : undefined;
}
