// The last fleet the server told, shared by every feature, and why there is none. It asks again when the server says that
// the fleet changed: one request at a time, one remembered.

import {
  FLEET_CHANGED,
  FLEET_REQUEST,
  type FleetSnapshot,
  type HostSnapshot,
} from "../../../server/src/protocol";
import { type Disposable, DisposableStore } from "../disposableStore";
import { Emitter, type Event } from "../events";
import type { Log } from "../ports/log";
import { type Server, ServerDownError } from "../ports/server";

export type FleetStatus =
  | { readonly kind: "loading" }
  | { readonly kind: "ready" }
  /** The server is down or failed to answer; the snapshot, if any, is from before. */
  | { readonly kind: "serverDown"; readonly why: string };

export class FleetStore implements Disposable {
  readonly #server: Server;
  readonly #log: Log;
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new Emitter<void>());
  #snapshot: FleetSnapshot | undefined;
  #status: FleetStatus = { kind: "loading" };
  #asking: Promise<void> | undefined;
  #askAgain = false;

  constructor(server: Server, log: Log) {
    this.#server = server;
    this.#log = log;
    this.#store.add(server.onNotification(FLEET_CHANGED)(() => void this.refresh()));
    this.#store.add(server.onDidChangeState(() => this.#followServer()));
  }

  /** Snapshot or status changed. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get snapshot(): FleetSnapshot | undefined {
    return this.#snapshot;
  }

  get status(): FleetStatus {
    return this.#status;
  }

  get hosts(): readonly HostSnapshot[] {
    return this.#snapshot?.hosts ?? [];
  }

  findHost(name: string): HostSnapshot | undefined {
    return this.hosts.find(host => host.name === name);
  }

  /** Asks the server; resolves when an answer that was asked for after this call has arrived. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#asking !== undefined) {
      this.#askAgain = true;
      return this.#asking;
    }
    this.#asking = this.#askUntilCurrent();
    try {
      await this.#asking;
    } finally {
      this.#asking = undefined;
    }
  }

  async #askUntilCurrent(): Promise<void> {
    do {
      this.#askAgain = false;
      await this.#ask();
    } while (this.#askAgain);
  }

  async #ask(): Promise<void> {
    let answer: unknown;
    try {
      answer = await this.#server.request(FLEET_REQUEST);
    } catch (error) {
      if (!(error instanceof ServerDownError)) this.#log.error("fleet request failed", { error });
      this.#followServer(error instanceof Error ? error.message : String(error));
      return;
    }
    // the server is ours and of the same version: its answer is taken at its word
    this.#snapshot = answer as FleetSnapshot;
    this.#set({ kind: "ready" });
  }

  #followServer(failure?: string): void {
    const { state } = this.#server;
    if (state.kind === "running" && failure === undefined) void this.refresh();
    else if (state.kind === "running" && failure !== undefined)
      this.#set({ kind: "serverDown", why: failure });
    else if (state.kind === "failed") this.#set({ kind: "serverDown", why: state.why });
    else if (state.kind === "starting" || this.#snapshot === undefined) this.#set({ kind: "loading" });
  }

  #set(status: FleetStatus): void {
    this.#status = status;
    this.#changed.fire();
  }

  dispose(): void {
    this.#store.dispose();
  }
}
