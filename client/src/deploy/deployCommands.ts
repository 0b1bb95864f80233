// The flows behind the deploy commands, without VS Code: choose hosts, plan, and the work that a terminal then does.

import type { App } from "../app";
import { t } from "../l10n";
import type { TerminalWork } from "../ports/terminalWork";
import { commandsDocument } from "./copyClosure";
import type { DeployApp } from "./deployApp";
import { prepare, requireFree } from "./deployer";
import type { DeployEvent, HostResult } from "./events";
import type { DeployHooks, Receiver } from "./hooks";
import { pickHosts } from "./pickHosts";
import { allSteps, type DeployPlan } from "./plan";
import { actionVerb, namesOf, planScript, question } from "./planText";
import { hostsToRetry, isGood, summarize } from "./results";
import { type Approval, approvalOf } from "./review/approval";
import { deployHooks, gatherReviews, openPart } from "./review/reviewHook";
import { reviewDocument } from "./review/reviewText";
import { execute } from "./runPlan";
import { nodeSourceFiles } from "./sourceFiles";
import { parseTaskDefinition } from "./taskDefinition";
import { TerminalLines } from "./terminalLines";
import type { DeployAction } from "./tools/adapter";

type FlowApp = DeployApp & Pick<App, "storage">;

/** From the command to a plan; nothing runs yet. */
export async function chosenPlan(
  app: FlowApp,
  action: DeployAction,
  hosts: readonly string[] | undefined,
  title = actionVerb(action),
): Promise<DeployPlan> {
  const names = hosts ?? (await pickHosts(app, title));
  const plan = await prepare(app, { action, hosts: names, tool: undefined });
  requireFree(app, plan);
  return plan;
}

/** Puts the commands of a deploy on the clipboard, as a script. */
export async function copyCommand(app: FlowApp, hosts: readonly string[] | undefined): Promise<void> {
  const plan = await chosenPlan(app, "deploy", hosts, t("Copy Deploy Commands"));
  await app.ui.copy(planScript(plan));
  void app.ui.showInfo(
    t("Copied the commands that deploy {0}.", plan.hosts.map(({ host }) => host).join(", ")),
  );
}

export interface PlannedOptions {
  /** One that fits what was built takes the place of the question. */
  readonly approval?: Approval | undefined;
  /** Begins anew with these hosts. */
  retry?(hosts: readonly string[]): Promise<void>;
}

/** The work of a task's terminal: builds, asks, deploys; what did not land can be tried again. */
export function runPlanned(
  app: DeployApp,
  plan: DeployPlan,
  { approval, retry }: PlannedOptions = {},
): TerminalWork {
  return async (write, signal) => {
    let declined = !(await mayBuildElsewhere(app, plan));
    const watched = new Watched(plan, write);
    const hooks = deployHooks(app, {
      plan,
      approval,
      ended: watched.ended,
      note: (host, text) => watched.show({ kind: "note", host, text }),
      declined: () => {
        declined = true;
      },
    });
    const results = declined
      ? []
      : await watch(app, actionVerb(plan.action), plan, watched, signal, {
          ...hooks,
          endStaleReceivers: (host, receivers) => confirmEnding(app, host, receivers),
        });
    if (declined) {
      write(t("Not run: it was not confirmed."));
      return 1;
    }
    return showSummary(app, results, retry);
  };
}

/** A build asks nothing as long as it stays on this machine. */
async function mayBuildElsewhere(app: DeployApp, plan: DeployPlan): Promise<boolean> {
  const leaves = plan.hosts.some(host =>
    allSteps(host).some(step => step.where === "here" && step.elsewhere === true),
  );
  if (plan.action !== "build" || !leaves) return true;
  const title = actionVerb(plan.action);
  return app.ui.confirm({
    message: question(
      plan.action,
      plan.hosts.map(({ host }) => host),
    ),
    detail: t("It is built on another machine, whose store it fills. What hosts run stays as it is."),
    verb: title,
    details: { title: t("Show Commands"), document: commandsDocument(plan, title) },
  });
}

/** Says how it ended; answers the exit code. */
function showSummary(
  app: DeployApp,
  results: readonly HostResult[],
  retry?: PlannedOptions["retry"],
): number {
  void offerRetry(app, results, retry);
  return results.every(isGood) ? 0 : 1;
}

/** Only what did not land is tried again. */
async function offerRetry(
  { ui }: DeployApp,
  results: readonly HostResult[],
  retry: PlannedOptions["retry"],
): Promise<void> {
  const { severity, message } = summarize(results);
  const hosts = hostsToRetry(results);
  const buttons = retry === undefined || hosts.length === 0 ? [] : [t("Retry {0}", namesOf(hosts))];
  const show = { info: ui.showInfo, warning: ui.showWarning, error: ui.showError }[severity];
  if ((await show.call(ui, message, ...buttons)) === buttons[0] && buttons.length > 0) await retry?.(hosts);
}

/** The work of a task's terminal: builds and sends, and leaves what runs as it is. */
export function runCopies(app: DeployApp, plan: DeployPlan): TerminalWork {
  return async (write, signal) => {
    const watched = new Watched(plan, write);
    const results = await watch(app, t("Copy Closures"), plan, watched, signal, {
      endStaleReceivers: (host, receivers) => confirmEnding(app, host, receivers),
    });
    return showSummary(app, results);
  };
}

/** The work of a task's terminal: builds and shows what a deployment would change. `deploy` goes on from there. */
export function runReview(
  app: DeployApp,
  plan: DeployPlan,
  deploy: (approval: Approval) => Promise<void>,
): TerminalWork {
  return async (write, signal) => {
    const watched = new Watched(plan, write);
    let reviewed: Approval | undefined;
    const results = await watch(app, t("Review"), plan, watched, signal, {
      async review(systems, reviewing) {
        const open = openPart({ plan, ended: watched.ended });
        const reviews = await gatherReviews(app, open, systems, reviewing);
        if (reviewing.aborted) return false;
        await app.ui.showText(reviewDocument(open, reviews));
        reviewed = approvalOf(open, systems);
        // only looked at: nothing is sent
        watched.over = true;
        return false;
      },
    });
    if (reviewed === undefined) {
      void app.ui.showError(summarize(results).message);
      return 1;
    }
    write(t("Reviewed. No host was changed."));
    void offerDeployment(app, reviewed, deploy);
    return 0;
  };
}

async function offerDeployment(
  app: DeployApp,
  approval: Approval,
  deploy: (approval: Approval) => Promise<void>,
): Promise<void> {
  const verb = actionVerb(approval.action);
  const message = t("Reviewed: {0}. No host was changed.", approval.hosts.join(", "));
  if ((await app.ui.showInfo(message, verb)) === verb) await deploy(approval);
}

/** A progress title names at most so many hosts. */
const NAMED_HOSTS = 3;

/** A run's events in the terminal, and which hosts are out. */
class Watched {
  readonly ended = new Set<string>();
  /** Nothing more is shown. */
  over = false;
  readonly #lines: TerminalLines;

  constructor(plan: DeployPlan, write: (line: string) => void) {
    this.#lines = new TerminalLines(plan, nodeSourceFiles, write);
  }

  show(event: DeployEvent): void {
    if (event.kind === "end") this.ended.add(event.result.host);
    if (!this.over) this.#lines.show(event);
  }
}

function watch(
  app: DeployApp,
  title: string,
  plan: DeployPlan,
  watched: Watched,
  signal: AbortSignal,
  hooks: DeployHooks,
): Promise<readonly HostResult[]> {
  const names = plan.hosts.map(({ host }) => host);
  const shown = names.length > NAMED_HOSTS ? t("{0} hosts", names.length) : names.join(", ");
  return app.ui.withProgress(`${title}: ${shown}`, progress =>
    execute(
      app,
      plan,
      event => {
        watched.show(event);
        const said = progressText(event);
        if (said === undefined) return;
        // the title names the host already where there is only one
        progress.report(names.length === 1 ? said.text : `${said.host}: ${said.text}`);
      },
      AbortSignal.any([signal, progress.signal]),
      hooks,
    ),
  );
}

/** What the progress notification says of an event, if anything. */
function progressText(event: DeployEvent): { readonly host: string; readonly text: string } | undefined {
  if (event.kind === "phase") return { host: event.host, text: event.phase };
  if (event.kind !== "progress") return undefined;
  const { host } = event;
  const { builds, copies, bytes } = event.progress;
  if (copies.expected > 0) {
    const size =
      bytes.expected > 0 ? t(", {0} of {1} MB", megabytes(bytes.done), megabytes(bytes.expected)) : "";
    return { host, text: t("copied {0} of {1} paths", copies.done, copies.expected) + size };
  }
  return builds.expected > 0
    ? { host, text: t("built {0} of {1}", builds.done, builds.expected) }
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
export function runDefinition(
  app: DeployApp,
  definition: object,
  retry?: PlannedOptions["retry"],
): TerminalWork {
  return async (write, signal) => {
    const plan = await prepare(app, parseTaskDefinition(definition));
    requireFree(app, plan);
    return runPlanned(app, plan, retry === undefined ? {} : { retry })(write, signal);
  };
}
