// A deployment from choice to ledger, independent of VS Code: prepare a plan, ask, run every host, remember.

import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { App } from "../app";
import type { PreferredTool } from "../config";
import { t } from "../l10n";
import type { WorkTree } from "../state/workTree";
import { readWorkTree } from "../state/workTree";
import { UserError } from "../userError";
import type { DeployEvent, HostResult } from "./events";
import { findTools } from "./findTools";
import { inParallel } from "./inParallel";
import { changesHost, type DeployPlan, type HostPlan, planDeployment } from "./plan";
import { confirmation } from "./planText";
import { type HostRecord, runHost } from "./runHost";
import { targetOf } from "./target";
import type { DeployAction } from "./tools/adapter";

export interface DeployRequest {
  readonly action: DeployAction;
  /** Names of hosts of the fleet. */
  readonly hosts: readonly string[];
  /** Undefined: as the setting says. */
  readonly tool: PreferredTool | undefined;
}

/** The part of App that deploying needs. */
export type DeployApp = Pick<App, "config" | "log" | "ports" | "state" | "ui" | "workspace">;

/** @throws UserError where the request cannot be carried out */
export async function prepare(app: DeployApp, request: DeployRequest): Promise<DeployPlan> {
  requireTrust(app);
  const { snapshot } = app.state.fleet;
  if (snapshot === undefined) throw fleetUnknown(app);
  const targets = [...new Set(request.hosts)].map(name => {
    const host = app.state.fleet.findHost(name);
    if (host === undefined) throw new UserError(t("There is no host {0} in this workspace.", name));
    return targetOf(host, snapshot);
  });
  const { tools, ssh, deploy } = app.config.read();
  const found = await findTools(tools, app.ports.processes);
  const context = {
    tools,
    sshConfigFile: ssh.configFile,
    ownSshOptions: process.env["NIX_SSHOPTS"],
    ...found,
  };
  return planDeployment(request.action, targets, request.tool ?? deploy.tool, context);
}

/** Tasks reach deploying without the boundary of commands. */
function requireTrust(app: DeployApp): void {
  if (app.workspace.trusted) return;
  throw new UserError(t("This workspace is not trusted."), {
    title: t("Manage Trust"),
    run: { kind: "trust" },
  });
}

function fleetUnknown(app: DeployApp): UserError {
  const { status } = app.state.fleet;
  return status.kind === "serverDown"
    ? new UserError(t("The language server is not running, so no host is known: {0}", status.why), {
        title: t("Restart"),
        run: { kind: "command", id: "nixDeploy.restartServer" },
      })
    : new UserError(t("The hosts of this workspace are still being read."));
}

/** Asks before anything that touches a host; building asks nothing. */
export async function approve(app: DeployApp, plan: DeployPlan): Promise<boolean> {
  const busy = plan.hosts.find(({ host }) => app.state.deployments.get(host) !== undefined);
  if (busy !== undefined) throw hostBusy(busy.host);
  return plan.action === "build" || app.ui.confirm(confirmation(plan));
}

function hostBusy(host: string): UserError {
  return new UserError(t("Another deployment to {0} is still running.", host));
}

/** Runs an approved plan. Hosts run side by side up to the set limit; one failing host does not stop the others. */
export async function execute(
  app: DeployApp,
  plan: DeployPlan,
  emit: (event: DeployEvent) => void,
  signal: AbortSignal,
): Promise<readonly HostResult[]> {
  requireTrust(app);
  const run = randomUUID();
  const trees = new Map<string, Promise<WorkTree>>();
  for (const { root } of plan.hosts) {
    if (changesHost(plan.action) && !trees.has(root))
      trees.set(root, readWorkTree(app.ports.processes, root));
  }
  const { parallel } = app.config.read().deploy;
  return inParallel(parallel, plan.hosts, async hostPlan => {
    const end = await runClaimed(app, hostPlan, emit, signal);
    const tree = await trees.get(hostPlan.root);
    if (end.record !== undefined) await remember(app, run, end.record, tree);
    return end.result;
  });
}

async function runClaimed(
  app: DeployApp,
  plan: HostPlan,
  emit: (event: DeployEvent) => void,
  signal: AbortSignal,
): Promise<{ readonly result: HostResult; readonly record: HostRecord | undefined }> {
  const { host, action, tool } = plan;
  const { processes, clock } = app.ports;
  const claim = app.state.deployments.claim({ host, action, tool, startedAt: clock.now() });
  if (claim === undefined) {
    const why = hostBusy(host).message;
    const result: HostResult = { host, outcome: "failed", why, cancelled: false, clean: false, seconds: 0 };
    emit({ kind: "end", result });
    return { result, record: undefined };
  }
  try {
    app.log.info("deploy", { host, action, tool });
    const observed = (answer: Parameters<Parameters<typeof runHost>[0]["observed"]>[0]) =>
      app.state.observed.set(host, { at: clock.now(), answer });
    const end = await runHost({ plan, processes, clock, claim, signal, emit, observed });
    app.log.info("deploy ended", { ...end.result });
    return end;
  } finally {
    claim.end();
  }
}

async function remember(
  app: DeployApp,
  run: string,
  record: HostRecord,
  tree: WorkTree | undefined,
): Promise<void> {
  try {
    await app.state.ledger.append({
      version: 1,
      id: randomUUID(),
      run,
      at: new Date(app.ports.clock.now()).toISOString(),
      who: `${userInfo().username}@${hostname()}`,
      commit: tree?.commit ?? null,
      dirty: tree?.dirty ?? null,
      ...record,
    });
  } catch (error) {
    // the deployment is over and its result is shown; only the history misses it
    app.log.error("the history could not be written", { path: app.state.ledger.path, error });
    void app.ui.showWarning(t("The deployment to {0} could not be written to the history.", record.host));
  }
}
