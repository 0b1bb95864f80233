// What others take part in a deployment with, handed to `execute`: the review, the lock on the host, and questions that come
// up on the way. All are optional; without them nothing is asked and nothing is locked.

import type { HostPlan } from "./plan";

export interface DeployHooks {
  /**
   * Called once, when the store paths of all systems are known and before anything is sent to a host. Anything but true ends
   * the run with no host changed. Hosts whose system the tool does not tell are missing in `systems`.
   */
  review?(systems: ReadonlyMap<string, string>, signal: AbortSignal): Promise<boolean>;
  /**
   * Takes the host's lock, which `token` names there. It is held from before anything is sent until after the last question, and
   * always released.
   */
  lock?(host: HostPlan, signal: AbortSignal, token: string): Promise<HostLock>;
  /** A copy waits for old receivers on the host that hold its locks: whether to end them. */
  endStaleReceivers?(host: string, receivers: readonly Receiver[]): Promise<boolean>;
}

export type HostLock =
  | { readonly kind: "held"; release(): Promise<void> }
  /** Somebody else has it; nothing is done to the host. */
  | { readonly kind: "refused"; readonly why: string };

/** A process on the host that receives store paths from somebody. */
export interface Receiver {
  readonly pid: number;
  readonly seconds: number;
  readonly command: string;
}
