// The review's place in a deployment: when all systems are built and before anything is sent, the user sees what changes and
// agrees, or nothing happens. What was agreed to is held until the moment each host's turn comes.

import type { App } from "../../app";
import { t } from "../../l10n";
import { capture, succeeded } from "../../ports/process";
import { sshOptionWords } from "../../state/hostAddress";
import { UserError } from "../../userError";
import type { DeployHooks, HostLock } from "../hooks";
import { inParallel } from "../inParallel";
import { lookAtLock, takeLock } from "../lock";
import type { DeployPlan, HostPlan } from "../plan";
import { actionVerb, question } from "../planText";
import { printedSystem, processOf } from "../step";
import { destinationOf } from "../target";
import { type Approval, voidReasons } from "./approval";
import { type HostReview, type ReviewApp, reviewHost } from "./hostReview";
import { reviewDocument } from "./reviewText";
import { reviewSummary } from "./summaryText";

export type ReviewHookApp = ReviewApp &
  Pick<App, "log" | "ui"> & {
    readonly ports: Pick<App["ports"], "processes" | "clock">;
    readonly state: Pick<App["state"], "fleet">;
  };

const REVIEWED_AT_ONCE = 8;

export interface ReviewRun {
  readonly plan: DeployPlan;
  /** Given before, for store paths; what fits needs no question. */
  readonly approval: Approval | undefined;
  /** Hosts that have a result already. */
  readonly ended: ReadonlySet<string>;
  note(host: string, text: string): void;
  /** The user was asked and did not agree. */
  declined(): void;
}

/** Review and lock for a deployment; nothing for a build, which touches no host. */
export function deployHooks(app: ReviewHookApp, run: ReviewRun): Pick<DeployHooks, "review" | "lock"> {
  if (run.plan.action === "build") return {};
  let agreed: ReadonlyMap<string, string> = new Map();
  return {
    async review(systems, signal) {
      agreed = systems;
      const plan = openPart(run);
      const reasons = run.approval === undefined ? undefined : voidReasons(run.approval, plan, systems);
      if (reasons?.length === 0) return true;
      const yes = await ask(app, plan, systems, reasons ?? [], signal);
      if (!yes) run.declined();
      return yes && !signal.aborted;
    },
    async lock(host, signal, token): Promise<HostLock> {
      const changed = await changedSince(app, host, agreed.get(host.host), signal);
      if (changed !== undefined) return { kind: "refused", why: changed };
      return takeLock(app, host, signal, text => run.note(host.host, text), token);
    },
  };
}

/** The plan without hosts that are out already. */
export function openPart({ plan, ended }: Pick<ReviewRun, "plan" | "ended">): DeployPlan {
  return {
    ...plan,
    hosts: plan.hosts.filter(({ host }) => !ended.has(host)),
    checks: plan.checks.filter(({ hosts }) => hosts.some(host => !ended.has(host))),
    waves: plan.waves.map(wave => wave.filter(host => !ended.has(host))).filter(wave => wave.length > 0),
  };
}

async function ask(
  app: ReviewHookApp,
  plan: DeployPlan,
  systems: ReadonlyMap<string, string>,
  voided: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const reviews = await gatherReviews(app, plan, systems, signal);
  if (signal.aborted) return false;
  const why = voided.length === 0 ? [] : [t("The earlier approval is void. {0}", voided.join("; ")), ""];
  return app.ui.confirm({
    message: question(
      plan.action,
      plan.hosts.map(({ host }) => host),
    ),
    detail: [...why, reviewSummary(plan, reviews)].join("\n"),
    verb: actionVerb(plan.action),
    details: { title: t("Show Commands"), document: reviewDocument(plan, reviews) },
  });
}

/** Asks all hosts of a plan side by side, also who holds their lock. */
export async function gatherReviews(
  app: ReviewHookApp,
  plan: DeployPlan,
  systems: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<readonly HostReview[]> {
  return inParallel(REVIEWED_AT_ONCE, plan.hosts, async host => {
    const lock = host.connection === undefined ? undefined : lookAtLock(app, host.connection, signal);
    const review = await reviewHost(app, host, systems.get(host.host), signal);
    const state = await lock;
    return state?.kind === "held" ? { ...review, lockedBy: state.by } : review;
  });
}

/**
 * Tools that evaluate again by themselves may find another configuration than the reviewed one, or another machine. Both are looked
 * at once more when the host's turn comes; what differs is void. The answer is for people.
 */
async function changedSince(
  app: ReviewHookApp,
  plan: HostPlan,
  agreed: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (plan.tool === "direct" || plan.tool === "cachix-deploy" || plan.action === "rollback") return undefined;
  if (hasMoved(app, plan))
    return t("where {0} is reached changed since it was reviewed, so the approval is void", plan.host);
  const step = plan.prepare.at(-1);
  if (step === undefined || step.printsSystem === false || agreed === undefined) return undefined;
  const { result, stdout } = await capture(app.ports.processes, processOf(step, undefined), signal);
  if (signal.aborted) return t("cancelled");
  const now = succeeded(result) ? printedSystem(stdout.split("\n"), step.printsSystem) : undefined;
  if (now === agreed) return undefined;
  return now === undefined
    ? t("the configuration can't be built any more; nothing was done")
    : t("the configuration changed since it was reviewed, so the approval is void: it would be {0} now", now);
}

/** Whether the configuration, as it is read now, names another machine, login or way there than the plan. */
function hasMoved({ state }: ReviewHookApp, { host: name, connection }: HostPlan): boolean {
  const host = state.fleet.findHost(name);
  if (host === undefined || connection === undefined) return false;
  try {
    return (
      destinationOf(host) !== connection.destination ||
      sshOptionWords(host).join(" ") !== connection.options.join(" ")
    );
  } catch (error) {
    // an address that can't be used any more is another one
    if (error instanceof UserError) return true;
    throw error;
  }
}
