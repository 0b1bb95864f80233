// How often something may crash before it is left alone.

const CRASHES = 5;
const WINDOW_MS = 3 * 60_000;

export class CrashBudget {
  #crashes: number[] = [];

  /** Notes a crash at `now`; whether it may be started again. */
  spend(now: number): boolean {
    this.#crashes = [...this.#crashes.filter(at => now - at < WINDOW_MS), now];
    return this.#crashes.length < CRASHES;
  }
}
