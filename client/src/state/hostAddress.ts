// Where a host is reached, as its configuration says: for connecting, for a terminal and for people.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { SshTarget } from "../ports/ssh/connection";

/** The host's address; its name where no tool gives one, because SSH configurations know hosts by name. */
export function addressOf(host: HostSnapshot): string | undefined {
  if (host.hostname !== null) return host.hostname;
  return host.unknown.includes("hostname") ? undefined : host.name;
}

/** Undefined where the address can't be known by reading. */
export function sshTargetOf(host: HostSnapshot): SshTarget | undefined {
  const address = addressOf(host)?.replace(/^\[(.*)\]$/, "$1");
  if (address === undefined || address === "") return undefined;
  return host.sshUser === null ? { host: address } : { host: address, user: host.sshUser };
}
