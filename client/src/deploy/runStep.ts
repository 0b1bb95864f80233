// Runs one command of a plan and turns what it prints into events: lines, phases, and how far Nix has come.

import path from "node:path";
import { t } from "../l10n";
import type { Clock } from "../ports/clock";
import type { OutputLine, ProcessRunner } from "../ports/process";
import type { TerminalRunner } from "../ports/terminalRunner";
import { redact } from "../redact";
import { adviceFor } from "./advice";
import { withoutColours } from "./colours";
import { watchCopy } from "./copyStall";
import type { DeployEvent } from "./events";
import type { DeployHooks } from "./hooks";
import { InternalJson } from "./internalJson";
import type { PhaseClock } from "./phaseClock";
import type { HostPlan } from "./plan";
import { type LocalStep, printedSystem, processOf, type RemoteStep, shellLine } from "./step";
import { stepFailure } from "./stepFailure";
import type { ToolId } from "./tools/adapter";
import { switchPhase } from "./tools/outputLines";
import { TOOLS } from "./tools/tools";

/** What running a step needs of the run it belongs to. */
export interface StepRun {
  readonly plan: Pick<HostPlan, "host" | "tool" | "connection">;
  readonly processes: ProcessRunner;
  readonly clock: Clock;
  readonly phases: PhaseClock;
  readonly signal: AbortSignal;
  readonly hooks: DeployHooks;
  /** For steps that ask for a password. */
  readonly terminals?: TerminalRunner | undefined;
  emit(event: DeployEvent): void;
}

export interface StepEnd {
  /** Undefined for a step that did its work. */
  readonly failure: string | undefined;
  /** The store path that it printed. */
  readonly system: string | undefined;
  /** The host was seen to switch. */
  readonly switched?: boolean;
}

/** Of standard output only the end is read. */
const KEPT_LINES = 10;
const PROGRESS_EVERY_MS = 100;

export async function runStep(
  run: StepRun,
  step: LocalStep | RemoteStep,
  system: string | undefined,
): Promise<StepEnd> {
  if (step.where === "here" && step.asks === true) return runInTerminal(run, step, system);
  const { host, tool } = run.plan;
  const stdout: string[] = [];
  const show = (stream: OutputLine["stream"], text: string) => {
    switched ||= switchPhase(withoutColours(text).replace(/^\s*\S* \| /, "")) === "activate";
    const phase = TOOLS[tool].phaseOf(text);
    if (phase !== undefined) run.phases.enter(phase);
    reason ??= reasonIn(tool, text);
    run.emit({ kind: "line", host, stream, text });
  };
  const nix = nixReader(run);
  const stall = watchCopy(run, step);
  const advice = new Set<string>();
  let reason: string | undefined;
  let switched = false;
  const onLine = ({ stream, text }: OutputLine) => {
    stall.heard();
    const said = adviceFor(text);
    if (said !== undefined) advice.add(said);
    if (stream === "stderr") {
      for (const line of nix.next(text)) show(stream, line);
      return;
    }
    stdout.push(text);
    if (stdout.length > KEPT_LINES) stdout.shift();
    show(stream, text);
  };
  run.emit({ kind: "command", host, text: shellLine(step) });
  const result = await run.processes.run(processOf(step, system), onLine, run.signal);
  stall.end();
  nix.end();
  for (const text of advice) run.emit({ kind: "note", host, text });
  const failure = stepFailure(nameOf(step), result);
  if (failure !== undefined) {
    const why = reason === undefined || run.signal.aborted ? failure : `${failure}: ${reason}`;
    return { failure: why, system: undefined, switched };
  }
  if (step.where === "host" || step.printsSystem === false) return { failure, system: undefined };
  const printed = printedSystem(stdout, step.printsSystem);
  if (printed === undefined && step.printsSystem !== "maybe")
    return { failure: t("{0} did not print a store path", step.command), system: undefined };
  return { failure, system: printed };
}

/** Its output is the user's alone: what it did, the host is asked afterwards. */
async function runInTerminal(run: StepRun, step: LocalStep, system: string | undefined): Promise<StepEnd> {
  const { host } = run.plan;
  run.emit({ kind: "command", host, text: shellLine(step) });
  const name = nameOf(step);
  if (run.terminals === undefined)
    return { failure: t("{0} asks for a password, and there is no terminal", name), system: undefined };
  run.emit({
    kind: "note",
    host,
    text: t("{0} asks for a password, so it runs in a terminal of its own, where it prints too.", name),
  });
  const result = await run.terminals.run(`${host}: ${name}`, processOf(step, system), run.signal);
  return { failure: stepFailure(name, result), system: undefined };
}

/** The first error that is told, by the tool or by Nix: the ones after it follow from it. */
function reasonIn(tool: ToolId, line: string): string | undefined {
  const told = TOOLS[tool].reasonOf?.(line) ?? NIX_ERROR.exec(withoutColours(line))?.[1];
  return told === undefined ? undefined : redact(told.replace(/\p{Cc}/gu, "")).slice(0, REASON_LENGTH);
}

const NIX_ERROR = /^error: (.+)$/;
const REASON_LENGTH = 200;

function nameOf(step: LocalStep | RemoteStep): string {
  return step.where === "here"
    ? path.basename(step.command)
    : t("{0} on the host", "switch-to-configuration");
}

/** Reads Nix's log; progress is told at most every tenth of a second, and once at the end. */
function nixReader({ plan, clock, emit }: StepRun) {
  const nix = new InternalJson();
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = false;
  const tell = () => {
    toldAt = clock.elapsed();
    untold = false;
    emit({ kind: "progress", host: plan.host, progress: nix.progress });
  };
  return {
    next(line: string): readonly string[] {
      const shown = nix.next(line);
      if (line.startsWith("@nix ")) {
        untold = true;
        if (clock.elapsed() - toldAt >= PROGRESS_EVERY_MS) tell();
      }
      return shown;
    },
    end(): void {
      if (untold) tell();
    },
  };
}
