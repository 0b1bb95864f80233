// Runs an approved plan: ask every host, prepare every system, review, then wave after wave. Whatever happens, each host gets
// one result, its lock is released, and what became of it is remembered.

import { randomUUID } from "node:crypto";
import { healthCommandFor } from "../config";
import { t } from "../l10n";
import { logsFolder, runFolderName } from "../state/deploymentLogs";
import type { Answer } from "../state/observedStore";
import { type DeployApp, hostBusy, requireTrust } from "./deployApp";
import type { DeployEvent, HostResult } from "./events";
import type { DeployHooks } from "./hooks";
import type { HostAnswer } from "./hostAnswer";
import { inParallel } from "./inParallel";
import { changesHost, type DeployPlan, type HostPlan, type SharedStep } from "./plan";
import { RawLogs } from "./rawLog";
import { isGood } from "./results";
import { endUntouched, type HostEnd, type HostRun, newPhaseClock, runHost } from "./runHost";
import { type HostTokens, RunRecords } from "./runRecords";
import { runStep } from "./runStep";
import type { LocalStep } from "./step";
import { askSystem } from "./verify";

/** How many hosts are asked at once. */
const ASKED_AT_ONCE = 16;
const QUEUE_PAUSE_MS = 15_000;
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
  const run = new PlanRun(app, plan, new RunRecords(app, id), signal, hooks, event => {
    logs.write(event);
    emit(event);
  });
  try {
    return await run.execute();
  } finally {
    await logs.close();
  }
}

/** A host while its plan runs. */
interface Member {
  readonly run: HostRun;
  /** What it said before, and when. */
  before: HostAnswer | undefined;
  askedAt: number;
  system: string | undefined;
}

class PlanRun {
  readonly #app: DeployApp;
  readonly #plan: DeployPlan;
  readonly #records: RunRecords;
  readonly #signal: AbortSignal;
  readonly #hooks: DeployHooks;
  readonly #emit: (event: DeployEvent) => void;
  readonly #members = new Map<string, Member>();
  readonly #results = new Map<string, HostResult>();
  /** Undoes claims and locks, the last first. */
  readonly #releases: (() => Promise<void> | void)[] = [];

  constructor(
    app: DeployApp,
    plan: DeployPlan,
    records: RunRecords,
    signal: AbortSignal,
    hooks: DeployHooks,
    emit: (event: DeployEvent) => void,
  ) {
    this.#app = app;
    this.#plan = plan;
    this.#records = records;
    this.#signal = signal;
    this.#hooks = hooks;
    this.#emit = emit;
  }

  async execute(): Promise<readonly HostResult[]> {
    try {
      this.#claim();
      await Promise.all([this.#ask(), this.#prepare()]);
      const queued = await this.#sortOut();
      if (await this.#approved()) {
        await this.#runWaves(queued);
        await this.#runQueue(queued);
        await this.#allOrNothing();
      }
      return this.#plan.hosts.flatMap(({ host }) => this.#results.get(host) ?? []);
    } finally {
      for (const release of this.#releases.reverse()) await release();
    }
  }

  get #deploy() {
    return this.#app.config.read().deploy;
  }

  /** Hosts that have no result yet. */
  get #open(): readonly Member[] {
    return [...this.#members.values()].filter(({ run }) => !this.#results.has(run.plan.host));
  }

  #claim(): void {
    const { clock, processes, terminals } = this.#app.ports;
    for (const plan of this.#plan.hosts) {
      const { host, action, tool } = plan;
      const claim = this.#app.state.deployments.claim({ host, action, tool, startedAt: clock.now() });
      if (claim === undefined) {
        const why = hostBusy(host).message;
        const result = { host, outcome: "failed", why, cancelled: false, clean: false, seconds: 0 } as const;
        this.#results.set(host, result);
        this.#emit({ kind: "end", result });
        continue;
      }
      this.#releases.push(() => claim.end());
      if (changesHost(action)) this.#records.noteCommit(plan);
      const run: HostRun = {
        plan,
        processes,
        clock,
        claim,
        phases: newPhaseClock(host, clock, claim, this.#emit),
        signal: this.#signal,
        hooks: this.#hooks,
        terminals,
        emit: this.#emit,
        observed: answer =>
          this.#app.state.observed.set(host, { at: clock.now(), answer: plainAnswer(answer) }),
        health: healthCommandFor(this.#deploy, host),
      };
      this.#members.set(host, { run, before: undefined, askedAt: 0, system: undefined });
    }
  }

  async #ask(): Promise<void> {
    await inParallel(ASKED_AT_ONCE, this.#open, member => this.#askOne(member));
  }

  async #askOne(member: Member): Promise<void> {
    const { plan, processes, clock, observed } = member.run;
    if (plan.connection === undefined) return;
    member.before = await askSystem(processes, plan.connection, this.#signal);
    member.askedAt = clock.elapsed();
    observed(member.before);
  }

  async #prepare(): Promise<void> {
    for (const build of this.#plan.builds) await this.#buildTogether(build);
    for (const check of this.#plan.checks) await this.#checkOnce(check);
    await inParallel(this.#deploy.parallel, this.#open, async member => {
      for (const step of member.run.plan.prepare) {
        if (this.#signal.aborted)
          return this.#end(member, endUntouched(member.run, "failed", t("cancelled"), member.before));
        member.run.phases.enter(step.phase);
        const { failure, system } = await runStep(member.run, step, member.system);
        if (failure !== undefined)
          return this.#end(member, endUntouched(member.run, "failed", failure, member.before));
        member.system ??= system;
      }
      member.run.phases.end();
    });
  }

  /** A failure is told by the host whose own build then fails. */
  async #buildTogether({ hosts, step }: SharedStep): Promise<void> {
    await this.#runShared(this.#membersOf(hosts), step);
  }

  async #checkOnce({ hosts, step }: SharedStep): Promise<void> {
    const members = this.#membersOf(hosts);
    const failure = await this.#runShared(members, step);
    if (failure === undefined) return;
    const why = t("the check of the flake failed: {0}", failure);
    for (const member of members)
      await this.#end(member, endUntouched(member.run, "failed", why, member.before));
  }

  #membersOf(hosts: readonly string[]): readonly Member[] {
    return this.#open.filter(({ run }) => hosts.includes(run.plan.host));
  }

  /** Runs it once, as a phase of all of them; answers why it failed, if it did. */
  async #runShared(members: readonly Member[], step: LocalStep): Promise<string | undefined> {
    const [first] = members;
    if (first === undefined || this.#signal.aborted) return undefined;
    for (const { run } of members) run.phases.enter(step.phase);
    const { failure } = await runStep(first.run, step, undefined);
    for (const { run } of members) run.phases.end();
    return failure;
  }

  /** Leaves out hosts that can't be reached, as the user wants it; answers those that are waited for. */
  async #sortOut(): Promise<readonly Member[]> {
    const { offline, allOrNothing } = this.#deploy;
    if (!changesHost(this.#plan.action)) return [];
    const silent = this.#open.filter(({ before }) => before?.kind === "failed");
    const broken = this.#results.size > 0;
    if (allOrNothing && broken)
      await this.#skipAll(t("another host can't be deployed, and it is all or nothing"));
    else if (silent.length > 0 && (offline === "abort" || (allOrNothing && offline === "skip"))) {
      await this.#skipSilent(silent);
      await this.#skipAll(t("another host can't be reached; no host was changed"));
    } else {
      // a login that is refused, or another host key, will not be well by itself
      const waitedFor = offline === "queue" ? silent.filter(member => !isRefused(member)) : [];
      await this.#skipSilent(silent.filter(member => !waitedFor.includes(member)));
      return waitedFor;
    }
    return [];
  }

  async #skipSilent(members: readonly Member[]): Promise<void> {
    for (const member of members) {
      const why = member.before?.kind === "failed" ? member.before.why : "";
      const text = this.#signal.aborted
        ? t("cancelled before anything was done to it")
        : t("it can't be reached, and nothing was done to it: {0}", why);
      await this.#end(member, endUntouched(member.run, "skipped", text, member.before));
    }
  }

  async #skipAll(why: string): Promise<void> {
    for (const member of this.#open)
      await this.#end(member, endUntouched(member.run, "skipped", why, member.before));
  }

  async #approved(): Promise<boolean> {
    const systems = new Map(
      this.#open.flatMap(({ run, system }) =>
        system === undefined ? [] : [[run.plan.host, system] as const],
      ),
    );
    if (this.#open.length === 0) return true;
    for (const { run } of this.#open) run.claim.enter("review", run.clock.now());
    const approved = this.#hooks.review === undefined || (await this.#hooks.review(systems, this.#signal));
    if (!approved) await this.#skipAll(t("not approved; nothing was done to it"));
    return approved;
  }

  async #runWaves(queued: readonly Member[]): Promise<void> {
    for (const wave of this.#plan.waves) {
      const members = this.#open.filter(
        member => wave.includes(member.run.plan.host) && !queued.includes(member),
      );
      await inParallel(this.#deploy.parallel, members, member => this.#runOne(member));
      const bad = members.filter(({ run }) => !this.#isGood(run.plan.host));
      if (bad.length === 0 || !changesHost(this.#plan.action)) continue;
      const names = bad.map(({ run }) => run.plan.host).join(", ");
      await this.#skipAll(t("not begun, because of {0}", names));
    }
  }

  /** Hosts that did not answer, once they do. */
  async #runQueue(queued: readonly Member[]): Promise<void> {
    const { clock } = this.#app.ports;
    const until = clock.elapsed() + this.#deploy.queueMinutes * 60_000;
    let left = queued.filter(member => this.#open.includes(member));
    for (const { run } of left)
      this.#emit({ kind: "note", host: run.plan.host, text: t("It does not answer; waiting for it.") });
    while (left.length > 0 && !this.#signal.aborted && clock.elapsed() < until) {
      await clock.sleep(QUEUE_PAUSE_MS, this.#signal).catch(() => undefined);
      await inParallel(ASKED_AT_ONCE, left, member => this.#askOne(member));
      const back = left.filter(({ before }) => before?.kind === "reached");
      await inParallel(this.#deploy.parallel, back, member => this.#runOne(member));
      const refused = left.filter(isRefused);
      await this.#skipSilent(refused);
      left = left.filter(member => !back.includes(member) && !refused.includes(member));
    }
    await this.#skipSilent(left);
  }

  async #runOne(member: Member): Promise<void> {
    const { run } = member;
    if (this.#signal.aborted)
      return this.#end(
        member,
        endUntouched(run, "skipped", t("cancelled before anything was done to it"), member.before),
      );
    const tokens: HostTokens = { lock: randomUUID(), activation: randomUUID() };
    const opened = await this.#records.open(run.plan, tokens, member.system, member.before);
    const lock = await this.#hooks.lock?.(run.plan, this.#signal, tokens.lock);
    let told = true;
    const close = async () => {
      if (lock?.kind === "held") await lock.release();
      await this.#records.close(opened, told);
    };
    try {
      if (lock?.kind === "refused")
        return await this.#end(member, endUntouched(run, "failed", lock.why, member.before));
      if (lock !== undefined && run.clock.elapsed() - member.askedAt > FRESH_MS) await this.#askOne(member);
      this.#app.log.info("deploy", { host: run.plan.host, action: run.plan.action, tool: run.plan.tool });
      const end = await runHost(run, { ...member, activation: tokens.activation });
      this.#app.log.info("deploy ended", { ...end.result });
      await this.#end(member, end);
      told = end.record?.outcome !== "unknown" || end.record.newSystem !== null;
    } finally {
      // with all or nothing, a host may still have to go back
      if (this.#deploy.allOrNothing) this.#releases.push(close);
      else await close();
    }
  }

  /** Takes hosts that landed back to where they were when another did not land. */
  async #allOrNothing(): Promise<void> {
    const { action } = this.#plan;
    if (!this.#deploy.allOrNothing || !changesHost(action) || action === "rollback") return;
    const bad = [...this.#results.values()].filter(result => !isGood(result)).map(({ host }) => host);
    if (bad.length === 0) return;
    const landed = [...this.#members.values()].filter(
      ({ run }) => this.#results.get(run.plan.host)?.outcome === "landed" && !bad.includes(run.plan.host),
    );
    await inParallel(this.#deploy.parallel, landed, member => this.#goBack(member, bad.join(", ")));
  }

  async #goBack(member: Member, because: string): Promise<void> {
    const { plan } = member.run;
    const { before } = member;
    if (plan.undo === undefined || before?.kind !== "reached" || before.generation === undefined) return;
    const generation = before.generation;
    await this.#askOne(member);
    const now = member.before;
    if (now?.kind === "reached" && now.generation === generation) return;
    this.#emit({
      kind: "note",
      host: plan.host,
      text: t("Going back, because of {0}: it is all or nothing.", because),
    });
    const system = plan.action === "boot" ? before.system.profile : before.system.current;
    const undone: HostPlan = {
      ...plan,
      action: plan.action === "boot" ? "boot" : "rollback",
      prepare: [],
      steps: [plan.undo],
      watch: undefined,
    };
    const expected: HostAnswer | undefined =
      now?.kind === "reached" ? { ...now, older: { generation, system } } : now;
    // not the user's cancel: it may be the reason
    const run: HostRun = {
      ...member.run,
      plan: undone,
      signal: new AbortController().signal,
      health: undefined,
    };
    const activation = randomUUID();
    const end = await runHost(run, { system, generation, before: expected, activation });
    const wentBack = end.result.outcome === "landed";
    const why = wentBack
      ? t("went back, because of {0}", because)
      : t("should have gone back, because of {0}: {1}", because, end.result.why);
    const outcome = wentBack ? "reverted" : "unknown";
    await this.#end(member, { record: end.record, result: { ...end.result, outcome, why, clean: false } });
  }

  #isGood(host: string): boolean {
    const result = this.#results.get(host);
    return result !== undefined && isGood(result);
  }

  async #end({ run }: Member, { result, record }: HostEnd): Promise<void> {
    this.#results.set(run.plan.host, result);
    if (record !== undefined) await this.#records.remember(record);
  }
}

function isRefused({ before }: Member): boolean {
  return before?.kind === "failed" && (before.cause === "auth" || before.cause === "hostKey");
}

/** Without what only judging needs. */
function plainAnswer(answer: Answer): Answer {
  return answer.kind === "reached" ? { kind: "reached", system: answer.system } : answer;
}
