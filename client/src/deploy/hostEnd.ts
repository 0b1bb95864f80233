// How the run of a host ends: it is asked, what became of it is judged, and that is put into the words of a result and of the ledger.

import { t } from "../l10n";
import type { LedgerEntry } from "../state/ledger";
import type { HostResult } from "./events";
import type { ActivationEnd } from "./guardReport";
import type { HostAnswer } from "./hostAnswer";
import type { HostRun, Prepared } from "./hostRun";
import type { PhaseClock } from "./phaseClock";
import { changesHost } from "./plan";
import { askSettled, judge, type Verdict } from "./verify";

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

/** How the steps ended, by their own account. */
export interface StepsEnd {
  readonly failure: string | undefined;
  readonly activation: ActivationEnd | undefined;
  /** The host was seen to switch before it failed. */
  readonly switched?: boolean;
  /** The host waited for the health check. */
  readonly checked?: boolean;
}

/** deploy-rs waits 30 s for a confirmation, unless told otherwise, and then goes back. */
const PATIENCE_MS = 60_000;

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

/** Asks the host and judges. */
export async function conclude(
  run: HostRun,
  prepared: Prepared,
  { failure, activation, switched = false }: StepsEnd,
): Promise<HostEnd> {
  const { plan, phases } = run;
  const wentBack = switched && plan.guardedByTool;
  const verdict = await verify(run, prepared, { failure, activation, wentBack });
  phases.end();
  const outcome =
    verdict ??
    (failure === undefined
      ? ({ outcome: "done", why: t("every step succeeded") } as const)
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

async function verify(
  run: HostRun,
  { system, before }: Prepared,
  { failure, activation, wentBack }: StepsEnd & { readonly wentBack: boolean },
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
  // a tool with a guard of its own, whose host switched and has the old system all the same, took it back
  const state = activation?.state ?? (wentBack ? "reverted" : undefined);
  return judge({ action, failure, activation: state, expected: system, before, after });
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

/** What the ledger keeps of a host, whoever found out how it ended. */
export function recordOf(
  plan: Pick<HostRecord, "host" | "action" | "tool" | "root">,
  verdict: Verdict,
  { cancelled, clean }: Pick<HostRecord, "cancelled" | "clean">,
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
