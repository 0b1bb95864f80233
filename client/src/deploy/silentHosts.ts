// Hosts that can't be reached before anything is done: they are left out, waited for, or stop the whole run, as the user wants it.

import { t } from "../l10n";
import { inParallel } from "./inParallel";
import { changesHost } from "./plan";
import type { Member, RunningPlan } from "./runningPlan";

/** How many hosts are asked at once. */
export const ASKED_AT_ONCE = 16;
const QUEUE_PAUSE_MS = 15_000;

/** Ends those that are left out; answers those that are waited for. */
export async function sortOutSilent(running: RunningPlan): Promise<readonly Member[]> {
  const { offline, allOrNothing } = running.settings;
  if (!changesHost(running.parts.plan.action)) return [];
  const silent = running.open.filter(({ before }) => before?.kind === "failed");
  if (allOrNothing && running.results.length > 0) {
    await running.skip(running.open, t("another host can't be deployed, and it is all or nothing"));
    return [];
  }
  if (silent.length > 0 && (offline === "abort" || (allOrNothing && offline === "skip"))) {
    await skipSilent(running, silent);
    await running.skip(running.open, t("another host can't be reached; no host was changed"));
    return [];
  }
  // a login that is refused, or another host key, will not be well by itself
  const waitedFor = offline === "queue" ? silent.filter(member => !isRefused(member)) : [];
  await skipSilent(
    running,
    silent.filter(member => !waitedFor.includes(member)),
  );
  return waitedFor;
}

async function skipSilent(running: RunningPlan, members: readonly Member[]): Promise<void> {
  for (const member of members) {
    const why = member.before?.kind === "failed" ? member.before.why : "";
    const text = running.parts.signal.aborted
      ? t("cancelled before anything was done to it")
      : t("it can't be reached, and nothing was done to it: {0}", why);
    await running.skip([member], text);
  }
}

/** Runs hosts that did not answer once they do, as long as the user waits for them. */
export async function runQueue(
  running: RunningPlan,
  queued: readonly Member[],
  runOne: (member: Member) => Promise<void>,
): Promise<void> {
  const { app, signal, emit } = running.parts;
  const { clock } = app.ports;
  const until = clock.elapsed() + running.settings.queueMinutes * 60_000;
  let left = queued.filter(member => running.open.includes(member));
  for (const { run } of left)
    emit({ kind: "note", host: run.plan.host, text: t("It does not answer; waiting for it.") });
  while (left.length > 0 && !signal.aborted && clock.elapsed() < until) {
    // a cancel ends the pause; the loop sees it
    await clock.sleep(QUEUE_PAUSE_MS, signal).catch(() => undefined);
    await inParallel(ASKED_AT_ONCE, left, member => running.ask(member));
    const back = left.filter(({ before }) => before?.kind === "reached");
    await inParallel(running.settings.parallel, back, runOne);
    const refused = left.filter(isRefused);
    await skipSilent(running, refused);
    left = left.filter(member => !back.includes(member) && !refused.includes(member));
  }
  await skipSilent(running, left);
}

function isRefused({ before }: Member): boolean {
  return before?.kind === "failed" && (before.cause === "auth" || before.cause === "hostKey");
}
