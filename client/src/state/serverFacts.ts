// Tells the language server what hosts said and what real Nix evaluated, so that rules and hints can use it. The server
// forgets with every restart and takes each message as the whole, so all of it is sent again whenever something changed.

import {
  type HostStateFacts,
  SET_FACTS,
  type HostFacts as ServerHostFacts,
} from "../../../server/src/protocol";
import { type Disposable, DisposableStore } from "../disposableStore";
import type { Clock } from "../ports/clock";
import type { Server } from "../ports/server";
import type { HostFacts } from "./hostFacts";
import type { ObservedStore } from "./observedStore";

/** News within this time are sent together. */
const REST_MS = 500;

export class ServerFacts implements Disposable {
  readonly #server: Server;
  readonly #observed: ObservedStore;
  readonly #clock: Clock;
  readonly #store = new DisposableStore();
  readonly #seen = new Set<string>();
  readonly #evaluated = new Map<string, ServerHostFacts>();
  #states: () => ReadonlyMap<string, HostStateFacts> = () => new Map();
  #waiting: Disposable | undefined;
  #sent = "[]";

  constructor(server: Server, observed: ObservedStore, clock: Clock) {
    this.#server = server;
    this.#observed = observed;
    this.#clock = clock;
    this.#store.add(
      observed.onDidChange(host => {
        this.#seen.add(host);
        this.#sendSoon();
      }),
    );
    this.#store.add(
      server.onDidChangeState(({ kind }) => {
        // a server that starts knows nothing
        this.#sent = "[]";
        if (kind === "running") this.#sendSoon();
      }),
    );
  }

  /** Notes what real Nix said about a host; it replaces what it said before. */
  setEvaluated(facts: Omit<ServerHostFacts, "tier">): void {
    this.#evaluated.set(facts.host, { ...facts, tier: "evaluated" });
    this.#sendSoon();
  }

  /**
   * Notes that the views say something new of hosts that were asked or are being deployed to; lenses say the same.
   * @param read is called when it is sent: of hundreds of hosts news come one by one
   */
  setStates(read: () => ReadonlyMap<string, HostStateFacts>): void {
    this.#states = read;
    this.#sendSoon();
  }

  #sendSoon(): void {
    this.#waiting ??= this.#clock.after(REST_MS, () => {
      this.#waiting = undefined;
      this.#send();
    });
  }

  #send(): void {
    if (this.#server.state.kind !== "running") return;
    const states = this.#states();
    const told = [...new Set([...this.#seen, ...states.keys()])].flatMap(host => {
      const facts = this.#observed.get(host)?.told?.facts;
      const state = states.get(host);
      if (facts === undefined && state === undefined) return [];
      const said = facts === undefined ? ({ host, tier: "observed" } as const) : observedFacts(host, facts);
      return [state === undefined ? said : { ...said, state }];
    });
    const hosts = [...this.#evaluated.values(), ...told];
    const text = JSON.stringify(hosts);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#server.notify(SET_FACTS, { hosts });
  }

  dispose(): void {
    this.#waiting?.dispose();
    this.#store.dispose();
  }
}

/** What a host said, as far as the server has use for it. */
function observedFacts(host: string, facts: HostFacts): ServerHostFacts {
  const { settings, nixVersion, hostPublicKey, rootPublicKey } = facts;
  return {
    host,
    tier: "observed",
    ...(settings === undefined
      ? {}
      : {
          settings: {
            substituters: settings.substituters,
            "trusted-public-keys": settings.trustedPublicKeys,
            "trusted-users": settings.trustedUsers,
            "secret-key-files": settings.secretKeyFiles,
            ...(settings.requireSigs === undefined ? {} : { "require-sigs": String(settings.requireSigs) }),
            ...(settings.fallback === undefined ? {} : { fallback: String(settings.fallback) }),
          },
        }),
    ...(nixVersion === undefined ? {} : { nixVersion }),
    ...(hostPublicKey === undefined ? {} : { hostPublicKey }),
    ...(rootPublicKey === undefined ? {} : { rootPublicKey }),
  };
}
