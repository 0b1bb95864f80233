// How long each phase of one host's deployment takes.

import type { Clock } from "../ports/clock";
import type { PhaseTime } from "../state/ledger";
import type { Phase } from "./step";

/** A phase that is entered again goes on counting. */
export class PhaseClock {
  readonly #clock: Clock;
  readonly #onEnter: (phase: Phase) => void;
  readonly #seconds = new Map<Phase, number>();
  #current: Phase | undefined;
  #since = 0;

  constructor(clock: Clock, onEnter: (phase: Phase) => void) {
    this.#clock = clock;
    this.#onEnter = onEnter;
  }

  enter(phase: Phase): void {
    if (phase === this.#current) return;
    this.end();
    this.#current = phase;
    this.#since = this.#clock.elapsed();
    this.#onEnter(phase);
  }

  end(): void {
    if (this.#current === undefined) return;
    const seconds = (this.#clock.elapsed() - this.#since) / 1000;
    this.#seconds.set(this.#current, (this.#seconds.get(this.#current) ?? 0) + seconds);
    this.#current = undefined;
  }

  get times(): readonly PhaseTime[] {
    return [...this.#seconds].map(([phase, seconds]) => ({
      phase,
      seconds: Math.round(seconds * 1000) / 1000,
    }));
  }
}
