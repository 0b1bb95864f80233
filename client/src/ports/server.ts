// The language server as features see it: a state, requests and notifications. The implementation, with
// vscode-languageclient inside, is editor/languageServer.ts.

import type { Event } from "../events";

export type ServerState =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  /** It ended too often or could not start; `why` is for people. */
  | { readonly kind: "failed"; readonly why: string };

export interface Server {
  readonly state: ServerState;
  readonly onDidChangeState: Event<ServerState>;
  /** Rejects with ServerDownError while it is not running. */
  request(method: string, params?: object, signal?: AbortSignal): Promise<unknown>;
  /** Is dropped while the server is not running: send state again when it comes back. */
  notify(method: string, params?: object): void;
  /** Hears a notification, over every restart. */
  onNotification(method: string): Event<unknown>;
  start(): Promise<void>;
  restart(): Promise<void>;
}

export class ServerDownError extends Error {
  constructor() {
    super("the language server is not running");
    this.name = "ServerDownError";
  }
}
