// The flows behind the deploy commands, without VS Code: choose hosts, plan, show or ask, hand the plan to be run.

import type { App } from "../app";
import { t } from "../l10n";
import type { TerminalWork } from "../ports/terminalWork";
import { CancelledError } from "../userError";
import { approve, type DeployApp, execute, prepare } from "./deployer";
import { pickHosts } from "./pickHosts";
import type { DeployPlan } from "./plan";
import { actionVerb, planScript, reviewDocument } from "./planText";
import { isGood, summarize } from "./results";
import { nodeSourceFiles } from "./sourceFiles";
import { parseTaskDefinition } from "./taskDefinition";
import { TerminalLines } from "./terminalLines";
import type { DeployAction } from "./tools/adapter";

type FlowApp = DeployApp & Pick<App, "storage">;

/** From the command to an approved plan. */
export async function approvedPlan(
  app: FlowApp,
  action: DeployAction,
  hosts: readonly string[] | undefined,
): Promise<DeployPlan> {
  const plan = await chosenPlan(app, action, hosts);
  if (!(await approve(app, plan))) throw new CancelledError();
  return plan;
}

async function chosenPlan(
  app: FlowApp,
  action: DeployAction,
  hosts: readonly string[] | undefined,
): Promise<DeployPlan> {
  const names = hosts ?? (await pickHosts(app, actionVerb(action)));
  return prepare(app, { action, hosts: names, tool: undefined });
}

/** Shows what a deploy would run. */
export async function review(app: FlowApp, hosts: readonly string[] | undefined): Promise<void> {
  await app.ui.showText(reviewDocument(await chosenPlan(app, "deploy", hosts)));
}

/** Puts the commands of a deploy on the clipboard, as a script. */
export async function copyCommand(app: FlowApp, hosts: readonly string[] | undefined): Promise<void> {
  const plan = await chosenPlan(app, "deploy", hosts);
  await app.ui.copy(planScript(plan));
  void app.ui.showInfo(
    t("Copied the commands that deploy {0}.", plan.hosts.map(({ host }) => host).join(", ")),
  );
}

/** The work of a task's terminal for a plan that the user approved. */
export function runApproved(app: DeployApp, plan: DeployPlan): TerminalWork {
  return async (write, signal) => {
    const lines = new TerminalLines(plan, nodeSourceFiles, write);
    const names = plan.hosts.map(({ host }) => host).join(", ");
    const results = await app.ui.withProgress(`${actionVerb(plan.action)}: ${names}`, progress =>
      execute(
        app,
        plan,
        event => {
          lines.show(event);
          if (event.kind === "phase") progress.report(`${event.host}: ${event.phase}`);
        },
        AbortSignal.any([signal, progress.signal]),
      ),
    );
    const { severity, message } = summarize(results);
    if (severity === "info") void app.ui.showInfo(message);
    else if (severity === "warning") void app.ui.showWarning(message);
    else void app.ui.showError(message);
    return results.every(isGood) ? 0 : 1;
  };
}

/** The work of a task that comes from tasks.json: it plans and asks when it runs. */
export function runDefinition(app: DeployApp, definition: object): TerminalWork {
  return async (write, signal) => {
    const plan = await prepare(app, parseTaskDefinition(definition));
    if (!(await approve(app, plan))) {
      write(t("Not run: it was not confirmed."));
      return 1;
    }
    return runApproved(app, plan)(write, signal);
  };
}
