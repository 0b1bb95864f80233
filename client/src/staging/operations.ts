// The configuration of a staging cache as edits: what the server and what each client must say.

import type { EditOperation, EditValue, HostSnapshot } from "../../../server/src/protocol";
import { enableServer, httpServerOf, listenAtPort, openPort, signWhatIsServed } from "../stores/httpServer";
import { cacheOn, keyOn } from "../stores/spellings";
import { cacheUrl, httpServer, overSsh, type StagingFacts } from "./facts";

export const KNOWN_HOSTS = "programs.ssh.knownHosts";

/** Everything that has to stand in the configuration. What stands there already is left out by whoever writes the edits. */
export function stagingOperations(
  facts: StagingFacts,
  findHost: (name: string) => HostSnapshot | undefined,
): readonly EditOperation[] {
  return [
    ...serverOperations(facts, findHost(facts.server)),
    ...facts.clients.flatMap(name => clientOperations(facts, name, findHost(name))),
  ];
}

function serverOperations(facts: StagingFacts, host: HostSnapshot | undefined): readonly EditOperation[] {
  const { server, transport, keyFile } = facts;
  const http = httpServer(facts);
  if (http !== undefined)
    return [
      enableServer(http, server),
      ...listenAtPort(http, server, httpServerOf(host, http.service)),
      signWhatIsServed(http, server, keyFile),
      ...(facts.openFirewall ? [openPort(http, server)] : []),
    ];
  const set = (option: string, value: EditValue): EditOperation => ({
    kind: "set",
    target: { hosts: [server] },
    option,
    value,
  });
  const add = (option: string, items: readonly string[]): EditOperation => ({
    kind: "addToList",
    target: { hosts: [server] },
    option,
    items,
  });
  return [
    set("nix.sshServe.enable", true),
    ...(transport === "ssh-ng" ? [set("nix.sshServe.protocol", "ssh-ng")] : []),
    add("nix.sshServe.keys", [...new Set(Object.values(facts.clientKeys))]),
    add("nix.settings.secret-key-files", [keyFile]),
  ];
}

function clientOperations(
  facts: StagingFacts,
  name: string,
  host: HostSnapshot | undefined,
): readonly EditOperation[] {
  const target = { hosts: [name] };
  const key = facts.publicKey;
  const there = whatIsThere(facts, host);
  const substituters: EditOperation = {
    kind: "addToList",
    target,
    option: "nix.settings.substituters",
    items: [cacheUrl(facts)],
  };
  const trusts: readonly EditOperation[] =
    key === undefined
      ? []
      : [{ kind: "addToList", target, option: "nix.settings.trusted-public-keys", items: [key] }];
  return [
    ...(there.url === undefined ? [substituters] : []),
    ...(there.key === undefined ? trusts : []),
    // an SSH cache that does not answer fails every build of a host that does not fall back
    { kind: "set", target, option: "nix.settings.fallback", value: true },
    ...(overSsh(facts.transport) && facts.hostPublicKey !== undefined
      ? [knownHost(target, facts.address, facts.hostPublicKey)]
      : []),
  ];
}

/** The cache and its key as the configuration of a client has them, in whatever spelling. */
export function whatIsThere(
  facts: StagingFacts,
  host: HostSnapshot | undefined,
): { readonly url: string | undefined; readonly key: string | undefined } {
  const key = facts.publicKey;
  return { url: cacheOn(host, cacheUrl(facts)), key: key === undefined ? undefined : keyOn(host, key) };
}

function knownHost(
  target: { readonly hosts: readonly string[] },
  address: string,
  publicKey: string,
): EditOperation {
  const option = `${KNOWN_HOSTS}.${JSON.stringify(address)}.publicKey`;
  return { kind: "set", target, option, value: publicKey };
}
