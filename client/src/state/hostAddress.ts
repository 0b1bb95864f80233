// Where a host is reached, as its configuration says: for connecting, for a terminal and for people.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { SshTarget } from "../ports/ssh/connection";
import { UserError } from "../userError";

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

/** Where ssh connects to, as one argument that it can't take for anything else. */
export function sshDestination(host: HostSnapshot): string {
  const target = sshTargetOf(host);
  if (target === undefined)
    throw new UserError(t("The address of {0} can't be known by reading its configuration.", host.name));
  // such texts reach commands of the user's SSH configuration by %h and %r, where a shell may read them
  if (!/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|[0-9A-Fa-f:]+(?:%[A-Za-z0-9]+)?)$/.test(target.host))
    throw new UserError(
      t("{0} is not an address that ssh could be given safely.", JSON.stringify(target.host)),
    );
  if (target.user === undefined) return target.host;
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(target.user))
    throw new UserError(
      t("{0} is not a user name that ssh could be given safely.", JSON.stringify(target.user)),
    );
  return `${target.user}@${target.host}`;
}

/** The arguments of an ssh that people talk to. */
export function sshArguments(host: HostSnapshot, configFile: string | undefined): readonly string[] {
  return [...(configFile === undefined ? [] : ["-F", configFile]), "--", sshDestination(host)];
}
