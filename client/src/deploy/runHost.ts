// Runs the plan of one host whose state before is known: the steps that change it, then ask, then judge. Whatever happens,
// it ends with a result.

import { t } from "../l10n";
import type { Clock } from "../ports/clock";
import type { ProcessRunner } from "../ports/process";
import type { TerminalRunner } from "../ports/terminalRunner";
import type { LedgerEntry } from "../state/ledger";
import type { Answer } from "../state/observedStore";
import type { Claim } from "../state/runningDeployments";
import { adviceFor } from "./advice";
import type { DeployEvent, HostResult } from "./events";
import { type Activation, type ActivationEnd, activateOnHost, workWatched } from "./guard";
import type { DeployHooks } from "./hooks";
import type { HostAnswer } from "./hostAnswer";
import { PhaseClock } from "./phaseClock";
import { changesHost, type HostPlan } from "./plan";
import { runStep } from "./runStep";
import { type ActivationStep, shellLine } from "./step";
import { TOOLS } from "./tools/tools";
import { askSettled, judge, type Verdict } from "./verify";

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

/** deploy-rs waits 30 s for a confirmation, unless told otherwise, and then goes back. */
const PATIENCE_MS = 60_000;

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

/** What a ledger entry needs to know of a run; undefined for actions that change no host. */
export type HostRecord = Pick<
  LedgerEntry,
  | "host"
  | "action"
  | "tool"
  | "root"
  | "previousSystem"
  | "newSystem"
  | "outcome"
  | "why"
  | "cancelled"
  | "clean"
  | "phases"
>;

export interface HostEnd {
  readonly result: HostResult;
  readonly record: HostRecord | undefined;
}

interface StepsEnd {
  readonly failure: string | undefined;
  readonly activation: ActivationEnd | undefined;
  /** The host waited for the health check. */
  readonly checked?: boolean;
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

/** Changes the host and finds out what became of it. */
export async function runHost(run: HostRun, prepared: Prepared): Promise<HostEnd> {
  const end = await runWatched(run, prepared);
  return conclude(run, { ...prepared, system: end.system }, await checkedHealth(run, end));
}

/** The end of a host whose steps were not begun, because of `failure`. */
export function endUntouched(
  run: Pick<HostRun, "plan" | "phases" | "signal" | "emit">,
  outcome: "failed" | "skipped",
  why: string,
  before: HostAnswer | undefined,
): HostEnd {
  const { plan, phases, signal } = run;
  phases.end();
  const seconds = total(phases);
  const result: HostResult = {
    host: plan.host,
    outcome,
    why,
    cancelled: signal.aborted,
    clean: false,
    seconds,
  };
  run.emit({ kind: "end", result });
  if (outcome === "skipped" || !changesHost(plan.action)) return { result, record: undefined };
  const previous = before?.kind === "reached" ? before.system.current : undefined;
  return { result, record: recordOf(plan, { outcome, why, previous, now: previous }, result, phases.times) };
}

async function conclude(
  run: HostRun,
  prepared: Prepared,
  { failure, activation }: StepsEnd,
): Promise<HostEnd> {
  const { plan, phases } = run;
  const verdict = await verify(run, prepared, failure, activation);
  phases.end();
  const outcome =
    verdict ??
    (failure === undefined
      ? ({ outcome: "done", why: t("done") } as const)
      : ({ outcome: "failed", why: failure } as const));
  const result: HostResult = {
    host: plan.host,
    outcome: outcome.outcome,
    why: outcome.why,
    cancelled: run.signal.aborted && failure !== undefined,
    clean: failure === undefined,
    seconds: total(phases),
  };
  run.emit({ kind: "end", result });
  return {
    result,
    record: verdict === undefined ? undefined : recordOf(plan, verdict, result, phases.times),
  };
}

function total(phases: PhaseClock): number {
  return phases.times.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Steps of a tool without a guard are watched by the host, where it is known for what system. */
async function runWatched(run: HostRun, prepared: Prepared): Promise<StepsEnd & Pick<Prepared, "system">> {
  const { watch } = run.plan;
  const { system, before } = prepared;
  const current = before?.kind === "reached" ? before.system.current : undefined;
  if (watch === undefined || system === undefined || current === undefined || current === system)
    return runSteps(run, prepared);
  let end: StepsEnd & Pick<Prepared, "system"> = { failure: t("cancelled"), activation: undefined, system };
  const conversation = conversationOf(run, watch, prepared.activation, system);
  const { failure, watch: watched } = await workWatched(conversation, async () => {
    end = await runSteps(run, prepared);
    return end.failure;
  });
  if (watched === undefined) return end;
  const activation = watched.state === "untouched" ? undefined : watched;
  return { ...end, failure: failure ?? watched.failure, activation, checked: true };
}

async function runSteps(run: HostRun, prepared: Prepared): Promise<StepsEnd & Pick<Prepared, "system">> {
  let { system } = prepared;
  let activation: ActivationEnd | undefined;
  for (const step of run.plan.steps) {
    if (run.signal.aborted) return { failure: t("cancelled"), activation: undefined, system };
    run.phases.enter(step.phase);
    if (step.where === "activation") {
      activation = await activate(run, step, prepared.activation, argument(prepared, system));
      const { state, failure } = activation;
      if (failure !== undefined || state !== "kept") return { failure, activation, system };
      continue;
    }
    const { failure, system: told } = await runStep(run, step, system);
    if (failure !== undefined) return { failure, activation: undefined, system };
    system ??= told;
  }
  return { failure: undefined, activation, system };
}

function argument({ generation }: Prepared, system: string | undefined): string | undefined {
  return generation === undefined ? system : String(generation);
}

async function activate(
  run: HostRun,
  step: ActivationStep,
  token: string,
  system: string | undefined,
): Promise<ActivationEnd> {
  run.emit({ kind: "command", host: run.plan.host, text: shellLine(step) });
  return activateOnHost(conversationOf(run, step, token, system));
}

function conversationOf(
  run: HostRun,
  step: ActivationStep,
  token: string,
  system: string | undefined,
): Activation {
  const { plan, processes, clock, signal, phases } = run;
  return {
    step,
    system,
    token,
    processes,
    clock,
    signal,
    onLine: ({ stream, text }) => {
      const advice = adviceFor(text);
      if (advice !== undefined) run.emit({ kind: "note", host: plan.host, text: advice });
      const phase = TOOLS[plan.tool].phaseOf(text);
      if (phase !== undefined) phases.enter(phase);
      run.emit({ kind: "line", host: plan.host, stream, text });
    },
    check: () => {
      phases.enter("confirm");
      return healthFailure(run);
    },
  };
}

/** Without a guard the host's health can only be reported. */
async function checkedHealth(run: HostRun, end: StepsEnd): Promise<StepsEnd> {
  if (end.checked === true) return end;
  const guarded = run.plan.steps.some(step => step.where === "activation" && step.guardSeconds > 0);
  if (guarded || end.failure !== undefined || !changesHost(run.plan.action) || run.plan.action === "boot")
    return end;
  return { ...end, failure: await healthFailure(run) };
}

async function healthFailure(run: HostRun): Promise<string | undefined> {
  const [command, ...args] = run.health ?? [];
  if (command === undefined) return undefined;
  const { host, root } = run.plan;
  const { failure } = await runStep(
    run,
    {
      where: "here",
      phase: "confirm",
      command,
      args,
      cwd: root,
      env: {},
      printsSystem: false,
      prepares: false,
    },
    undefined,
  );
  return failure === undefined ? undefined : t("the health command of {0} failed: {1}", host, failure);
}

async function verify(
  run: HostRun,
  { system, before }: Prepared,
  failure: string | undefined,
  activation: ActivationEnd | undefined,
): Promise<Verdict | undefined> {
  const { action, connection } = run.plan;
  if (!changesHost(action)) return undefined;
  run.phases.enter("verify");
  // the user's cancel must not keep us from finding out in which state the host is
  const after =
    activation?.answer ??
    (connection === undefined
      ? undefined
      : await askSettled(run.processes, connection, run.clock, patience(run, failure, activation)));
  if (after !== undefined) run.observed(after);
  return judge({ action, failure, activation: activation?.state, expected: system, before, after });
}

/** A host that a tool was switching, and that is silent now, may be going back by itself. */
function patience(
  { phases, signal }: HostRun,
  failure: string | undefined,
  activation: ActivationEnd | undefined,
): number {
  const switching = phases.times.some(({ phase }) => phase === "activate");
  return switching && failure !== undefined && activation === undefined && !signal.aborted ? PATIENCE_MS : 0;
}

function recordOf(
  plan: HostPlan,
  verdict: Verdict,
  { cancelled, clean }: HostResult,
  phases: HostRecord["phases"],
): HostRecord {
  const { host, action, tool, root } = plan;
  const { outcome, why, previous, now } = verdict;
  return {
    host,
    action,
    tool,
    root,
    previousSystem: previous ?? null,
    newSystem: now ?? null,
    outcome,
    why,
    cancelled,
    clean,
    phases,
  };
}
