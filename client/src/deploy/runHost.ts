// Runs the plan of one host whose state before is known: the steps that change it, then ask, then judge. Whatever happens,
// it ends with a result.

import { t } from "../l10n";
import { adviceFor } from "./advice";
import { type Activation, activateOnHost, workWatched } from "./guard";
import type { ActivationEnd } from "./guardReport";
import { checkedHealth, healthFailure } from "./health";
import { conclude, type HostEnd, type StepsEnd } from "./hostEnd";
import type { HostRun, Prepared } from "./hostRun";
import { runStep } from "./runStep";
import { type ActivationStep, shellLine } from "./step";
import { TOOLS } from "./tools/tools";

/** Changes the host and finds out what became of it. */
export async function runHost(run: HostRun, prepared: Prepared): Promise<HostEnd> {
  const end = await runWatched(run, prepared);
  return conclude(run, { ...prepared, system: end.system }, await checkedHealth(run, end));
}

/** Steps of a tool without a guard are watched by the host, where it is known for what system. */
async function runWatched(run: HostRun, prepared: Prepared): Promise<StepsEnd & Pick<Prepared, "system">> {
  const { watch } = run.plan;
  const { system, before } = prepared;
  const current = before?.kind === "reached" ? before.system.current : undefined;
  if (watch === undefined || system === undefined || current === undefined || current === system)
    return runSteps(run, prepared);
  let end: StepsEnd & Pick<Prepared, "system"> = { failure: t("cancelled"), activation: undefined, system };
  const conversation = conversationOf(run, watch, prepared.activation, system);
  const { failure, watch: watched } = await workWatched(conversation, async () => {
    end = await runSteps(run, prepared);
    return end.failure;
  });
  if (watched === undefined) return end;
  const activation = watched.state === "untouched" ? undefined : watched;
  return { ...end, failure: failure ?? watched.failure, activation, checked: true };
}

async function runSteps(run: HostRun, prepared: Prepared): Promise<StepsEnd & Pick<Prepared, "system">> {
  let { system } = prepared;
  let activation: ActivationEnd | undefined;
  for (const step of run.plan.steps) {
    if (run.signal.aborted) return { failure: t("cancelled"), activation: undefined, system };
    run.phases.enter(step.phase);
    if (step.where === "activation") {
      activation = await activate(run, step, prepared.activation, argument(prepared, system));
      const { state, failure } = activation;
      if (failure !== undefined || state !== "kept") return { failure, activation, system };
      continue;
    }
    const { failure, system: told, switched = false } = await runStep(run, step, system);
    if (failure !== undefined) return { failure, activation: undefined, system, switched };
    system ??= told;
  }
  return { failure: undefined, activation, system };
}

function argument({ generation }: Prepared, system: string | undefined): string | undefined {
  return generation === undefined ? system : String(generation);
}

async function activate(
  run: HostRun,
  step: ActivationStep,
  token: string,
  system: string | undefined,
): Promise<ActivationEnd> {
  run.emit({ kind: "command", host: run.plan.host, text: shellLine(step) });
  return activateOnHost(conversationOf(run, step, token, system));
}

function conversationOf(
  run: HostRun,
  step: ActivationStep,
  token: string,
  system: string | undefined,
): Activation {
  const { plan, processes, clock, signal, phases } = run;
  return {
    step,
    system,
    token,
    processes,
    clock,
    signal,
    onLine: ({ stream, text }) => {
      const advice = adviceFor(text);
      if (advice !== undefined) run.emit({ kind: "note", host: plan.host, text: advice });
      const phase = TOOLS[plan.tool].phaseOf(text);
      if (phase !== undefined) phases.enter(phase);
      run.emit({ kind: "line", host: plan.host, stream, text });
    },
    check: () => {
      phases.enter("confirm");
      return healthFailure(run);
    },
  };
}
