// Where a tool connects to for a host.

import type { HostSnapshot } from "../../../server/src/protocol";
import { addressOf, sshDestination } from "../state/hostAddress";

/** Where ssh connects to, or undefined where the address cannot be known by reading. */
export function destinationOf(host: HostSnapshot): string | undefined {
  return addressOf(host) === undefined ? undefined : sshDestination(host);
}
