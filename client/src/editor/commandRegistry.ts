// Commands on VS Code: every one runs inside the boundary of runCommand.

import * as vscode from "vscode";
import { type CommandBoundary, type Commands, runCommand } from "../commands";
import type { ErrorAction } from "../userError";

export function createCommands(parts: Omit<CommandBoundary, "act">): Commands {
  const boundary: CommandBoundary = { ...parts, act: action => act(parts, action) };
  return {
    register: (id, handler) =>
      vscode.commands.registerCommand(id, (...raw: unknown[]) => runCommand(boundary, id, handler, raw)),
    execute: async (id, ...raw) => {
      await vscode.commands.executeCommand(id, ...raw);
    },
  };
}

async function act(parts: Omit<CommandBoundary, "act">, action: ErrorAction): Promise<void> {
  switch (action.run.kind) {
    case "command":
      await vscode.commands.executeCommand(action.run.id);
      return;
    case "setting":
      await parts.ui.openSetting(action.run.key);
      return;
    case "file": {
      const place = { line: action.run.line - 1, character: 0 };
      await parts.ui.openFile(action.run.path, { start: place, end: place });
      return;
    }
    case "trust":
      await vscode.commands.executeCommand("workbench.trust.manage");
  }
}
