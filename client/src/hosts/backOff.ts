// When a host is asked again by itself: an answer stays fresh for a while, and a host that is away is asked less and less.

import type { Observation } from "../state/observedStore";

const FRESH_MS = 45_000;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 30 * 60_000;

/** Whether a round that nobody asked for should ask the host. A host that was never asked always is. */
export function isDue(observation: Observation | undefined, now: number): boolean {
  if (observation === undefined) return true;
  const { at, failures, told } = observation;
  // a clock that was set back must not silence a host until it has caught up
  if (now < at) return true;
  if (failures === 0) return told === undefined || now - told.at >= FRESH_MS;
  return now - at >= waitAfter(failures);
}

/** Milliseconds after so many failures in a row: 30 s, doubled each time, at most half an hour. */
export function waitAfter(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, Math.min(failures, 20) - 1));
}
