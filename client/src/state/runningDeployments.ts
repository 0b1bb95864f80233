// The deployments that run in this window. Invariant: at most one per host.

import type { Disposable } from "../disposableStore";
import { Emitter, type Event } from "../events";

export interface RunningDeployment {
  readonly host: string;
  readonly action: string;
  readonly tool: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly phase: string;
  /** When the phase began. */
  readonly phaseAt: number;
}

/** The right to deploy to one host, held until `end`. */
export interface Claim {
  enter(phase: string, at: number): void;
  end(): void;
}

export class RunningDeployments implements Disposable {
  readonly #byHost = new Map<string, RunningDeployment>();
  readonly #changed = new Emitter<void>();

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get all(): readonly RunningDeployment[] {
    return [...this.#byHost.values()];
  }

  get(host: string): RunningDeployment | undefined {
    return this.#byHost.get(host);
  }

  /** Claims a host, or undefined while another deployment runs on it. */
  claim(deployment: Omit<RunningDeployment, "phase" | "phaseAt">): Claim | undefined {
    const { host } = deployment;
    if (this.#byHost.has(host)) return undefined;
    this.#set({ ...deployment, phase: "waiting", phaseAt: deployment.startedAt });
    return {
      enter: (phase, at) => this.#set({ ...deployment, phase, phaseAt: at }),
      end: () => {
        if (this.#byHost.delete(host)) this.#changed.fire();
      },
    };
  }

  #set(deployment: RunningDeployment): void {
    this.#byHost.set(deployment.host, deployment);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
