// What all steps of a rotation are made of: what they need of the outside, how they ask a host, what they come to.

import type { EditOperation, HostSnapshot } from "../../../server/src/protocol";
import type { ChangedFile } from "../configuration/edits";
import { t } from "../l10n";
import type { Step, StepResult } from "../procedure/procedure";
import type { Answers, FixedScript } from "../remote/fixedScript";
import type { HostShell } from "../remote/hostShell";
import type { RotationFacts } from "./rotationFacts";

export interface RotationPorts {
  readonly shell: HostShell;
  findHost(name: string): HostSnapshot | undefined;
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

/** The answers of a script on a host of the fleet, or why there are none. */
export async function ask(
  ports: RotationPorts,
  name: string,
  script: FixedScript,
  signal: AbortSignal,
): Promise<Answers | string> {
  const host = ports.findHost(name);
  if (host === undefined) return t("There is no host {0} in this workspace any more.", name);
  const answer = await ports.shell.asRoot(host, script, { signal, timeoutMs: 400_000 });
  return answer.kind === "told" ? answer.answers : answer.why;
}
