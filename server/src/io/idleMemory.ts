// Gives memory back to the system when the process rests: V8 by itself keeps what evaluation left behind until it needs
// the room, which for a server that mostly waits is never.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** After so long without work a collection also gives back the room for new objects. */
const REST_MS = 4_000;

let collect: (() => void) | undefined;

/** Collects garbage once nothing has called it for a while. Never keeps the process alive. */
export class IdleMemory {
  private timer: NodeJS.Timeout | undefined;

  /** Work has been done: start to wait anew. */
  worked(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => collectGarbage(), REST_MS);
    this.timer.unref();
  }

  dispose(): void {
    clearTimeout(this.timer);
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
