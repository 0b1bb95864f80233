// The command "Set Up a Staging Cache": asks which host serves which, and drives the steps.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { proposeEdits, proposeUndo } from "../configuration/edits";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { type ProcedureKind, procedureCommand } from "../procedure/procedureCommand";
import { ProcedureStore } from "../procedure/procedureStore";
import { deployAndWait } from "../remote/deployAndWait";
import { createHostShell } from "../remote/hostShell";
import { HTTP_PORT } from "../stores/httpServer";
import { orCancel, UserError } from "../userError";
import { cacheUrl, overSsh, readStagingFacts, type StagingFacts, type Transport } from "./facts";
import type { StagingPorts } from "./stagingStep";
import { STAGING_STEPS } from "./steps";

export type StagingApp = Pick<
  App,
  "ui" | "log" | "ports" | "state" | "storage" | "commands" | "server" | "documents"
>;

export function setUpStagingCache(app: StagingApp): Promise<void> {
  return procedureCommand(app, stagingKind(app), t("Set Up a Staging Cache"));
}

function stagingKind(app: StagingApp): ProcedureKind<StagingFacts, StagingPorts> {
  return {
    steps: STAGING_STEPS,
    store: new ProcedureStore({
      files: app.ports.files,
      memory: app.storage.workspace,
      log: app.log,
      folder: app.storage.folder,
      kind: "staging",
      readFacts: readStagingFacts,
    }),
    ports: {
      shell: createHostShell(app.ports.ssh),
      clock: app.ports.clock,
      findHost: name => app.state.fleet.findHost(name),
      change: (message, operations) => proposeEdits(app, { message, operations }),
      undoChange: (message, changed) => proposeUndo(app, message, changed),
      deploy: (hosts, signal) => deployAndWait(app, hosts, signal),
    },
    title: facts => t("Binary cache on {0} for {1}", facts.server, facts.clients.join(", ")),
    begin: () => askFacts(app),
    question,
  };
}

function question(facts: StagingFacts) {
  const { server, clients } = facts;
  const detail = [
    t("On {0}: a signing key in {1}, unless there is one.", server, facts.keyFile),
    ...(overSsh(facts.transport)
      ? [t("On {0}: an SSH key for root, unless there is one.", clients.join(", "))]
      : []),
    t(
      "In the configuration: {0} serves its store, {1} will ask {2}. You see the changes before they are made.",
      server,
      clients.join(", "),
      cacheUrl(facts),
    ),
    t("Then {0} is deployed, then {1}, each after you have agreed.", server, clients.join(", ")),
    t(
      "At the end each of them fetches a path from {0} as root, to prove it. Everything can be undone.",
      server,
    ),
  ].join("\n");
  return {
    message: t("Make {0} the binary cache of {1}?", server, clients.join(", ")),
    detail,
    verb: t("Set It Up"),
  };
}

async function askFacts(app: StagingApp): Promise<StagingFacts> {
  const { hosts } = app.state.fleet;
  if (hosts.length < 2)
    throw new UserError(
      t("A staging cache needs two hosts in this workspace: one that serves and one that asks."),
    );
  const server = orCancel(
    await app.ui.pickOne(hosts.map(hostItem), {
      title: t("Which Host Serves Its Store"),
      placeholder: t("The one that builds first, such as staging"),
    }),
  );
  const others = hosts.filter(host => host !== server);
  const clients = orCancel(
    await app.ui.pickMany(others.map(hostItem), { title: t("Which Hosts Fetch from {0}", server.name) }),
  );
  const transport = orCancel(await app.ui.pickOne(transports(), { title: t("How They Reach It") }));
  const address = await askAddress(app, server);
  const keyName = keyNameFor(server.name, address);
  const openFirewall = !overSsh(transport) && (await askFirewall(app, server));
  return {
    server: server.name,
    clients: clients.map(({ name }) => name),
    transport,
    address,
    keyName,
    keyFile: `/var/lib/nix-deploy/${keyName}.secret`,
    openFirewall,
    publicKey: undefined,
    hostPublicKey: undefined,
    clientKeys: {},
    made: [],
    changed: [],
  };
}

/** By custom the server's name and a number. It becomes a file name, and a colon would end it. */
export function keyNameFor(server: string, address: string): string {
  const name = address.includes(":") ? server : address;
  return `${name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-.]+/, "") || "cache"}-1`;
}

function hostItem(host: HostSnapshot): PickItem<HostSnapshot> {
  return { value: host, label: host.name, description: host.hostname ?? "" };
}

function transports(): readonly PickItem<Transport>[] {
  return [
    { value: "ssh", label: "SSH", description: t("nix.sshServe; private, no port to open") },
    { value: "ssh-ng", label: "SSH (ssh-ng)", description: t("nix.sshServe with the newer protocol") },
    {
      value: "nix-serve",
      label: "nix-serve",
      description: t("HTTP without encryption, in a private network"),
    },
    {
      value: "harmonia",
      label: "harmonia",
      description: t("HTTP without encryption, in a private network; newer nixpkgs"),
    },
  ];
}

async function askAddress(app: StagingApp, server: HostSnapshot): Promise<string> {
  const text = await app.ui.input({
    title: t("The Address of {0} as Its Clients Know It", server.name),
    prompt: t("A name or an address without user and port. It stands in their substituters."),
    value: server.hostname ?? server.name,
    validate: input =>
      /^[A-Za-z0-9][A-Za-z0-9._-]*$|^[0-9A-Fa-f:]+:[0-9A-Fa-f:]*$/.test(input.trim())
        ? undefined
        : t("This is neither a name nor an address."),
  });
  return orCancel(text).trim();
}

async function askFirewall(app: StagingApp, server: HostSnapshot): Promise<boolean> {
  const items: PickItem<boolean>[] = [
    { value: true, label: t("Open port {0}", HTTP_PORT) },
    {
      value: false,
      label: t("Leave the firewall as it is"),
      description: t("it is off, or the port is open already"),
    },
  ];
  return orCancel(await app.ui.pickOne(items, { title: t("The Firewall of {0}", server.name) }));
}
