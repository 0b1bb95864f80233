// One host of a running plan: what its parts need of the world, and what is known of it before its steps begin.

import type { Clock } from "../ports/clock";
import type { ProcessRunner } from "../ports/process";
import type { TerminalRunner } from "../ports/terminalRunner";
import type { Answer } from "../state/observedStore";
import type { Claim } from "../state/runningDeployments";
import type { DeployEvent } from "./events";
import type { DeployHooks } from "./hooks";
import type { HostAnswer } from "./hostAnswer";
import { PhaseClock } from "./phaseClock";
import type { HostPlan } from "./plan";

export interface HostRun {
  readonly plan: HostPlan;
  readonly processes: ProcessRunner;
  readonly clock: Clock;
  readonly claim: Claim;
  readonly phases: PhaseClock;
  readonly signal: AbortSignal;
  readonly hooks: DeployHooks;
  emit(event: DeployEvent): void;
  /** Notes what the host said about itself. */
  observed(answer: Answer): void;
  readonly terminals: TerminalRunner | undefined;
  /** The command by which the user judges the host's health; undefined without one. */
  readonly health: readonly string[] | undefined;
}

/** What is known when the steps on the host begin. */
export interface Prepared {
  /** The store path of the system; undefined where the tool does not tell it. */
  readonly system: string | undefined;
  /** The generation to go back to, where that is what is done. */
  readonly generation?: number;
  /** What the host said before; undefined where it isn't asked. */
  readonly before: HostAnswer | undefined;
  /** Names the activation on the host. */
  readonly activation: string;
}

/** A run with its phase clock, which tells everybody who listens. */
export function newPhaseClock(
  host: string,
  clock: Clock,
  claim: Claim,
  emit: (event: DeployEvent) => void,
): PhaseClock {
  return new PhaseClock(clock, phase => {
    claim.enter(phase, clock.now());
    emit({ kind: "phase", host, phase });
  });
}
