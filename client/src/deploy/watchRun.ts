// Runs a plan for people: its events in the terminal and in a progress notification, and at the end a message with what can be done.

import { afterCommand } from "../commands";
import { t } from "../l10n";
import type { DeployApp } from "./deployApp";
import type { DeployEvent, HostResult } from "./events";
import type { DeployHooks, Receiver } from "./hooks";
import type { DeployPlan } from "./plan";
import { namesOf } from "./planText";
import { hostsToRetry, isGood, summarize } from "./results";
import { execute } from "./runPlan";
import { nodeSourceFiles } from "./sourceFiles";
import { TerminalLines } from "./terminalLines";

/** A progress title names at most so many hosts. */
const NAMED_HOSTS = 3;

/** A run's events in the terminal, and which hosts are out. */
export class Watched {
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

/** Runs it to the end, or until the user cancels. */
export function watch(
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

/** What a run may ask, whatever it is for. */
export function copyHooks(app: DeployApp): Pick<DeployHooks, "endStaleReceivers"> {
  return { endStaleReceivers: (host, receivers) => confirmEnding(app, host, receivers) };
}

async function confirmEnding(app: DeployApp, host: string, receivers: readonly Receiver[]): Promise<boolean> {
  const detail = receivers.map(({ pid, seconds, command }) => `${pid}  ${seconds} s  ${command}`).join("\n");
  const message = t("End the earlier copy on {0}? Nothing that is complete is lost.", host);
  return app.ui.confirm({ message, detail, verb: t("End It") });
}

/** Begins anew with these hosts. */
export type Retry = (hosts: readonly string[]) => Promise<void>;

/** Says how it ended; answers the exit code. */
export function showSummary(app: DeployApp, results: readonly HostResult[], retry?: Retry): number {
  afterCommand(app, "retry", () => offerRetry(app, results, retry));
  return results.every(isGood) ? 0 : 1;
}

/** Only what did not land is tried again. */
async function offerRetry(
  { ui }: DeployApp,
  results: readonly HostResult[],
  retry: Retry | undefined,
): Promise<void> {
  const { severity, message } = summarize(results);
  const hosts = hostsToRetry(results);
  const buttons = retry === undefined || hosts.length === 0 ? [] : [t("Retry {0}", namesOf(hosts))];
  const show = { info: ui.showInfo, warning: ui.showWarning, error: ui.showError }[severity];
  if ((await show.call(ui, message, ...buttons)) === buttons[0] && buttons.length > 0) await retry?.(hosts);
}
