// The client of vscode-languageclient as we use it: which documents the server hears of, how it is started, and what is said
// of errors, which is nothing that the views explain already.

import type * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import type { InitializationOptions } from "../../../server/src/protocol";
import { SERVER_ARGUMENTS } from "./serverArguments";

/** Scripts, task files and workflows in which the server judges flags and actions: their fixes are asked of it, too. */
const SCRIPTS = [
  "**/.github/{workflows,actions}/**/*.{yml,yaml}",
  "**/{justfile,.justfile,Justfile,makefile,Makefile,GNUmakefile}",
  "**/*.{just,mk,sh,bash}",
];

export interface LanguageClientSetup {
  /** The server's bundle. */
  readonly module: string;
  readonly channel: vscode.LogOutputChannel;
  readonly initializationOptions: InitializationOptions;
  /** Hears that the server ended by itself; answers whether it is started again. */
  isRestarted(): boolean;
}

export function createLanguageClient(
  library: typeof import("vscode-languageclient/node"),
  { module, channel, initializationOptions, isRestarted }: LanguageClientSetup,
): LanguageClient {
  const ipc = { module, transport: library.TransportKind.ipc };
  const run = { ...ipc, options: { execArgv: [...SERVER_ARGUMENTS] } };
  const debug = { ...ipc, options: { execArgv: [...SERVER_ARGUMENTS, "--nolazy", "--inspect=6009"] } };
  // the library would pop up what the views already explain, such as a server that dies while it is being restarted
  class QuietClient extends library.LanguageClient {
    override error(message: string, data?: unknown): void {
      super.error(message, data, false);
    }
  }
  return new QuietClient(
    "nixDeploy",
    "Nix Deploy",
    { run, debug },
    {
      documentSelector: [
        { scheme: "file", language: "nix" },
        { scheme: "untitled", language: "nix" },
        { scheme: "file", language: "nix-conf" },
        { scheme: "file", pattern: "**/flake.lock" },
        ...SCRIPTS.map(pattern => ({ scheme: "file", pattern })),
        // without an ending, so by what their first line says
        { scheme: "file", language: "shellscript", pattern: "**/{bin,script,scripts}/*" },
      ],
      initializationOptions,
      outputChannel: channel,
      revealOutputChannelOn: library.RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: library.ErrorAction.Continue, handled: true }),
        closed: () => ({
          action: isRestarted() ? library.CloseAction.Restart : library.CloseAction.DoNotRestart,
          handled: true,
        }),
      },
    },
  );
}
