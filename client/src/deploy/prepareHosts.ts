// What a running plan does before the review: builds and checks that several hosts share, then what each host needs of its own. No
// host is touched.

import { t } from "../l10n";
import { inParallel } from "./inParallel";
import type { SharedStep } from "./plan";
import type { Member, RunningPlan } from "./runningPlan";
import { runStep } from "./runStep";
import type { LocalStep } from "./step";

export async function prepareHosts(running: RunningPlan): Promise<void> {
  const { plan } = running.parts;
  for (const build of plan.builds) await buildTogether(running, build);
  for (const check of plan.checks) await checkOnce(running, check);
  await inParallel(running.settings.parallel, running.open, member => prepareOne(running, member));
}

/** A failure is told by the host whose own build then fails. */
async function buildTogether(running: RunningPlan, { hosts, step }: SharedStep): Promise<void> {
  await runShared(running, membersOf(running, hosts), step);
}

async function checkOnce(running: RunningPlan, { hosts, step }: SharedStep): Promise<void> {
  const members = membersOf(running, hosts);
  const failure = await runShared(running, members, step);
  if (failure === undefined) return;
  for (const member of members) await running.fail(member, t("the check of the flake failed: {0}", failure));
}

function membersOf(running: RunningPlan, hosts: readonly string[]): readonly Member[] {
  return running.open.filter(({ run }) => hosts.includes(run.plan.host));
}

/** Runs it once, as a phase of all of them; answers why it failed, if it did. */
async function runShared(
  { parts }: RunningPlan,
  members: readonly Member[],
  step: LocalStep,
): Promise<string | undefined> {
  const [first] = members;
  if (first === undefined || parts.signal.aborted) return undefined;
  for (const { run } of members) run.phases.enter(step.phase);
  const { failure } = await runStep(first.run, step, undefined);
  for (const { run } of members) run.phases.end();
  return failure;
}

async function prepareOne(running: RunningPlan, member: Member): Promise<void> {
  const { run } = member;
  for (const step of run.plan.prepare) {
    if (running.parts.signal.aborted) return running.fail(member, t("cancelled"));
    run.phases.enter(step.phase);
    const { failure, system } = await runStep(run, step, member.system);
    if (failure !== undefined) return running.fail(member, failure);
    member.system ??= system;
  }
  run.phases.end();
}
