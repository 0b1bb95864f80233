// Where a tool connects to for a host.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { UserError } from "../userError";
import { sshDestination } from "./hostName";

/** The host's address; its name where no tool gives one, because ssh configurations know hosts by name. */
export function addressOf(host: HostSnapshot): string | undefined {
  if (host.hostname !== null) return host.hostname;
  return host.unknown.includes("hostname") ? undefined : host.name;
}

/** Where ssh connects to, or undefined where the address cannot be known by reading. */
export function destinationOf(host: HostSnapshot): string | undefined {
  const address = addressOf(host);
  return address === undefined ? undefined : sshDestination(host.sshUser, address);
}

export function requireDestination(host: HostSnapshot): string {
  const destination = destinationOf(host);
  if (destination === undefined) {
    throw new UserError(t("The address of {0} can't be known by reading its configuration.", host.name));
  }
  return destination;
}
