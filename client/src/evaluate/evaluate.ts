// The command: asks real Nix about hosts, hands what it says to the server, and shows errors where they are.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { configurationReference, targetOf } from "../configuration/project";
import { t } from "../l10n";
import { findProgram } from "../ports/findProgram";
import type { PickItem } from "../ports/ui";
import { redact } from "../redact";
import { CancelledError, orCancel, UserError } from "../userError";
import { differingSettings } from "./differences";
import { type EvaluationOutcome, type EvaluationRequest, evaluateHost } from "./evaluateHost";
import type { NixError, NixPlace } from "./nixError";
import { type OwnPlace, ownPlaceOf } from "./ownPlace";

export type EvaluateApp = Pick<App, "ui" | "log" | "config" | "state" | "ports" | "serverFacts">;

/** Where errors of evaluation are shown until the next evaluation of the host. */
export interface EvaluationErrors {
  set(host: string, error: { readonly message: string; readonly place: OwnPlace } | undefined): void;
}

export async function evaluate(
  app: EvaluateApp,
  errors: EvaluationErrors,
  names: readonly string[] | undefined,
): Promise<void> {
  const hosts = names === undefined ? [await pickHost(app)] : hostsNamed(app, names);
  const differing = new Set<string>();
  for (const host of hosts) {
    const outcome = await app.ui.withProgress(t("Evaluating {0} with Nix", host.name), ({ signal }) =>
      evaluateHost(portsOf(app), requestFor(app, host), signal),
    );
    app.log.info("evaluated", { host: host.name, outcome: outcome.kind });
    await take(app, errors, host, outcome);
    if (outcome.kind === "evaluated")
      for (const setting of differingSettings(host, outcome.settings)) differing.add(setting);
  }
  void app.ui.showInfo(summaryOf(namesOf(hosts), [...differing]));
}

function summaryOf(hosts: string, differing: readonly string[]): string {
  return differing.length === 0
    ? t("Nix evaluated {0}. Hovering over a setting shows what it says.", hosts)
    : t(
        "Nix evaluated {0}. It does not say what was read of {1}: hovering shows the difference.",
        hosts,
        differing.join(", "),
      );
}

function namesOf(hosts: readonly HostSnapshot[]): string {
  return hosts.map(({ name }) => name).join(", ");
}

async function take(
  app: EvaluateApp,
  errors: EvaluationErrors,
  host: HostSnapshot,
  outcome: EvaluationOutcome,
): Promise<void> {
  errors.set(host.name, undefined);
  switch (outcome.kind) {
    case "evaluated":
      app.serverFacts.setEvaluated({ host: host.name, settings: outcome.settings });
      return;
    case "failed":
      throw await failure(app, errors, host, outcome.error);
    case "cancelled":
      throw new CancelledError();
    case "outOfTime":
      throw new UserError(
        t("Nix did not finish evaluating {0} within {1} s.", host.name, app.config.read().evaluate.seconds),
        { title: t("Open Setting"), run: { kind: "setting", key: "nixDeploy.evaluate.seconds" } },
      );
    case "outOfMemory":
      throw new UserError(
        t("Nix needs more than {0} MiB to evaluate {1}.", app.config.read().evaluate.memoryMiB, host.name),
        { title: t("Open Setting"), run: { kind: "setting", key: "nixDeploy.evaluate.memoryMiB" } },
      );
    case "cannotRun":
      throw new UserError(t("Nix can't evaluate {0}: {1}", host.name, redact(outcome.message)), {
        title: t("Open Setting"),
        run: { kind: "setting", key: "nixDeploy.tools.nix" },
      });
  }
}

async function failure(
  app: EvaluateApp,
  errors: EvaluationErrors,
  host: HostSnapshot,
  { message, places }: NixError,
): Promise<UserError> {
  const text = t("Nix can't evaluate {0}: {1}", host.name, redact(message));
  const place = await firstOwn(app, host.root, places);
  if (place === undefined) return new UserError(text);
  errors.set(host.name, { message: redact(message), place });
  return new UserError(text, {
    title: t("Open File"),
    run: { kind: "file", path: place.path, line: place.line },
  });
}

/** The nearest place that is in the project itself: what is in nixpkgs nobody here can mend. */
async function firstOwn(
  { ports }: EvaluateApp,
  root: string,
  places: readonly NixPlace[],
): Promise<OwnPlace | undefined> {
  for (const place of places) {
    const own = await ownPlaceOf(ports.files, root, place);
    if (own !== undefined) return own;
  }
  return undefined;
}

function portsOf({ ports, config }: EvaluateApp) {
  const prlimit = process.platform === "linux" ? findProgram("prlimit") : undefined;
  return { processes: ports.processes, nix: config.read().tools.nix, prlimit };
}

function requestFor(app: EvaluateApp, host: HostSnapshot): EvaluationRequest {
  const reference = referenceOf(app, host);
  if (reference === undefined)
    throw new UserError(t("{0} is not defined by a flake, and only flakes are evaluated.", host.name));
  return { reference, cwd: host.root, ...app.config.read().evaluate };
}

function referenceOf({ state }: EvaluateApp, host: HostSnapshot): string | undefined {
  const { snapshot } = state.fleet;
  return snapshot === undefined ? undefined : configurationReference(targetOf(host, snapshot));
}

function hostsNamed({ state }: EvaluateApp, names: readonly string[]): readonly HostSnapshot[] {
  return names.map(name => {
    const host = state.fleet.findHost(name);
    if (host === undefined) throw new UserError(t("There is no host {0} in this workspace.", name));
    return host;
  });
}

async function pickHost(app: EvaluateApp): Promise<HostSnapshot> {
  const hosts = app.state.fleet.hosts.filter(host => referenceOf(app, host) !== undefined);
  if (hosts.length === 0) throw new UserError(t("No host of this workspace is defined by a flake."));
  const items = hosts.map((host): PickItem<HostSnapshot> => ({ value: host, label: host.name }));
  return orCancel(await app.ui.pickOne(items, { title: t("Evaluate with Nix") }));
}
