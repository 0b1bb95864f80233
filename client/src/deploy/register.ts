// Deploying in VS Code: commands, and tasks of type `nix-deploy` that run in a terminal of our own.

import * as vscode from "vscode";
import type { App } from "../app";
import type { CommandId } from "../commands";
import { type Disposable, DisposableStore } from "../disposableStore";
import { TaskTerminal } from "../editor/taskTerminal";
import { t } from "../l10n";
import type { TerminalWork } from "../ports/terminalWork";
import { copyPlan } from "./copyClosure";
import { chosenPlan, copyCommand, runCopies, runDefinition, runPlanned, runReview } from "./deployCommands";
import { showForecast } from "./forecast";
import type { DeployPlan } from "./plan";
import { preflight } from "./preflight/preflight";
import type { Approval } from "./review/approval";
import { settleAbandoned } from "./settle";
import { TASK_TYPE } from "./taskDefinition";
import type { DeployAction } from "./tools/adapter";

const ACTION_COMMANDS = {
  "nixDeploy.deploy": "deploy",
  "nixDeploy.boot": "boot",
  "nixDeploy.dryActivate": "dry-activate",
  "nixDeploy.build": "build",
  "nixDeploy.rollback": "rollback",
} as const satisfies Partial<Record<CommandId, DeployAction>>;

const SETTLE_AFTER_MS = 3_000;

type ActionCommand = keyof typeof ACTION_COMMANDS;
const ACTION_IDS: readonly ActionCommand[] = [
  "nixDeploy.deploy",
  "nixDeploy.boot",
  "nixDeploy.dryActivate",
  "nixDeploy.build",
  "nixDeploy.rollback",
];

export function registerDeploy(app: App): Disposable {
  const store = new DisposableStore();
  // what a review's button deploys; the command takes it along, so that whatever goes wrong reaches the command's boundary
  let approved: Approval | undefined;
  for (const id of ACTION_IDS) {
    store.add(
      app.commands.register(id, async hosts => {
        const approval = approved;
        approved = undefined;
        const plan = await chosenPlan(app, ACTION_COMMANDS[id], hosts);
        await startTask(plan, plan.action, runPlanned(app, plan, { approval, retry: retryBy(app, id) }));
      }),
    );
  }
  const deployReviewed = async (approval: Approval) => {
    approved = approval;
    try {
      await app.commands.execute("nixDeploy.deploy", { hosts: approval.hosts });
    } finally {
      // where the command was refused, nothing else may take it
      approved = undefined;
    }
  };
  store.add(app.commands.register("nixDeploy.review", hosts => startReview(app, hosts, deployReviewed)));
  store.add(app.commands.register("nixDeploy.forecastBuild", hosts => showForecast(app, hosts)));
  store.add(app.commands.register("nixDeploy.preflight", hosts => preflight(app, hosts)));
  store.add(
    app.commands.register("nixDeploy.copyClosure", async hosts => {
      const plan = await copyPlan(app, hosts);
      await startTask(plan, "copy", runCopies(app, plan));
    }),
  );
  store.add(app.commands.register("nixDeploy.settleDeployments", () => settleAbandoned(app)));
  // hosts that an earlier window left in the middle; long after activation, and only where something was left
  const settling = app.ports.clock.after(SETTLE_AFTER_MS, () => void settleOnce(app));
  store.add(settling);
  store.add(app.commands.register("nixDeploy.copyCommand", hosts => copyCommand(app, hosts)));
  store.add(
    vscode.tasks.registerTaskProvider(TASK_TYPE, {
      provideTasks: () => app.state.fleet.hosts.flatMap(host => offeredTasks(app, host.name)),
      resolveTask: task => taskOf(app, task.definition, task.name, task.scope),
    }),
  );
  return store;
}

async function settleOnce(app: App): Promise<void> {
  if (!app.workspace.trusted) return;
  try {
    await settleAbandoned(app);
  } catch (error) {
    app.log.error("interrupted deployments could not be looked at", { error });
  }
}

function offeredTasks(app: App, host: string): readonly vscode.Task[] {
  return (["deploy", "build"] as const).map(action =>
    taskOf(app, { type: TASK_TYPE, action, hosts: [host] }, taskName([host], action), undefined),
  );
}

/** A task from a definition; it plans and asks when it is run. */
function taskOf(
  app: App,
  definition: vscode.TaskDefinition,
  name: string,
  scope: vscode.Task["scope"],
): vscode.Task {
  const id = ACTION_IDS.find(each => ACTION_COMMANDS[each] === definition["action"]);
  const retry = id === undefined ? undefined : retryBy(app, id);
  return makeTask(definition, name, scope, runDefinition(app, definition, retry));
}

function retryBy(app: App, id: ActionCommand): (hosts: readonly string[]) => Promise<void> {
  return hosts => app.commands.execute(id, { hosts });
}

async function startReview(
  app: App,
  hosts: readonly string[] | undefined,
  deploy: (approval: Approval) => Promise<void>,
): Promise<void> {
  const plan = await chosenPlan(app, "deploy", hosts, t("Review Deployment"));
  await startTask(plan, "review", runReview(app, plan, deploy));
}

async function startTask(plan: DeployPlan, what: string, work: TerminalWork): Promise<void> {
  const hosts = plan.hosts.map(({ host }) => host);
  const definition = { type: TASK_TYPE, action: plan.action, hosts };
  await vscode.tasks.executeTask(makeTask(definition, taskName(hosts, what), undefined, work));
}

/** The hosts first: lists of terminals cut names off at the end. */
function taskName(hosts: readonly string[], what: string): string {
  const [only] = hosts;
  return `${hosts.length === 1 && only !== undefined ? only : t("{0} hosts", hosts.length)}: ${what}`;
}

function makeTask(
  definition: vscode.TaskDefinition,
  name: string,
  scope: vscode.Task["scope"],
  work: TerminalWork,
): vscode.Task {
  const execution = new vscode.CustomExecution(async () => new TaskTerminal(work));
  const task = new vscode.Task(definition, scope ?? vscode.TaskScope.Workspace, name, TASK_TYPE, execution, [
    "$nix",
  ]);
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Dedicated,
    clear: true,
    echo: false,
    focus: false,
  };
  return task;
}
