// The command: which cache, which tool, and the file, shown before it is written.

import path from "node:path";
import type { FleetSnapshot, HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { flakeAttribute, systemReference, targetOf } from "../configuration/project";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { checkedAtticCache } from "../services/attic";
import { checkedCachixCache } from "../services/cachix";
import { sshDestination } from "../state/hostAddress";
import { CancelledError, orCancel, UserError } from "../userError";
import {
  neededSecrets,
  type WorkflowCache,
  type WorkflowDeploy,
  type WorkflowHost,
  type WorkflowOptions,
  workflowText,
} from "./workflow";

export type WorkflowApp = Pick<App, "ui" | "state" | "ports" | "config">;

export async function generateWorkflow(app: WorkflowApp): Promise<void> {
  const { snapshot } = app.state.fleet;
  const root = await chooseRoot(app);
  const hosts = (snapshot?.hosts ?? []).filter(host => host.root === root);
  const options: WorkflowOptions = {
    hosts: hosts.flatMap(host => (snapshot === undefined ? [] : workflowHost(host, snapshot))),
    cache: await chooseCache(app),
    deploy: await chooseDeploy(app, hosts),
    branch: await chooseBranch(app),
  };
  if (options.hosts.length === 0)
    throw new UserError(t("No host of this workspace is built by a flake, so there is nothing to build."));
  const file = path.join(root, ".github", "workflows", "nixos.yml");
  await write(app, file, workflowText(options));
  const secrets = neededSecrets(options);
  if (secrets.length > 0)
    void app.ui.showInfo(t("The repository needs these secrets: {0}.", secrets.join(", ")));
}

/** The folder of the flake. */
async function chooseRoot(app: WorkflowApp): Promise<string> {
  const flakes = app.state.fleet.snapshot?.entryPoints.filter(entry => entry.kind === "flake") ?? [];
  const roots = flakes.map(entry => path.dirname(entry.path));
  const [only] = roots;
  if (only === undefined) throw new UserError(t("A workflow needs a flake, and this workspace has none."));
  if (roots.length === 1) return only;
  const items = roots.map(value => ({ value, label: value }));
  return orCancel(await app.ui.pickOne(items, { title: t("Which Flake") }));
}

/** The runners that GitHub offers for NixOS systems. */
const RUNNERS: Readonly<Record<string, string>> = {
  "x86_64-linux": "ubuntu-latest",
  "aarch64-linux": "ubuntu-24.04-arm",
  "aarch64-darwin": "macos-latest",
};

function workflowHost(host: HostSnapshot, fleet: FleetSnapshot): readonly WorkflowHost[] {
  const system = systemReference(targetOf(host, fleet));
  if (system === undefined || host.configuration === null) return [];
  const runner = RUNNERS[host.system ?? "x86_64-linux"] ?? "ubuntu-latest";
  const configuration = flakeAttribute(host.configuration);
  const destination = host.unknown.includes("hostname") ? undefined : sshDestination(host);
  return [{ name: host.name, system, configuration, destination, runner }];
}

async function chooseCache(app: WorkflowApp): Promise<WorkflowCache> {
  const title = t("Cache for What Was Built");
  const items: readonly PickItem<WorkflowCache["kind"]>[] = [
    { value: "cachix", label: "Cachix" },
    { value: "attic", label: "Attic" },
    { value: "flakehub", label: "FlakeHub Cache" },
    { value: "store", label: t("A Store URL"), description: "s3://, https://" },
    { value: "none", label: t("None") },
  ];
  const ask = async (prompt: string, value?: string) =>
    orCancel(await app.ui.input({ title, prompt, ...(value === undefined ? {} : { value }) })).trim();
  const kind = orCancel(await app.ui.pickOne(items, { title }));
  switch (kind) {
    case "cachix":
      return {
        kind,
        name: checkedCachixCache(
          await ask(t("The name of the cache."), app.config.read().deploy.cachixCache),
        ),
      };
    case "attic": {
      const endpoint = await ask(t("Its address."), "https://");
      if (!/^https?:\/\/[^\s"\\]+$/.test(endpoint))
        throw new UserError(t("{0} is no http or https address.", JSON.stringify(endpoint)));
      return { kind, endpoint, name: checkedAtticCache(await ask(t("The name of the cache."))) };
    }
    case "store": {
      const url = await ask(t("The URL of the store."), "s3://");
      if (
        !/^(?:s3|https?|ssh|ssh-ng):\/\/[^\s"\\:]+(?::\d+)?[^\s"\\]*$/.test(url) ||
        /\/\/[^/@]*:[^/@]*@/.test(url)
      )
        throw new UserError(t("{0} is no store that a workflow could write to.", JSON.stringify(url)));
      return { kind, url };
    }
    default:
      return { kind };
  }
}

async function chooseDeploy(app: WorkflowApp, hosts: readonly HostSnapshot[]): Promise<WorkflowDeploy> {
  const known = new Set(hosts.flatMap(host => host.tools));
  const items = [
    { value: "deploy-rs", label: "deploy-rs", offered: known.has("deploy-rs") },
    { value: "colmena", label: "colmena", offered: known.has("colmena") },
    { value: "nixos-rebuild", label: "nixos-rebuild", offered: true },
    { value: "cachix-deploy", label: "Cachix Deploy", offered: true },
    { value: "none", label: t("None: only build"), offered: true },
  ] as const satisfies readonly (PickItem<WorkflowDeploy> & { offered: boolean })[];
  const title = t("How to Deploy");
  return orCancel(
    await app.ui.pickOne<WorkflowDeploy>(
      items.filter(({ offered }) => offered),
      { title },
    ),
  );
}

async function chooseBranch(app: WorkflowApp): Promise<string> {
  return orCancel(
    await app.ui.input({
      title: t("Branch"),
      prompt: t("The branch that is deployed."),
      value: "main",
      validate: text =>
        /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(text) ? undefined : t("This is no name of a branch."),
    }),
  );
}

async function write(app: WorkflowApp, file: string, text: string): Promise<void> {
  const before = await app.ports.files.readText(file);
  if (before !== undefined && before !== text) {
    const message = t("Replace {0}?", file);
    const detail = t("What is there now is lost unless it is committed.");
    const question = { message, detail, verb: t("Replace"), changes: [{ path: file, before, after: text }] };
    if (!(await app.ui.confirmChanges(question))) throw new CancelledError();
  }
  await app.ports.files.replaceText(file, text);
  await app.ui.openFile(file);
}
