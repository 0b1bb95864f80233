// Lets the time in the rows of running deployments go on: once a second, while any runs and somebody looks.

import type { Disposable } from "../disposableStore";
import type { Clock } from "../ports/clock";

const TICK_MS = 1_000;

export class RunningTime implements Disposable {
  readonly #clock: Clock;
  readonly #isWanted: () => boolean;
  readonly #tick: () => void;
  #next: Disposable | undefined;

  constructor(clock: Clock, options: { readonly isWanted: () => boolean; readonly tick: () => void }) {
    this.#clock = clock;
    this.#isWanted = options.isWanted;
    this.#tick = options.tick;
  }

  /** To be called when it may have become wanted, or no longer. Invariant: one timer at most. */
  update(): void {
    if (!this.#isWanted()) this.dispose();
    else this.#next ??= this.#clock.after(TICK_MS, () => this.#goOn());
  }

  #goOn(): void {
    this.#next = undefined;
    if (this.#isWanted()) this.#tick();
    this.update();
  }

  dispose(): void {
    this.#next?.dispose();
    this.#next = undefined;
  }
}
