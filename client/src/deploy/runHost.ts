// Runs the plan of one host: ask, run the steps, ask again, judge, write the ledger. Whatever happens, it ends with a
// result and gives the host free.

import { t } from "../l10n";
import type { Clock } from "../ports/clock";
import { type OutputLine, type ProcessResult, type ProcessRunner, succeeded } from "../ports/process";
import type { LedgerEntry, PhaseTime } from "../state/ledger";
import type { Answer } from "../state/observedStore";
import type { Claim } from "../state/runningDeployments";
import type { DeployEvent, HostResult } from "./events";
import { PhaseClock } from "./phaseClock";
import { changesHost, type HostPlan } from "./plan";
import { printedSystem, processOf, type Step, shellLine } from "./step";
import { TOOLS } from "./tools/tools";
import { askSystem, judge, type Verdict } from "./verify";

export interface HostRun {
  readonly plan: HostPlan;
  readonly processes: ProcessRunner;
  readonly clock: Clock;
  readonly claim: Claim;
  readonly signal: AbortSignal;
  emit(event: DeployEvent): void;
  /** Notes what the host said about itself. */
  observed(answer: Answer): void;
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

export async function runHost(run: HostRun): Promise<HostEnd> {
  const { plan, clock, signal } = run;
  const phases = new PhaseClock(clock, phase => {
    run.claim.enter(phase, clock.now());
    run.emit({ kind: "phase", host: plan.host, phase });
  });
  const started = clock.elapsed();
  const before = await ask(run, signal);
  const { failure, system } = await runSteps(run, phases);
  const verdict = await verify(run, phases, failure, system, before);
  phases.end();
  const seconds = (clock.elapsed() - started) / 1000;
  const cancelled = signal.aborted;
  const clean = failure === undefined;
  const result: HostResult = { host: plan.host, ...outcomeOf(verdict, failure), cancelled, clean, seconds };
  run.emit({ kind: "end", result });
  return {
    result,
    record: verdict === undefined ? undefined : recordOf(plan, verdict, result, phases.times),
  };
}

function outcomeOf(
  verdict: Verdict | undefined,
  failure: string | undefined,
): Pick<HostResult, "outcome" | "why"> {
  if (verdict !== undefined) return { outcome: verdict.outcome, why: verdict.why };
  return failure === undefined ? { outcome: "done", why: t("done") } : { outcome: "failed", why: failure };
}

/** Of standard output only the end is read. */
const KEPT_LINES = 10;

interface StepsEnd {
  readonly failure: string | undefined;
  /** The store path that a step printed. */
  readonly system: string | undefined;
}

async function runSteps(run: HostRun, phases: PhaseClock): Promise<StepsEnd> {
  let system: string | undefined;
  for (const step of run.plan.steps) {
    if (run.signal.aborted) return { failure: t("cancelled"), system };
    phases.enter(step.phase);
    const { result, stdout } = await runStep(run, phases, step, system);
    const failure = stepFailure(step, result);
    if (failure !== undefined) return { failure, system };
    if (step.where === "here" && step.printsSystem !== false) {
      system = printedSystem(stdout, step.printsSystem);
      if (system === undefined) return { failure: t("{0} did not print a store path", step.command), system };
    }
  }
  return { failure: undefined, system };
}

async function runStep(
  run: HostRun,
  phases: PhaseClock,
  step: Step,
  system: string | undefined,
): Promise<{ readonly result: ProcessResult; readonly stdout: readonly string[] }> {
  const { host, tool } = run.plan;
  const stdout: string[] = [];
  const onLine = ({ stream, text }: OutputLine) => {
    if (stream === "stdout") stdout.push(text);
    if (stdout.length > KEPT_LINES) stdout.shift();
    const phase = TOOLS[tool].phaseOf(text);
    if (phase !== undefined) phases.enter(phase);
    run.emit({ kind: "line", host, stream, text });
  };
  run.emit({ kind: "command", host, text: shellLine(step) });
  const result = await run.processes.run(processOf(step, system), onLine, run.signal);
  return { result, stdout };
}

function stepFailure(step: Step, result: ProcessResult): string | undefined {
  if (succeeded(result)) return undefined;
  const name = step.where === "here" ? step.command : t("{0} on the host", commandName(step));
  switch (result.kind) {
    case "cancelled":
      return t("cancelled");
    case "exited":
      return t("{0}: exit code {1}", name, result.code);
    case "killed":
      return t("{0}: ended by {1}", name, result.signal);
    case "spawnFailed":
      return result.reason === "notFound"
        ? t("{0} was not found", step.where === "here" ? step.command : "ssh")
        : t("{0} can't be started: {1}", name, result.message);
  }
}

function commandName(step: Step): string {
  return step.phase === "set" ? "nix-env" : "switch-to-configuration";
}

async function verify(
  run: HostRun,
  phases: PhaseClock,
  failure: string | undefined,
  system: string | undefined,
  before: Answer | undefined,
): Promise<Verdict | undefined> {
  const { action } = run.plan;
  if (!changesHost(action)) return undefined;
  phases.enter("verify");
  // the user's cancel must not keep us from finding out in which state the host is
  const after = await ask(run, undefined);
  return judge({ action, failure, expected: action === "rollback" ? undefined : system, before, after });
}

async function ask(run: HostRun, signal: AbortSignal | undefined): Promise<Answer | undefined> {
  const { connection } = run.plan;
  if (connection === undefined) return undefined;
  const answer = await askSystem(run.processes, connection, signal);
  run.observed(answer);
  return answer;
}

function recordOf(
  plan: HostPlan,
  verdict: Verdict,
  { cancelled, clean }: HostResult,
  phases: readonly PhaseTime[],
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
