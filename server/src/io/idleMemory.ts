// Gives memory back to the system when the process rests: V8 by itself keeps what evaluation left behind until it needs
// the room, which for a server that mostly waits is never.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How long nothing must have happened. */
const REST_MS = 4_000;
/** V8 gives back the room for new objects when it sees little allocation between two collections, so one is not enough. */
const COLLECTIONS = 3;
const PAUSE_MS = 1_000;

let collect: (() => void) | undefined;

/** Collects garbage once nothing has called it for a while. Never keeps the process alive. */
export class IdleMemory {
  private timer: NodeJS.Timeout | undefined;

  /** Work has been done: start to wait anew. */
  worked(): void {
    this.collectLater(REST_MS, COLLECTIONS);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private collectLater(delay: number, times: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (times > 1) {
        collectGarbage();
        this.collectLater(PAUSE_MS, times - 1);
      } else compact();
    }, delay);
    this.timer.unref();
  }
}

function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    const gc: unknown = runInNewContext("gc");
    collect = typeof gc === "function" ? () => void gc() : () => undefined;
  }
  collect();
}

/** What is left is scattered over the pages that all of it needed once; moved together, a third of them is free. */
function compact(): void {
  setFlagsFromString("--compact-on-every-full-gc");
  collectGarbage();
  setFlagsFromString("--no-compact-on-every-full-gc");
}
