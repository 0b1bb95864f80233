// Activating a system on a host from here: start it, follow it, confirm it over a new connection. A lost connection is not the
// end: the work goes on there, and is found again. Every way out names what the host did.

import { t } from "../l10n";
import type { Clock } from "../ports/clock";
import type { OutputLine, ProcessResult, ProcessRunner } from "../ports/process";
import { quoteRemote } from "../ports/quoteRemote";
import { type ActivationEnd, endOf, parseReport, type Report } from "./guardReport";
import { FOLLOW, START } from "./guardScripts";
import { ASK, parseAnswer } from "./hostAnswer";
import { pauseAfter } from "./refusedLogin";
import { sshArguments } from "./sshOptions";
import type { ActivationStep } from "./step";
import { stepFailure } from "./stepFailure";

export interface Activation {
  readonly step: ActivationStep;
  /** Undefined for a roll back: the host knows. */
  readonly system: string | undefined;
  /** Names this activation on the host. */
  readonly token: string;
  readonly processes: ProcessRunner;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  onLine(line: OutputLine): void;
  /** Called when the switch is done and the host waits; answers why it must not be kept, if so. */
  check(): Promise<string | undefined>;
}

/** How long beyond the guard a host that does not answer is tried again: it may be going back. */
const PATIENCE_MS = 45_000;
const PAUSE_MS = 2_000;

type Heard =
  | { readonly report: Report }
  /** `said`: the last words of ssh. */
  | { readonly report: undefined; readonly result: ProcessResult; readonly said: string };

/** Never rejects for anything that the host or the connection does. */
export async function activateOnHost(activation: Activation): Promise<ActivationEnd> {
  return new Conversation(activation).run();
}

/** Waits for the end of an activation that was started before and may run on. `revert`: it is not waited for a decision. */
export async function followOnHost(activation: Activation, decision: "-" | "revert"): Promise<ActivationEnd> {
  return new Conversation(activation).find(decision);
}

/** How a tool's work ended, and how the host that watched meanwhile ended. */
export interface WatchedEnd {
  readonly failure: string | undefined;
  /** Undefined where the host could not watch. */
  readonly watch: ActivationEnd | undefined;
}

/**
 * Lets a tool switch that has no guard of its own, while the host watches: once it runs the system, it goes back unless that is
 * confirmed over a new connection. `work` answers why it failed, if it did; what it did all the same is kept then.
 */
export async function workWatched(
  activation: Activation,
  work: () => Promise<string | undefined>,
): Promise<WatchedEnd> {
  return new Conversation(activation).watch(work);
}

class Conversation {
  readonly #activation: Activation;
  /** The next line of the host's log. */
  #from = 1;
  #rejection: string | undefined;

  constructor(activation: Activation) {
    this.#activation = activation;
  }

  async run(): Promise<ActivationEnd> {
    const { step, system, token, signal } = this.#activation;
    const started = await this.#talk(
      START,
      [token, step.mode, system ?? "-", String(step.guardSeconds)],
      signal,
    );
    if (started.report !== undefined) return this.#conclude(started.report);
    const { result } = started;
    if (result.kind === "spawnFailed" || (result.kind === "exited" && result.code !== 255)) {
      return { state: "absent", failure: stepFailure(t("activating"), result) };
    }
    if (!signal.aborted)
      this.#note(t("The connection was lost. The host goes on by itself; asking it again."));
    return this.#conclude(await this.#follow(signal.aborted ? "revert" : "-", "waiting"));
  }

  async find(decision: "-" | "revert"): Promise<ActivationEnd> {
    return this.#conclude(await this.#follow(decision, "end"));
  }

  async watch(work: () => Promise<string | undefined>): Promise<WatchedEnd> {
    const { step, system, token, signal } = this.#activation;
    const words = [token, "watch", system ?? "-", String(step.guardSeconds)];
    const { report } = await this.#talk(START, words, signal);
    if (report?.state !== "waiting") {
      if (!signal.aborted)
        this.#note(
          t("The host can't watch the switch: it will not go back by itself if the connection is lost."),
        );
      return { failure: await work(), watch: undefined };
    }
    const failure = await work();
    if (failure === undefined) this.#rejection = await this.#activation.check();
    if (signal.aborted) this.#rejection = t("cancelled");
    const decision = this.#rejection === undefined ? "keep" : "revert";
    return { failure, watch: await this.#conclude(await this.#follow(decision, "end")) };
  }

  /** From what the host said to the end. */
  async #conclude(report: Report | undefined): Promise<ActivationEnd> {
    if (report === undefined) return { state: "lost", failure: t("the host does not answer any more") };
    if (report.state !== "waiting") {
      const { guardSeconds } = this.#activation.step;
      return endOf(report, report.state, { guardSeconds, rejection: this.#rejection });
    }
    this.#rejection = await this.#activation.check();
    if (this.#activation.signal.aborted) this.#rejection = t("cancelled");
    return this.#conclude(await this.#follow(this.#rejection === undefined ? "keep" : "revert", "end"));
  }

  /** Asks over new connections until the host answers or patience ends. The user's cancel asks it to go back, and waits. */
  async #follow(decision: "-" | "keep" | "revert", until: "waiting" | "end"): Promise<Report | undefined> {
    const { step, token, clock, signal } = this.#activation;
    let wanted = decision;
    let heardAt = clock.elapsed();
    for (;;) {
      const before = this.#from;
      const cancellable = wanted === "-" ? signal : undefined;
      const heard = await this.#talk(
        FOLLOW + (until === "end" ? ASK : ""),
        [token, String(this.#from), wanted, until],
        cancellable,
      );
      if (heard.report !== undefined) return heard.report;
      if (wanted === "-" && signal.aborted) {
        wanted = "revert";
        continue;
      }
      if (this.#from > before) heardAt = clock.elapsed();
      if (clock.elapsed() - heardAt > step.guardSeconds * 1000 + PATIENCE_MS) return undefined;
      await clock.sleep(pauseAfter(heard.said, PAUSE_MS));
    }
  }

  async #talk(script: string, args: readonly string[], signal: AbortSignal | undefined): Promise<Heard> {
    const { step, processes, onLine } = this.#activation;
    const words = [...step.asRoot, "sh", "-s", "--", ...args].map(quoteRemote).join(" ");
    // a shared connection would confirm itself
    const fresh = ["-o", "ControlMaster=no", "-o", "ControlPath=none"];
    const spec = { command: "ssh", args: [...fresh, ...sshArguments(step.connection), words], input: script };
    const told: { report?: Report } = {};
    const answer: string[] = [];
    let said = "";
    const result = await processes.run(
      spec,
      line => {
        const report = line.stream === "stdout" ? parseReport(line.text) : undefined;
        if (report !== undefined) told.report = report;
        else if (told.report !== undefined && line.stream === "stdout") answer.push(line.text);
        else {
          if (line.stream === "stdout") this.#from += 1;
          else said = line.text;
          onLine(line);
        }
      },
      signal,
    );
    const { report } = told;
    if (report === undefined) return { report, result, said };
    // a connection that broke in the middle of the answer leaves it incomplete
    const whole = result.kind === "exited" && result.code === 0 && answer.length > 0;
    return { report: whole ? { ...report, answer: parseAnswer(answer.join("\n")) } : report };
  }

  #note(text: string): void {
    this.#activation.onLine({ stream: "stderr", text, cut: false });
  }
}
