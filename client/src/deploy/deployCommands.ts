// The flows behind the deploy commands, without VS Code: choose hosts, plan, and the work that a terminal then does.

import type { App } from "../app";
import { afterCommand } from "../commands";
import { t } from "../l10n";
import type { TerminalWork } from "../ports/terminalWork";
import { commandsDocument } from "./copyClosure";
import type { DeployApp } from "./deployApp";
import { prepare, requireFree } from "./deployer";
import { pickHosts } from "./pickHosts";
import { allSteps, type DeployPlan } from "./plan";
import { actionVerb, planScript, question } from "./planText";
import { summarize } from "./results";
import { type Approval, approvalOf } from "./review/approval";
import { deployHooks, gatherReviews, openPart } from "./review/reviewHook";
import { reviewDocument } from "./review/reviewText";
import { parseTaskDefinition } from "./taskDefinition";
import type { DeployAction } from "./tools/adapter";
import { copyHooks, type Retry, showSummary, Watched, watch } from "./watchRun";

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
  readonly retry?: Retry | undefined;
}

/** The work of a task's terminal: builds, asks, deploys; what did not land can be tried again. */
export function runPlanned(
  app: DeployApp,
  plan: DeployPlan,
  { approval, retry }: PlannedOptions = {},
): TerminalWork {
  return async (write, signal) => {
    const unconfirmed = () => {
      write(t("Not run: it was not confirmed."));
      return 1;
    };
    if (!(await mayBuildElsewhere(app, plan))) return unconfirmed();
    let declined = false;
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
    const all = { ...hooks, ...copyHooks(app) };
    const results = await watch(app, actionVerb(plan.action), plan, watched, signal, all);
    return declined ? unconfirmed() : showSummary(app, results, retry);
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

/** The work of a task's terminal: builds and sends, and leaves what runs as it is. */
export function runCopies(app: DeployApp, plan: DeployPlan): TerminalWork {
  return async (write, signal) => {
    const watched = new Watched(plan, write);
    const results = await watch(app, t("Copy Closures"), plan, watched, signal, {
      ...copyHooks(app),
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
    const approval = reviewed;
    if (approval === undefined) {
      void app.ui.showError(summarize(results).message);
      return 1;
    }
    write(t("Reviewed. No host was changed."));
    afterCommand(app, "deploy what was reviewed", () => offerDeployment(app, approval, deploy));
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

/** The work of a task that comes from tasks.json: it plans and asks when it runs. */
export function runDefinition(app: DeployApp, definition: object, retry?: Retry): TerminalWork {
  return async (write, signal) => {
    const plan = await prepare(app, parseTaskDefinition(definition));
    requireFree(app, plan);
    return runPlanned(app, plan, { retry })(write, signal);
  };
}
