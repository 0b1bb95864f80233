// The flows behind the deploy commands, without VS Code: choose hosts, plan, show or ask, hand the plan to be run.

import type { App } from "../app";
import { t } from "../l10n";
import type { TerminalWork } from "../ports/terminalWork";
import { CancelledError } from "../userError";
import type { DeployApp } from "./deployApp";
import { approve, prepare } from "./deployer";
import type { DeployEvent } from "./events";
import type { Receiver } from "./hooks";
import { pickHosts } from "./pickHosts";
import type { DeployPlan } from "./plan";
import { actionVerb, planScript, reviewDocument } from "./planText";
import { isGood, summarize } from "./results";
import { execute } from "./runPlan";
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
          const said = progressText(event);
          if (said !== undefined) progress.report(said);
        },
        AbortSignal.any([signal, progress.signal]),
        { endStaleReceivers: (host, receivers) => confirmEnding(app, host, receivers) },
      ),
    );
    const { severity, message } = summarize(results);
    if (severity === "info") void app.ui.showInfo(message);
    else if (severity === "warning") void app.ui.showWarning(message);
    else void app.ui.showError(message);
    return results.every(isGood) ? 0 : 1;
  };
}

/** What the progress notification says of an event, if anything. */
function progressText(event: DeployEvent): string | undefined {
  if (event.kind === "phase") return `${event.host}: ${event.phase}`;
  if (event.kind !== "progress") return undefined;
  const { builds, copies, bytes } = event.progress;
  if (copies.expected > 0) {
    const size =
      bytes.expected > 0 ? t(", {0} of {1} MB", megabytes(bytes.done), megabytes(bytes.expected)) : "";
    return `${event.host}: ${t("copied {0} of {1} paths", copies.done, copies.expected)}${size}`;
  }
  return builds.expected > 0
    ? `${event.host}: ${t("built {0} of {1}", builds.done, builds.expected)}`
    : undefined;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

async function confirmEnding(app: DeployApp, host: string, receivers: readonly Receiver[]): Promise<boolean> {
  const detail = receivers.map(({ pid, seconds, command }) => `${pid}  ${seconds} s  ${command}`).join("\n");
  const message = t("End the earlier copy on {0}? Nothing that is complete is lost.", host);
  return app.ui.confirm({ message, detail, verb: t("End It") });
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
