// The Server port on vscode-languageclient over ipc. The library is loaded on start, not with our bundle. A crashed server
// comes back by itself unless it crashes five times within three minutes; then the views explain and offer a restart.

import { existsSync } from "node:fs";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { DisposableStore } from "../disposableStore";
import { Emitter, type Event } from "../events";
import { t } from "../l10n";
import type { Log } from "../ports/log";
import { type Server, ServerDownError, type ServerState } from "../ports/server";
import { CrashBudget } from "../state/crashBudget";
import { createLanguageClient } from "./languageClient";

export interface ServerOptions {
  /** The server's bundle. */
  readonly module: string;
  readonly log: Log;
  readonly channel: vscode.LogOutputChannel;
}

const OTHER_NIX_EXTENSIONS = ["jnoortheen.nix-ide", "oxalica.nil", "nix-community.nix-ide"];

export class LanguageServer implements Server, vscode.Disposable {
  readonly #options: ServerOptions;
  readonly #store = new DisposableStore();
  readonly #stateChanged = this.#store.add(new Emitter<ServerState>());
  readonly #notifications = new Map<string, Emitter<unknown>>();
  /** What dies with one client and is rebuilt with the next. */
  readonly #perClient = this.#store.add(new DisposableStore());
  #crashes = new CrashBudget();
  #client: LanguageClient | undefined;
  #otherNixExtension = false;
  #state: ServerState = { kind: "stopped" };
  /** Starts and restarts follow each other, never overlap. */
  #changing: Promise<void> = Promise.resolve();

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#store.add(
      vscode.extensions.onDidChange(() => {
        // the server is told at its start whether somebody else reports syntax errors
        const isOther = hasOtherNixExtension();
        if (this.#client !== undefined && isOther !== this.#otherNixExtension) void this.restart();
      }),
    );
  }

  get state(): ServerState {
    return this.#state;
  }

  get onDidChangeState(): Event<ServerState> {
    return this.#stateChanged.event;
  }

  onNotification(method: string): Event<unknown> {
    let emitter = this.#notifications.get(method);
    if (emitter === undefined) {
      emitter = this.#store.add(new Emitter<unknown>());
      this.#notifications.set(method, emitter);
      if (this.#client !== undefined) this.#forward(this.#client, method, emitter);
    }
    return emitter.event;
  }

  async request(method: string, params?: object, signal?: AbortSignal): Promise<unknown> {
    const client = this.#client;
    if (client === undefined || this.#state.kind !== "running") throw new ServerDownError();
    const source = new vscode.CancellationTokenSource();
    const cancel = () => source.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted === true) cancel();
    try {
      const answer: unknown = await (params === undefined
        ? client.sendRequest(method, source.token)
        : client.sendRequest(method, params, source.token));
      return answer;
    } finally {
      signal?.removeEventListener("abort", cancel);
      source.dispose();
    }
  }

  notify(method: string, params?: object): void {
    if (this.#client === undefined || this.#state.kind !== "running") return;
    const sent =
      params === undefined
        ? this.#client.sendNotification(method)
        : this.#client.sendNotification(method, params);
    sent.catch((error: unknown) => this.#options.log.warn("notification not sent", { method, error }));
  }

  start(): Promise<void> {
    return this.#queue(async () => {
      if (this.#client === undefined) await this.#startClient();
    });
  }

  restart(): Promise<void> {
    return this.#queue(async () => {
      this.#crashes = new CrashBudget();
      await this.#stopClient();
      await this.#startClient();
    });
  }

  #queue(change: () => Promise<void>): Promise<void> {
    // one that failed keeps no later one from happening
    this.#changing = this.#changing.then(change, change);
    return this.#changing;
  }

  async #startClient(): Promise<void> {
    const { module, log } = this.#options;
    this.#set({ kind: "starting" });
    if (!existsSync(module)) {
      this.#set({ kind: "failed", why: t("Its program is missing: {0}. Reinstall the extension.", module) });
      return;
    }
    try {
      const client = await this.#createClient();
      this.#client = client;
      await client.start();
      log.info("language server started");
    } catch (error) {
      log.error("language server did not start", { error });
      this.#set({ kind: "failed", why: error instanceof Error ? error.message : String(error) });
    }
  }

  async #createClient(): Promise<LanguageClient> {
    const library = await import("vscode-languageclient/node");
    const { module, channel } = this.#options;
    this.#otherNixExtension = hasOtherNixExtension();
    const client = createLanguageClient(library, {
      module,
      channel,
      initializationOptions: { otherNixExtension: this.#otherNixExtension },
      isRestarted: () => this.#crashed(),
    });
    this.#perClient.add(
      client.onDidChangeState(({ newState }) => {
        if (newState === library.State.Running) this.#set({ kind: "running" });
        else if (newState === library.State.Starting) this.#set({ kind: "starting" });
      }),
    );
    for (const [method, emitter] of this.#notifications) this.#forward(client, method, emitter);
    return client;
  }

  #forward(client: LanguageClient, method: string, emitter: Emitter<unknown>): void {
    this.#perClient.add(client.onNotification(method, (params: unknown) => emitter.fire(params)));
  }

  /** Notes a crash; false when it is time to give up. */
  #crashed(): boolean {
    const again = this.#crashes.spend(Date.now());
    this.#options.log.warn("language server ended", { restarting: again });
    this.#set(
      again ? { kind: "starting" } : { kind: "failed", why: t("It ended five times within three minutes.") },
    );
    return again;
  }

  async #stopClient(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#perClient.clear();
    if (client === undefined) return;
    try {
      await client.dispose(2_000);
    } catch (error) {
      // a client that crashed or never started cannot be stopped again
      this.#options.log.debug("language client was down already", { error });
    }
    this.#set({ kind: "stopped" });
  }

  #set(state: ServerState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }

  dispose(): void {
    void this.#queue(() => this.#stopClient()).finally(() => this.#store.dispose());
  }
}

function hasOtherNixExtension(): boolean {
  return OTHER_NIX_EXTENSIONS.some(id => vscode.extensions.getExtension(id) !== undefined);
}
