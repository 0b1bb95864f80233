// All or nothing: when a host did not land, those that did are taken back to the generation that they had before.

import { randomUUID } from "node:crypto";
import { t } from "../l10n";
import type { HostAnswer } from "./hostAnswer";
import type { HostRun } from "./hostRun";
import { inParallel } from "./inParallel";
import { changesHost, type HostPlan } from "./plan";
import { isGood } from "./results";
import { runHost } from "./runHost";
import type { Member, RunningPlan } from "./runningPlan";

export async function takeBackLanded(running: RunningPlan): Promise<void> {
  const { action } = running.parts.plan;
  if (!running.settings.allOrNothing || !changesHost(action) || action === "rollback") return;
  const bad = running.results.filter(result => !isGood(result)).map(({ host }) => host);
  if (bad.length === 0) return;
  const landed = running.members.filter(
    member => running.resultOf(member)?.outcome === "landed" && !bad.includes(member.run.plan.host),
  );
  await inParallel(running.settings.parallel, landed, member => goBack(running, member, bad.join(", ")));
}

async function goBack(running: RunningPlan, member: Member, because: string): Promise<void> {
  const { plan } = member.run;
  const { before } = member;
  if (plan.undo === undefined || before?.kind !== "reached" || before.generation === undefined) return;
  const { generation } = before;
  await running.ask(member);
  const now = member.before;
  if (now?.kind === "reached" && now.generation === generation) return;
  running.parts.emit({
    kind: "note",
    host: plan.host,
    text: t("Going back, because of {0}: it is all or nothing.", because),
  });
  const system = plan.action === "boot" ? before.system.profile : before.system.current;
  const expected: HostAnswer | undefined =
    now?.kind === "reached" ? { ...now, older: { generation, system } } : now;
  const end = await runHost(undoing(member.run, plan.undo), {
    system,
    generation,
    before: expected,
    activation: randomUUID(),
  });
  const wentBack = end.result.outcome === "landed";
  const why = wentBack
    ? t("went back, because of {0}", because)
    : t("should have gone back, because of {0}: {1}", because, end.result.why);
  const outcome = wentBack ? "reverted" : "unknown";
  await running.end(member, { record: end.record, result: { ...end.result, outcome, why, clean: false } });
}

/** The same run with nothing but the way back. */
function undoing(run: HostRun, undo: NonNullable<HostPlan["undo"]>): HostRun {
  const action = run.plan.action === "boot" ? "boot" : "rollback";
  return {
    ...run,
    plan: { ...run.plan, action, prepare: [], steps: [undo], watch: undefined },
    // not the user's cancel: it may be the reason
    signal: new AbortController().signal,
    health: undefined,
  };
}
