// Asks a host of the fleet: the answers of a fixed script that runs as root there.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { t } from "../l10n";
import { CancelledError, UserError } from "../userError";
import type { Answers, FixedScript } from "./fixedScript";
import { createHostShell, type HostShell } from "./hostShell";

/** What asking by name needs; the ports of a procedure have it. */
export interface HostsByName {
  readonly shell: HostShell;
  findHost(name: string): HostSnapshot | undefined;
}

/** The answers of a script on a host of the fleet, or why there are none. */
export async function ask(
  ports: HostsByName,
  name: string,
  script: FixedScript,
  signal: AbortSignal,
): Promise<Answers | string> {
  const host = ports.findHost(name);
  if (host === undefined) return t("There is no host {0} in this workspace any more.", name);
  const answer = await ports.shell.asRoot(host, script, { signal, timeoutMs: 400_000 });
  return answer.kind === "told" ? answer.answers : answer.why;
}

/**
 * The answers of a script on one host, behind a progress that can be cancelled.
 * @throws CancelledError, or UserError with why there are none
 */
export async function askWithProgress(
  app: Pick<App, "ui" | "ports">,
  title: string,
  host: HostSnapshot,
  script: FixedScript,
): Promise<Answers> {
  const shell = createHostShell(app.ports.ssh);
  return app.ui.withProgress(title, async ({ signal }) => {
    const answer = await shell.asRoot(host, script, { signal });
    if (signal.aborted) throw new CancelledError();
    if (answer.kind === "failed") throw new UserError(answer.why);
    return answer.answers;
  });
}
