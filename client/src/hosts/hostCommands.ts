// The flows behind the commands of the view "Hosts", without VS Code.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { t } from "../l10n";
import { quoteRemote } from "../ports/quoteRemote";
import { addressOf, requireTarget, sshArguments } from "../state/hostAddress";
import { CancelledError, orCancel, UserError } from "../userError";
import { showHostKey } from "./hostKeys";
import type { Probing } from "./probing";

export type HostsApp = Pick<App, "config" | "log" | "ui" | "workspace" | "ports" | "state">;

/** The hosts that a command was called with, or the one that the user picks. */
export async function chosenHosts(
  app: Pick<App, "ui" | "state">,
  names: readonly string[] | undefined,
  title: string,
): Promise<readonly HostSnapshot[]> {
  const { hosts } = app.state.fleet;
  if (hosts.length === 0)
    throw new UserError(t("No host was found in this workspace. The view Hosts says why."));
  if (names !== undefined) {
    return names.map(name => {
      const host = app.state.fleet.findHost(name);
      if (host === undefined) throw new UserError(t("There is no host {0} in this workspace.", name));
      return host;
    });
  }
  const [only] = hosts;
  if (hosts.length === 1 && only !== undefined) return [only];
  const items = hosts.map(host => ({
    value: host,
    label: host.name,
    description: [addressOf(host) ?? "", ...host.tags.map(tag => `@${tag}`)].join("  "),
  }));
  return [orCancel(await app.ui.pickOne(items, { title }))];
}

/** How long a round may take before it is shown in a notification that can be cancelled. */
const QUIET_MS = 1_000;

/** Asks hosts now. Shows progress only when it takes long. */
export async function askHosts(app: HostsApp, probing: Probing, names: readonly string[]): Promise<void> {
  const abort = new AbortController();
  let done = 0;
  let report: () => void = () => undefined;
  const onDone = () => {
    done++;
    report();
  };
  const asking = probing.ask(names, { signal: abort.signal, onDone });
  const quick = await Promise.race([
    asking.then(() => true),
    app.ports.clock.sleep(QUIET_MS, abort.signal).then(() => false),
  ]);
  if (!quick) {
    await app.ui.withProgress(t("Asking {0} hosts", names.length), async progress => {
      report = () => progress.report(t("{0} of {1}", done, names.length), 100 / names.length);
      progress.signal.addEventListener("abort", () => abort.abort(), { once: true });
      if (progress.signal.aborted) abort.abort();
      await asking;
    });
  }
  if (abort.signal.aborted) throw new CancelledError();
}

/** Reads the fleet anew and asks every host. */
export async function refreshHosts(app: HostsApp, probing: Probing): Promise<void> {
  await app.state.fleet.refresh();
  if (!app.workspace.trusted) return;
  await askHosts(
    app,
    probing,
    app.state.fleet.hosts.map(host => host.name),
  );
}

/** Asks the chosen hosts, and for a single one goes on with what keeps it from answering. */
export async function probeHosts(
  app: HostsApp,
  probing: Probing,
  names: readonly string[] | undefined,
): Promise<void> {
  const hosts = await chosenHosts(app, names, t("Refresh Host"));
  for (const host of hosts) requireTarget(host);
  await askHosts(
    app,
    probing,
    hosts.map(host => host.name),
  );
  const [only] = hosts;
  if (hosts.length !== 1 || only === undefined) return;
  const answer = app.state.observed.get(only.name)?.answer;
  if (answer?.kind !== "failed") return;
  if (answer.hostKey !== undefined) return showHostKey(app, probing, only);
  const { problems } = await app.ports.ssh.resolve(requireTarget(only));
  const notes = problems.map(problem => t("SSH configuration: {0}", problem));
  throw new UserError([answer.why, ...notes].join("\n"));
}

/** A terminal with ssh in it; no shell of ours is between. */
export async function openTerminal(app: HostsApp, names: readonly string[] | undefined): Promise<void> {
  const { configFile } = app.config.read().ssh;
  for (const host of await chosenHosts(app, names, t("Open SSH Terminal"))) {
    app.ui.openTerminal({ name: host.name, command: "ssh", args: sshArguments(host, configFile) });
  }
}

export async function copyAddress(app: HostsApp, names: readonly string[] | undefined): Promise<void> {
  const hosts = await chosenHosts(app, names, t("Copy Address"));
  await app.ui.copy(hosts.map(host => requireTarget(host).host).join("\n"));
}

export async function copySshCommand(app: HostsApp, names: readonly string[] | undefined): Promise<void> {
  const { configFile } = app.config.read().ssh;
  const hosts = await chosenHosts(app, names, t("Copy SSH Command"));
  const commands = hosts.map(host => {
    const words = sshArguments(host, configFile).filter(word => word !== "--");
    return ["ssh", ...words].map(quoteRemote).join(" ");
  });
  await app.ui.copy(commands.join("\n"));
}

/** Shows where the host is defined. */
export async function revealHost(app: HostsApp, names: readonly string[] | undefined): Promise<void> {
  const [host] = await chosenHosts(app, names, t("Reveal in Configuration"));
  if (host !== undefined) await app.ui.openFile(host.path, host.range);
}
