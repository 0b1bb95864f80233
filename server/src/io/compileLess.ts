// How eagerly V8 compiles, for a process that works for seconds and then ends.

import { setFlagsFromString } from "node:v8";

/** The engine of Node 20. Later ones have a cheaper compiler in between, and do not know the flag. */
const V8_MAJOR = 11;

/**
 * Bytes of a function's code that run before it is optimised; 132 KiB if nobody says. Half of what is optimised by then is
 * not used for long enough to be worth it, and optimising needs as much of two processors as the work itself.
 */
const BUDGET_BYTES = 300_000;

/** Lets V8 optimise fewer functions from now on. */
export function compileLess(version = process.versions.v8): void {
  if (Number.parseInt(version, 10) !== V8_MAJOR) return;
  setFlagsFromString(`--interrupt-budget=${BUDGET_BYTES}`);
}
