// What the steps of a staging cache need of the outside; none of them knows an editor.

import type { EditOperation } from "../../../server/src/protocol";
import type { ChangedFile } from "../configuration/edits";
import type { Clock } from "../ports/clock";
import type { Step } from "../procedure/procedure";
import type { HostsByName } from "../remote/askHost";
import type { StagingFacts } from "./facts";

export interface StagingPorts extends HostsByName {
  readonly clock: Clock;
  /** Shows the difference, asks, and changes the configuration. Rejects with CancelledError if the user declines. */
  change(message: string, operations: readonly EditOperation[]): Promise<readonly ChangedFile[]>;
  undoChange(message: string, changed: readonly ChangedFile[]): Promise<void>;
  /** Deploys hosts and resolves when that has ended, however it ended. */
  deploy(hosts: readonly string[], signal: AbortSignal): Promise<void>;
}

export type StagingStep = Step<StagingFacts, StagingPorts>;
