// Where a host is reached, as its configuration says: for connecting, for a terminal, for tools and for people. Names and
// addresses come from the workspace, which is untrusted input: what could be taken for an option or reach a shell is refused.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { SshTarget } from "../ports/ssh/connection";
import { parseHop, readSshArguments, type SshDirective } from "../ports/ssh/sshArguments";
import { UserError } from "../userError";

/** The host's address; its name where no tool gives one, because SSH configurations know hosts by name. */
export function addressOf(host: HostSnapshot): string | undefined {
  if (host.hostname !== null) return host.hostname;
  return host.unknown.includes("hostname") ? undefined : host.name;
}

/** What to connect to; undefined where the address can't be known by reading. */
export function sshTargetOf(host: HostSnapshot): SshTarget | undefined {
  const address = addressOf(host)?.replace(/^\[(.*)\]$/, "$1");
  if (address === undefined || address === "") return undefined;
  const options = readSshArguments(host.sshOpts);
  return {
    host: address,
    ...(host.sshUser === null ? {} : { user: host.sshUser }),
    ...(options.length === 0 ? {} : { options }),
  };
}

/** The same. @throws UserError where the address can't be known */
export function requireTarget(host: HostSnapshot): SshTarget {
  const target = sshTargetOf(host);
  if (target !== undefined) return target;
  throw new UserError(t("The address of {0} can't be known by reading its configuration.", host.name));
}

/** Where ssh connects to, as one argument that it can't take for anything else. */
export function sshDestination(host: HostSnapshot): string {
  const { host: address, user } = requireTarget(host);
  return user === undefined ? checkedAddress(address) : `${checkedUser(user)}@${checkedAddress(address)}`;
}

/** The options that the host's own configuration gives to ssh. */
export function sshOptionWords(host: HostSnapshot): readonly string[] {
  return (requireTarget(host).options ?? []).flatMap(optionWords);
}

/** The arguments of an ssh that people talk to. */
export function sshArguments(host: HostSnapshot, configFile: string | undefined): readonly string[] {
  return [
    ...(configFile === undefined ? [] : ["-F", configFile]),
    ...sshOptionWords(host),
    "--",
    sshDestination(host),
  ];
}

const FLAGS: ReadonlyMap<string, string> = new Map([
  ["port", "-p"],
  ["identityfile", "-i"],
  ["proxyjump", "-J"],
]);

function optionWords({ key, value }: SshDirective): readonly string[] {
  if (key === "proxyjump" && value !== "none") checkHops(value);
  else if (key === "user") checkedUser(value);
  else if (key === "port" ? !/^\d{1,5}$/.test(value) : /\p{Cc}/u.test(value))
    throw new UserError(t("{0} can't be given to ssh safely.", JSON.stringify(value)));
  const flag = FLAGS.get(key);
  return flag === undefined ? ["-o", `${key}=${value}`] : [flag, value];
}

/** ssh makes a command for a shell of them. */
function checkHops(jumps: string): void {
  for (const { host, user } of jumps.split(",").map(hop => parseHop(hop.trim()))) {
    checkedAddress(host);
    if (user !== undefined) checkedUser(user);
  }
}

/**
 * A name or an address without brackets. Such texts reach commands of the user's SSH configuration by %h and %r, where a
 * shell may read them.
 */
export function checkedAddress(address: string): string {
  if (!/^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*|[0-9A-Fa-f:]+(?:%[A-Za-z0-9]+)?)$/.test(address))
    throw new UserError(t("{0} is not an address that ssh could be given safely.", JSON.stringify(address)));
  return address;
}

export function checkedUser(user: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/.test(user))
    throw new UserError(t("{0} is not a user name that ssh could be given safely.", JSON.stringify(user)));
  return user;
}
