// The workspace, settings and storage ports on VS Code.

import * as vscode from "vscode";
import { type Config, type ConfigReader, parseConfig } from "../config";
import type { DisposableStore } from "../disposableStore";
import { Emitter } from "../events";
import type { Storage } from "../ports/storage";
import type { Workspace } from "../ports/workspace";

export function createWorkspace(store: DisposableStore): Workspace {
  const changed = store.add(new Emitter<void>());
  store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()));
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()));
  return {
    get folders() {
      const folders = vscode.workspace.workspaceFolders ?? [];
      return folders.map(folder => ({ name: folder.name, path: folder.uri.fsPath }));
    },
    get trusted() {
      return vscode.workspace.isTrusted;
    },
    onDidChange: changed.event,
    setContext(key, value) {
      void vscode.commands.executeCommand("setContext", key, value);
    },
  };
}

export function createConfigReader(store: DisposableStore): ConfigReader {
  const changed = store.add(new Emitter<void>());
  store.add(
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration("nixDeploy")) changed.fire();
    }),
  );
  return { read: readConfig, onDidChange: changed.event };
}

function readConfig(): Config {
  const settings = vscode.workspace.getConfiguration("nixDeploy");
  return parseConfig(key => settings.get<unknown>(key));
}

export function createStorage(context: vscode.ExtensionContext, store: DisposableStore): Storage {
  const changed = store.add(new Emitter<string>());
  store.add(context.secrets.onDidChange(event => changed.fire(event.key)));
  return {
    folder: context.globalStorageUri.fsPath,
    workspace: {
      get: key => context.workspaceState.get<unknown>(key),
      set: async (key, value) => context.workspaceState.update(key, value),
    },
    secrets: {
      get: async key => context.secrets.get(key),
      set: async (key, value) => context.secrets.store(key, value),
      delete: async key => context.secrets.delete(key),
      onDidChange: changed.event,
    },
  };
}
