// The command by which the user judges whether a host is well after a deployment. It runs here, and fails where the host is not.

import { t } from "../l10n";
import type { StepsEnd } from "./hostEnd";
import type { HostRun } from "./hostRun";
import { changesHost } from "./plan";
import { runStep } from "./runStep";

/** Without a guard the host's health can only be reported. */
export async function checkedHealth(run: HostRun, end: StepsEnd): Promise<StepsEnd> {
  if (end.checked === true) return end;
  const guarded = run.plan.steps.some(step => step.where === "activation" && step.guardSeconds > 0);
  if (guarded || end.failure !== undefined || !changesHost(run.plan.action) || run.plan.action === "boot")
    return end;
  return { ...end, failure: await healthFailure(run) };
}

/** Why the host is not well; undefined where it is, or nobody asks. */
export async function healthFailure(run: HostRun): Promise<string | undefined> {
  const [command, ...args] = run.health ?? [];
  if (command === undefined) return undefined;
  const { host, root } = run.plan;
  const { failure } = await runStep(
    run,
    {
      where: "here",
      phase: "confirm",
      command,
      args,
      cwd: root,
      env: {},
      printsSystem: false,
      prepares: false,
    },
    undefined,
  );
  return failure === undefined ? undefined : t("the health command of {0} failed: {1}", host, failure);
}
