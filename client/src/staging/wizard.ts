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
import { HTTP_PORT, type HttpService, httpServerOf } from "../stores/httpServer";
import { orCancel, UserError } from "../userError";
import { cacheUrl, overSsh, readStagingFacts, type StagingFacts, type Transport } from "./facts";
import type { StagingPorts } from "./stagingStep";
import { STAGING_STEPS } from "./steps";

export type StagingApp = Pick<
  App,
  "ui" | "log" | "ports" | "state" | "storage" | "commands" | "server" | "documents"
>;

/** @param underway see ProcedureKind */
export function setUpStagingCache(app: StagingApp, underway: Set<string>): Promise<void> {
  return procedureCommand(app, stagingKind(app, underway), t("Set Up a Staging Cache"));
}

function stagingKind(app: StagingApp, underway: Set<string>): ProcedureKind<StagingFacts, StagingPorts> {
  return {
    steps: STAGING_STEPS,
    underway,
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
  const { transport, flat } = orCancel(
    await app.ui.pickOne(waysTo(server), { title: t("How They Reach It") }),
  );
  const address = await askAddress(app, server);
  const keyName = keyNameFor(server.name, address);
  const port = overSsh(transport) ? HTTP_PORT : await askPort(app, server, transport);
  const openFirewall = !overSsh(transport) && (await askFirewall(app, server, port));
  return {
    server: server.name,
    clients: clients.map(({ name }) => name),
    transport,
    address,
    keyName,
    keyFile: `/var/lib/nix-deploy/${keyName}.secret`,
    port,
    flat,
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

interface Way {
  readonly transport: Transport;
  readonly flat: boolean;
}

/** Of harmonia's two places for its options the one that the server uses already, or both. */
function waysTo({ httpServer }: HostSnapshot): readonly PickItem<Way>[] {
  const http = t("HTTP without encryption, in a private network");
  const way = (transport: Transport, label: string, description: string, flat = false): PickItem<Way> => ({
    value: { transport, flat },
    label,
    description,
  });
  const harmonia = [
    way("harmonia", "harmonia", `${http} (services.harmonia.cache)`),
    way("harmonia", t("harmonia of older nixpkgs"), `${http} (services.harmonia)`, true),
  ];
  const used = httpServer?.service === "harmonia" ? httpServer.flat : undefined;
  return [
    way("ssh", "SSH", t("nix.sshServe; private, no port to open")),
    way("ssh-ng", "SSH (ssh-ng)", t("nix.sshServe with the newer protocol")),
    way("nix-serve", "nix-serve", http),
    ...harmonia.filter(({ value }) => used === undefined || value.flat === used),
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

async function askPort(app: StagingApp, server: HostSnapshot, service: HttpService): Promise<number> {
  const text = await app.ui.input({
    title: t("The Port of {0} on {1}", service, server.name),
    prompt: t("Where it listens. It stands in the clients' substituters."),
    value: String(httpServerOf(server, service).port),
    validate: input =>
      /^[1-9]\d{0,4}$/.test(input.trim()) && Number(input) < 65536
        ? undefined
        : t("A port is a number from 1 to 65535."),
  });
  return Number(orCancel(text).trim());
}

async function askFirewall(app: StagingApp, server: HostSnapshot, port: number): Promise<boolean> {
  const items: PickItem<boolean>[] = [
    { value: true, label: t("Open port {0}", port) },
    {
      value: false,
      label: t("Leave the firewall as it is"),
      description: t("it is off, or the port is open already"),
    },
  ];
  return orCancel(await app.ui.pickOne(items, { title: t("The Firewall of {0}", server.name) }));
}
