// Where a tool connects to for a host.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { addressOf } from "../state/hostAddress";
import { UserError } from "../userError";
import { sshDestination } from "./hostName";

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
