// A clock that stands still until it is told to go on, for tests of what happens after a while.

import { toDisposable } from "../../client/src/disposableStore";
import type { Clock } from "../../client/src/ports/clock";

export interface ManualClock extends Clock {
  /** Lets time pass; what falls due in it is run in its order, each at its own time. */
  advance(ms: number): void;
  /** How many calls are still to come. */
  readonly waiting: number;
}

export function manualClock(start = 0): ManualClock {
  let now = start;
  const calls = new Set<{ readonly at: number; readonly run: () => void }>();
  const due = (until: number) => [...calls].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  const after = (ms: number, run: () => void) => {
    const call = { at: now + ms, run };
    calls.add(call);
    return toDisposable(() => calls.delete(call));
  };
  return {
    now: () => now,
    elapsed: () => now,
    after,
    sleep: ms => new Promise(resolve => void after(ms, resolve)),
    get waiting() {
      return calls.size;
    },
    advance(ms) {
      const until = now + ms;
      for (let call = due(until); call !== undefined; call = due(until)) {
        calls.delete(call);
        now = call.at;
        call.run();
      }
      now = until;
    },
  };
}
