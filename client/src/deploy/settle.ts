// A window that was closed, or crashed, in the middle of a deployment left hosts of which nobody knows what became of them; so
// does a host that lost its power. Each is asked here, once it answers: how the activation went on by itself, and what it runs.
// Our lock is taken away. Nothing else is changed.

import { t } from "../l10n";
import type { OpenDeployment } from "../state/openDeployments";
import type { DeployApp } from "./deployApp";
import { followOnHost } from "./guard";
import type { ActivationEnd } from "./guardReport";
import type { HostAnswer } from "./hostAnswer";
import { recordOf } from "./hostEnd";
import { AS_ROOT } from "./hostScript";
import { releaseLock } from "./lock";
import type { SshConnection } from "./sshOptions";
import { ACTIONS } from "./tools/adapter";
import { askSettled, askSystem, judge } from "./verify";

/** Settles what can be; a host that does not answer stays for the next time. Never rejects for what a host does. */
export async function settleAbandoned(app: DeployApp): Promise<void> {
  const abandoned = await app.state.open.abandoned();
  await Promise.all(abandoned.map(open => settleOne(app, open)));
}

async function settleOne(app: DeployApp, open: OpenDeployment): Promise<void> {
  const { host, action, tool } = open;
  const claim = app.state.deployments.claim({ host, action, tool, startedAt: Date.parse(open.at) });
  // a deployment of this window has it: then another time
  if (claim === undefined) return;
  try {
    claim.enter("verify", app.ports.clock.now());
    if (await settle(app, open)) await app.state.open.end(open.id);
  } finally {
    claim.end();
  }
}

/** Whether the host answered. */
async function settle(app: DeployApp, open: OpenDeployment): Promise<boolean> {
  const { processes, clock } = app.ports;
  const { destination, options, host, run, tool, action } = open;
  const connection: SshConnection = {
    destination,
    options,
    configFile: app.config.read().ssh.configFile,
  };
  const started = clock.elapsed();
  if ((await askSystem(processes, connection)).kind === "failed") return false;
  const { entries } = await app.state.ledger.load();
  const told = entries.find(entry => entry.run === run && entry.host === host);
  // where its end was written, only its lock was left
  if (told === undefined || told.outcome === "unknown") {
    // nobody confirms what a tool does any more: that it is undone need not be waited for
    const decision = tool === "direct" || action === "rollback" ? "-" : "revert";
    const activation = await followOnHost(
      {
        step: {
          where: "activation",
          phase: "activate",
          connection,
          asRoot: AS_ROOT,
          mode: "switch",
          guardSeconds: 0,
        },
        system: undefined,
        token: open.activation,
        processes,
        clock,
        signal: new AbortController().signal,
        onLine: () => undefined,
        check: async () => undefined,
      },
      decision,
    );
    const after = await askSettled(processes, connection, clock);
    if (after.kind === "failed") return false;
    const why =
      told === undefined
        ? t("the window that deployed was closed in the middle")
        : t("it did not answer when it was deployed");
    await remember(app, open, { activation, after, why, seconds: (clock.elapsed() - started) / 1000 });
  }
  await releaseLock(app, { host, connection, token: open.lock, tries: 1, note: () => undefined });
  return true;
}

interface Found {
  readonly activation: ActivationEnd;
  readonly after: HostAnswer;
  readonly seconds: number;
  /** Why it was not known at once. */
  readonly why: string;
}

async function remember(app: DeployApp, open: OpenDeployment, found: Found): Promise<void> {
  const { id, run, who, host, tool, root, commit, dirty, expected, before } = open;
  const action = ACTIONS.find(each => each === open.action);
  if (action !== "deploy" && action !== "boot" && action !== "rollback") return;
  const { activation, after, seconds, why: late } = found;
  const ended = activation.state === "absent" ? undefined : activation;
  const verdict = judge({
    action,
    failure: [late, ...(ended?.failure === undefined ? [] : [ended.failure])].join("; "),
    activation: ended?.state,
    expected: expected ?? undefined,
    before: answerOf(before),
    after,
  });
  app.state.observed.set(host, {
    at: app.ports.clock.now(),
    answer: after.kind === "reached" ? { kind: "reached", system: after.system } : after,
  });
  await app.state.ledger.append({
    version: 1,
    id,
    run,
    at: new Date(app.ports.clock.now()).toISOString(),
    who,
    commit,
    dirty,
    ...recordOf(
      { host, action, tool, root },
      verdict,
      { cancelled: false, clean: ended?.state === "kept" && ended.failure === undefined },
      [{ phase: "verify", seconds: Math.round(seconds * 1000) / 1000 }],
    ),
  });
}

function answerOf(before: OpenDeployment["before"]): HostAnswer | undefined {
  if (before === null) return undefined;
  const { system, generation, older } = before;
  return {
    kind: "reached",
    system,
    generation,
    older: older === undefined ? undefined : { generation: older.generation, system: older.system },
    switching: false,
  };
}
