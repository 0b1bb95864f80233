// Something that happens in the middle of a deployment.
import type { DeployEvent } from "../../client/src/deploy/events";
import type { Phase } from "../../client/src/deploy/step";

/** Runs `fault` once, `seconds` after a host entered a phase. */
export function inPhase(phase: Phase, seconds: number, fault: () => unknown): (event: DeployEvent) => void {
  let seen = false;
  return event => {
    if (seen || event.kind !== "phase" || event.phase !== phase) return;
    seen = true;
    setTimeout(fault, seconds * 1000);
  };
}
