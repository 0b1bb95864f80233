// What hosts themselves said, the latest answer of each, with its age. Probing and verifying write here; views read.

import type { Disposable } from "../disposableStore";
import { Emitter, type Event } from "../events";

export interface Observation {
  /** When it was asked, milliseconds since the epoch. */
  readonly at: number;
  readonly answer: Answer;
}

export type Answer =
  | { readonly kind: "reached"; readonly system: SystemPaths }
  /** `why` is for people. */
  | { readonly kind: "failed"; readonly why: string };

/** Store paths of a host's systems; undefined where the host does not have it. */
export interface SystemPaths {
  /** `/run/current-system`: what runs now. */
  readonly current: string | undefined;
  /** `/nix/var/nix/profiles/system`: what the next boot gets. */
  readonly profile: string | undefined;
}

export class ObservedStore implements Disposable {
  readonly #byHost = new Map<string, Observation>();
  readonly #changed = new Emitter<string>();

  /** The name of the host about which something new is known. */
  get onDidChange(): Event<string> {
    return this.#changed.event;
  }

  get(host: string): Observation | undefined {
    return this.#byHost.get(host);
  }

  set(host: string, observation: Observation): void {
    this.#byHost.set(host, observation);
    this.#changed.fire(host);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
