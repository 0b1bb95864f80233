// The output channel "Nix Deploy": VS Code's own log channel, so users choose the level.

import * as vscode from "vscode";
import { createLog, type Log } from "../ports/log";

export interface LogChannel extends vscode.Disposable {
  readonly log: Log;
  /** For vscode-languageclient, which writes the server's lines into the same channel. */
  readonly channel: vscode.LogOutputChannel;
}

export function createLogChannel(): LogChannel {
  const channel = vscode.window.createOutputChannel("Nix Deploy", { log: true });
  const log = createLog(
    (level, line) => channel[level](line),
    () => channel.show(true),
  );
  return { log, channel, dispose: () => channel.dispose() };
}
