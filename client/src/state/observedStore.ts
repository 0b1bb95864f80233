// What hosts themselves said, the latest answer of each, with its age. Probing and verifying write here; views read.

import type { Disposable } from "../disposableStore";
import { Emitter, type Event } from "../events";
import type { PresentedHostKey, SshFailure } from "../ports/ssh/outcome";
import type { CacheReach, HostFacts } from "./hostFacts";

export interface Observation {
  /** When it was asked, milliseconds since the epoch by our clock. */
  readonly at: number;
  readonly answer: Answer;
  /** The last full answer, which may be older than `at`. What was learned since about its systems is in it. */
  readonly told: Told | undefined;
  /** How many times in a row it did not answer. */
  readonly failures: number;
}

/** A full answer. */
export interface Told {
  readonly at: number;
  readonly facts: HostFacts;
  /** The caches that the host was asked to try; undefined when it was not. */
  readonly caches: readonly CacheReach[] | undefined;
}

export type Answer =
  | { readonly kind: "reached"; readonly system: SystemPaths }
  | {
      readonly kind: "failed";
      /** For people. */
      readonly why: string;
      readonly cause?: SshFailure["kind"];
      /** What the host showed, where that is why it was not asked. */
      readonly hostKey?: PresentedHostKey;
    };

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

  /** Notes an answer to the question which systems a host has, or that it did not answer. */
  set(host: string, { at, answer }: Pick<Observation, "at" | "answer">): void {
    const before = this.#byHost.get(host);
    const failures = answer.kind === "failed" ? (before?.failures ?? 0) + 1 : 0;
    this.#put(host, { at, answer, told: corrected(before?.told, answer), failures });
  }

  /** Notes everything that a host said about itself. */
  setFacts(host: string, told: Told): void {
    const { at, facts } = told;
    const system = { current: facts.currentSystem, profile: facts.profileSystem };
    // a round that did not try the caches leaves the last answer about them
    const caches = told.caches ?? this.#byHost.get(host)?.told?.caches;
    this.#put(host, { at, answer: { kind: "reached", system }, told: { at, facts, caches }, failures: 0 });
  }

  #put(host: string, observation: Observation): void {
    this.#byHost.set(host, observation);
    this.#changed.fire(host);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** The last full answer with newer news of the systems in it. */
function corrected(told: Told | undefined, answer: Answer): Told | undefined {
  if (told === undefined || answer.kind === "failed") return told;
  const { current, profile } = answer.system;
  const { facts } = told;
  if (facts.currentSystem === current && facts.profileSystem === profile) return told;
  const generation = facts.generations.find(({ storePath }) => storePath === profile);
  // what was said about the running system alone is no longer true
  const replaced = facts.currentSystem !== current;
  return {
    ...told,
    facts: {
      ...facts,
      currentSystem: current,
      profileSystem: profile,
      profileGeneration: generation?.number,
      ...(replaced ? { nixosVersion: undefined, configurationRevision: undefined } : {}),
      rebootNeeded: undefined,
    },
  };
}
