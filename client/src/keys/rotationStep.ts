// What all steps of a rotation are made of: what they need of the outside, how they ask a host, what they come to.

import type { EditOperation } from "../../../server/src/protocol";
import type { ChangedFile } from "../configuration/edits";
import type { Step, StepResult } from "../procedure/procedure";
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
export type Result = StepResult<RotationFacts>;

const result =
  (outcome: Result["outcome"]) =>
  (facts: RotationFacts, note: string): Result => ({ facts, outcome, note });
export const done = result("done");
export const skipped = result("skipped");
export const failed = result("failed");
export const undone = result("undone");
