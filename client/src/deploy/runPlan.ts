// Runs an approved plan: ask every host, prepare every system, review, then wave after wave. Whatever happens, each host gets
// one result, its lock is released, and what became of it is remembered.

import { randomUUID } from "node:crypto";
import { t } from "../l10n";
import { logsFolder, runFolderName } from "../state/deploymentLogs";
import { takeBackLanded } from "./allOrNothing";
import { type DeployApp, requireTrust } from "./deployApp";
import type { DeployEvent, HostResult } from "./events";
import type { DeployHooks } from "./hooks";
import { inParallel } from "./inParallel";
import { changesHost, type DeployPlan } from "./plan";
import { prepareHosts } from "./prepareHosts";
import { RawLogs } from "./rawLog";
import { runHost } from "./runHost";
import { type Member, RunningPlan, type RunParts } from "./runningPlan";
import { type HostTokens, RunRecords } from "./runRecords";
import { ASKED_AT_ONCE, runQueue, sortOutSilent } from "./silentHosts";

/** What a host said is asked again when it is older than this and the lock was taken since. */
const FRESH_MS = 10_000;

/** Runs a plan. Hosts of a wave run side by side up to the set limit; one failing host does not stop those beside it. */
export async function execute(
  app: DeployApp,
  plan: DeployPlan,
  emit: (event: DeployEvent) => void,
  signal: AbortSignal,
  hooks: DeployHooks = {},
): Promise<readonly HostResult[]> {
  requireTrust(app);
  const id = randomUUID();
  const started = new Date(app.ports.clock.now()).toISOString();
  const logs = new RawLogs(logsFolder(app.state.ledger.path), runFolderName(started, id), error =>
    app.log.error("the log of a deployment could not be written", { error }),
  );
  const run = new PlanRun({
    app,
    plan,
    records: new RunRecords(app, id),
    signal,
    hooks,
    emit: event => {
      logs.write(event);
      emit(event);
    },
  });
  try {
    return await run.execute();
  } finally {
    await logs.close();
  }
}

class PlanRun {
  readonly #parts: RunParts;
  readonly #running: RunningPlan;
  /** Undoes claims and locks, the last first. */
  readonly #releases: (() => Promise<void> | void)[] = [];

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#running = new RunningPlan(parts);
  }

  async execute(): Promise<readonly HostResult[]> {
    const running = this.#running;
    try {
      for (const plan of this.#parts.plan.hosts) {
        const release = running.claim(plan);
        if (release !== undefined) this.#releases.push(release);
      }
      await Promise.all([this.#ask(), prepareHosts(running)]);
      const queued = await sortOutSilent(running);
      if (await this.#approved()) {
        await this.#runWaves(queued);
        await runQueue(running, queued, member => this.#runOne(member));
        await takeBackLanded(running);
      }
      return running.results;
    } finally {
      for (const release of this.#releases.reverse()) await release();
    }
  }

  async #ask(): Promise<void> {
    await inParallel(ASKED_AT_ONCE, this.#running.open, member => this.#running.ask(member));
  }

  async #approved(): Promise<boolean> {
    const { hooks, signal } = this.#parts;
    const { open } = this.#running;
    const systems = new Map(
      open.flatMap(({ run, system }) => (system === undefined ? [] : [[run.plan.host, system] as const])),
    );
    if (open.length === 0) return true;
    for (const { run } of open) run.claim.enter("review", run.clock.now());
    const approved = hooks.review === undefined || (await hooks.review(systems, signal));
    if (!approved) await this.#running.skip(this.#running.open, t("not approved; nothing was done to it"));
    return approved;
  }

  async #runWaves(queued: readonly Member[]): Promise<void> {
    const running = this.#running;
    const { plan } = this.#parts;
    for (const wave of plan.waves) {
      const members = running.open.filter(
        member => wave.includes(member.run.plan.host) && !queued.includes(member),
      );
      await inParallel(running.settings.parallel, members, member => this.#runOne(member));
      const bad = members.filter(member => !running.isGood(member));
      if (bad.length === 0 || !changesHost(plan.action)) continue;
      const names = bad.map(({ run }) => run.plan.host).join(", ");
      await running.skip(running.open, t("not begun, because of {0}", names));
    }
  }

  async #runOne(member: Member): Promise<void> {
    const { run } = member;
    const { app, records, hooks, signal } = this.#parts;
    if (signal.aborted) return this.#running.skip([member], t("cancelled before anything was done to it"));
    const tokens: HostTokens = { lock: randomUUID(), activation: randomUUID() };
    const opened = await records.open(run.plan, tokens, member.system, member.before);
    const lock = await hooks.lock?.(run.plan, signal, tokens.lock);
    let told = true;
    const close = async () => {
      if (lock?.kind === "held") await lock.release();
      await records.close(opened, told);
    };
    try {
      if (lock?.kind === "refused") return await this.#running.fail(member, lock.why);
      if (lock !== undefined && run.clock.elapsed() - member.askedAt > FRESH_MS)
        await this.#running.ask(member);
      app.log.info("deploy", { host: run.plan.host, action: run.plan.action, tool: run.plan.tool });
      const end = await runHost(run, { ...member, activation: tokens.activation });
      app.log.info("deploy ended", { ...end.result });
      await this.#running.end(member, end);
      told = end.record?.outcome !== "unknown" || end.record.newSystem !== null;
    } finally {
      // with all or nothing, a host may still have to go back
      if (this.#running.settings.allOrNothing) this.#releases.push(close);
      else await close();
    }
  }
}
