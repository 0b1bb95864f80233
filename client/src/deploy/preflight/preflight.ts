// The command Preflight: asks hosts everything that a deployment to them needs, shows the matrix, and leads to the ways out.

import type { App } from "../../app";
import { proposeEdits } from "../../configuration/edits";
import { t } from "../../l10n";
import { capture } from "../../ports/process";
import { sshOptionWords } from "../../state/hostAddress";
import { runOnHost } from "../hostScript";
import { inParallel } from "../inParallel";
import { lookAtLock } from "../lock";
import { pickHosts } from "../pickHosts";
import type { SshConnection } from "../sshOptions";
import { destinationOf } from "../target";
import type { Fix } from "./check";
import { checkHost, type Extra } from "./checks";
import { checkName, type HostChecks, preflightDocument, preflightSummary, problems } from "./preflightText";

export type PreflightApp = Pick<
  App,
  "commands" | "config" | "documents" | "server" | "state" | "storage" | "ui"
> & {
  readonly ports: Pick<App["ports"], "processes" | "clock">;
};

const ASKED_AT_ONCE = 16;

export async function preflight(app: PreflightApp, hosts: readonly string[] | undefined): Promise<void> {
  const names = hosts ?? (await pickHosts(app, t("Preflight")));
  const since = app.ports.clock.now();
  await app.commands.execute("nixDeploy.probeHost", { hosts: names });
  const checked = await app.ui.withProgress(t("Preflight: {0}", names.join(", ")), ({ signal }) =>
    checkAll(app, names, since, signal),
  );
  await app.ui.showText(preflightDocument(checked));
  await offerFixes(app, checked);
}

/** The checks of each host; hosts were asked for their facts since `since`. */
export async function checkAll(
  app: Pick<PreflightApp, "config" | "ports" | "state">,
  names: readonly string[],
  since: number,
  signal: AbortSignal,
): Promise<readonly HostChecks[]> {
  const signs = signsHere(app, signal);
  return inParallel(ASKED_AT_ONCE, names, async (name): Promise<HostChecks> => {
    const host = app.state.fleet.findHost(name);
    if (host === undefined) return { host: name, checks: [] };
    const destination = destinationOf(host);
    const observation = app.state.observed.get(name);
    const connection =
      destination === undefined
        ? undefined
        : { destination, configFile: app.config.read().ssh.configFile, options: sshOptionWords(host) };
    const reached = observation?.answer.kind === "reached" && connection !== undefined;
    const extra = reached ? await askExtra(app, connection, signal) : undefined;
    const checks = checkHost({ host, destination, observation, since, extra, signsHere: await signs });
    return { host: name, checks };
  });
}

const EXTRA = `
tell groups "$(id -Gn)"
tell closure "$(nix-store --query --requisites /run/current-system 2>/dev/null | xargs -n 500 nix-store --query --size 2>/dev/null | awk '{ sum += $1 } END { printf "%d", sum }')"
`;

async function askExtra(
  app: Pick<PreflightApp, "ports">,
  connection: SshConnection,
  signal: AbortSignal,
): Promise<Extra> {
  const [end, lock] = await Promise.all([
    runOnHost(app.ports.processes, connection, { body: EXTRA, args: [], as: "login" }, signal),
    lookAtLock(app, connection, signal),
  ]);
  if (end.kind === "failed") return { groups: [], closure: undefined, lock };
  const bytes = Number(end.answers.one("closure"));
  return {
    groups: (end.answers.one("groups") ?? "").split(" ").filter(group => group !== ""),
    closure: Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined,
    lock,
  };
}

/** Whether Nix here has a key to sign with; the key itself is not looked at. */
async function signsHere(
  { config, ports }: Pick<PreflightApp, "config" | "ports">,
  signal: AbortSignal,
): Promise<boolean> {
  const { nix } = config.read().tools;
  for (const verb of [["config", "show"], ["show-config"]]) {
    const args = ["--extra-experimental-features", "nix-command", ...verb];
    const { stdout } = await capture(ports.processes, { command: nix, args }, signal);
    const files = /^secret-key-files = ?(.*)$/m.exec(stdout)?.[1];
    if (files !== undefined) return files.trim() !== "";
  }
  return false;
}

async function offerFixes(app: PreflightApp, checked: readonly HostChecks[]): Promise<void> {
  const found = problems(checked);
  const fixes = found.flatMap(({ host, check }) =>
    check.fix === undefined ? [] : [{ host, check, fix: check.fix }],
  );
  const summary = preflightSummary(checked);
  if (found.length === 0) return void app.ui.showInfo(summary);
  const button = t("Ways Out");
  const answer = app.ui.showWarning(summary, ...(fixes.length === 0 ? [] : [button]));
  if (fixes.length === 0 || (await answer) !== button) return;
  const items = fixes.map(({ host, check, fix }) => ({
    value: { host, fix },
    label: `${check.state === "failed" ? "$(error)" : "$(warning)"} ${host}: ${checkName(check.id)}`,
    description: fix.title,
    detail: check.text,
  }));
  const picked = await app.ui.pickOne(items, { title: t("Preflight: Ways Out") });
  if (picked !== undefined) await applyFix(app, picked.host, picked.fix);
}

async function applyFix(app: PreflightApp, host: string, fix: Fix): Promise<void> {
  switch (fix.kind) {
    case "edit":
      await proposeEdits(app, { message: t("{0}?", fix.title), operations: fix.operations });
      return;
    case "command":
      return app.commands.execute(fix.id, { hosts: [host] });
    case "terminal":
      await app.ui.copy(fix.text);
      void app.ui.showInfo(t("Copied: {0}", fix.text));
  }
}
