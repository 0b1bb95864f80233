// Deploying from a longer procedure: starts the command as the user would, who reviews and agrees, and waits until the
// deployments of these hosts have ended. How they ended is asked of the hosts afterwards, not here.

import type { App } from "../app";

/** How long the user may take to agree before the procedure stops waiting. */
const START_LIMIT_MS = 10 * 60_000;
const POLL_MS = 300;

export async function deployAndWait(
  app: Pick<App, "commands" | "state" | "ports">,
  hosts: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { deployments } = app.state;
  const { clock } = app.ports;
  const running = () => hosts.some(host => deployments.get(host) !== undefined);
  let seen = false;
  const subscription = deployments.onDidChange(() => {
    seen ||= running();
  });
  const limit = clock.elapsed() + START_LIMIT_MS;
  try {
    let asking = true;
    const asked = app.commands.execute("nixDeploy.deploy", { hosts }).finally(() => {
      asking = false;
    });
    while (!signal.aborted && !seen && asking && clock.elapsed() < limit) await clock.sleep(POLL_MS);
    await Promise.race([asked, clock.sleep(POLL_MS)]);
    // a task begins a moment after the command that started it has ended
    const grace = clock.elapsed() + 10 * POLL_MS;
    while (!signal.aborted && !seen && clock.elapsed() < grace) await clock.sleep(POLL_MS);
    while (!signal.aborted && running()) await clock.sleep(POLL_MS);
  } finally {
    subscription.dispose();
  }
}
