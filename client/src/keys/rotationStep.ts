// What the steps of a rotation need of the outside.

import type { EditOperation } from "../../../server/src/protocol";
import type { ChangedFile } from "../configuration/edits";
import type { Step } from "../procedure/procedure";
import type { HostsByName } from "../remote/askHost";
import type { RotationFacts } from "./rotationFacts";

export interface RotationPorts extends HostsByName {
  change(message: string, operations: readonly EditOperation[]): Promise<readonly ChangedFile[]>;
  undoChange(message: string, changed: readonly ChangedFile[]): Promise<void>;
  deploy(hosts: readonly string[], signal: AbortSignal): Promise<void>;
  /** A modal question. */
  confirm(message: string, detail: string, verb: string): Promise<boolean>;
}

export type RotationStep = Step<RotationFacts, RotationPorts>;
