// A plan while it runs: its hosts, what is known of each, and how each ends. Invariant: a host that is claimed gets one result.

import type { Config } from "../config";
import { healthCommandFor } from "../config";
import type { Answer } from "../state/observedStore";
import { type DeployApp, hostBusy } from "./deployApp";
import type { DeployEvent, HostResult } from "./events";
import type { DeployHooks } from "./hooks";
import type { HostAnswer } from "./hostAnswer";
import { endUntouched, type HostEnd } from "./hostEnd";
import { type HostRun, newPhaseClock } from "./hostRun";
import { changesHost, type DeployPlan, type HostPlan } from "./plan";
import { isGood } from "./results";
import type { RunRecords } from "./runRecords";
import { askSystem } from "./verify";

/** A host while its plan runs. */
export interface Member {
  readonly run: HostRun;
  /** What it said before, and when. */
  before: HostAnswer | undefined;
  askedAt: number;
  system: string | undefined;
}

export interface RunParts {
  readonly app: DeployApp;
  readonly plan: DeployPlan;
  readonly records: RunRecords;
  readonly signal: AbortSignal;
  readonly hooks: DeployHooks;
  emit(event: DeployEvent): void;
}

export class RunningPlan {
  readonly parts: RunParts;
  readonly #members = new Map<string, Member>();
  readonly #results = new Map<string, HostResult>();

  constructor(parts: RunParts) {
    this.parts = parts;
  }

  get settings(): Config["deploy"] {
    return this.parts.app.config.read().deploy;
  }

  /** Those that this run has to itself. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  /** Hosts that have no result yet. */
  get open(): readonly Member[] {
    return this.members.filter(({ run }) => !this.#results.has(run.plan.host));
  }

  /** In the order of the plan. */
  get results(): readonly HostResult[] {
    return this.parts.plan.hosts.flatMap(({ host }) => this.#results.get(host) ?? []);
  }

  resultOf({ run }: Member): HostResult | undefined {
    return this.#results.get(run.plan.host);
  }

  isGood(member: Member): boolean {
    const result = this.resultOf(member);
    return result !== undefined && isGood(result);
  }

  /** Answers what gives the host back; undefined for one that another deployment of this window has. */
  claim(plan: HostPlan): (() => void) | undefined {
    const { app, records, emit } = this.parts;
    const { host, action, tool } = plan;
    const claim = app.state.deployments.claim({ host, action, tool, startedAt: app.ports.clock.now() });
    if (claim === undefined) {
      const why = hostBusy(host).message;
      const result = { host, outcome: "failed", why, cancelled: false, clean: false, seconds: 0 } as const;
      this.#results.set(host, result);
      emit({ kind: "end", result });
      return undefined;
    }
    if (changesHost(action)) records.noteCommit(plan);
    const run = this.#hostRun(plan, claim);
    this.#members.set(host, { run, before: undefined, askedAt: 0, system: undefined });
    return () => claim.end();
  }

  #hostRun(plan: HostPlan, claim: HostRun["claim"]): HostRun {
    const { app, signal, hooks, emit } = this.parts;
    const { clock, processes, terminals } = app.ports;
    const { host } = plan;
    return {
      plan,
      processes,
      clock,
      claim,
      phases: newPhaseClock(host, clock, claim, emit),
      signal,
      hooks,
      terminals,
      emit,
      observed: answer => app.state.observed.set(host, { at: clock.now(), answer: plainAnswer(answer) }),
      health: healthCommandFor(this.settings, host),
    };
  }

  async ask(member: Member): Promise<void> {
    const { plan, processes, clock, observed } = member.run;
    if (plan.connection === undefined) return;
    member.before = await askSystem(processes, plan.connection, this.parts.signal);
    member.askedAt = clock.elapsed();
    observed(member.before);
  }

  async end({ run }: Member, { result, record }: HostEnd): Promise<void> {
    this.#results.set(run.plan.host, result);
    if (record !== undefined) await this.parts.records.remember(record);
  }

  async fail(member: Member, why: string): Promise<void> {
    await this.end(member, endUntouched(member.run, "failed", why, member.before));
  }

  async skip(members: readonly Member[], why: string): Promise<void> {
    for (const member of members)
      await this.end(member, endUntouched(member.run, "skipped", why, member.before));
  }
}

/** Without what only judging needs. */
function plainAnswer(answer: Answer): Answer {
  return answer.kind === "reached" ? { kind: "reached", system: answer.system } : answer;
}
