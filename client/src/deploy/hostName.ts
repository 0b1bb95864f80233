// Names and addresses come from the workspace, which is untrusted input. They are checked here before they become part of
// any argument; what looks like an option or cannot be written safely is refused.

import { t } from "../l10n";
import { UserError } from "../userError";

/** The name as a word of its own that no tool may take for an option. */
export function plainWord(name: string): string {
  if (name.startsWith("-"))
    throw new UserError(t("The name {0} begins with a dash, like an option.", JSON.stringify(name)));
  if (name === "" || /\p{Cc}/u.test(name)) {
    throw new UserError(t("The name {0} can't be passed to a program.", JSON.stringify(name)));
  }
  return name;
}

/** The name for colmena's `--on`, in which commas, globs and a leading `@` have a meaning. */
export function colmenaName(name: string): string {
  if (/[,*?[\]{}!@\s]/.test(name)) {
    throw new UserError(t("The name {0} would be a pattern for colmena.", JSON.stringify(name)));
  }
  return plainWord(name);
}

/** `host` or `user@host` for ssh. */
export function sshDestination(user: string | null, address: string): string {
  return user === null ? checkedAddress(address) : `${checkedUser(user)}@${checkedAddress(address)}`;
}

/** The store URL of a host; an IPv6 address gets its brackets. */
export function sshStoreUrl(user: string | null, address: string): string {
  const host = checkedAddress(address).replace(/^\[|\]$/g, "");
  const authority = host.includes(":") ? `[${host}]` : host;
  return `ssh://${user === null ? "" : `${checkedUser(user)}@`}${authority}`;
}

/** The same for the protocol that can build. */
export function sshNgStoreUrl(user: string | null, address: string): string {
  return sshStoreUrl(user, address).replace(/^ssh:/, "ssh-ng:");
}

function checkedAddress(address: string): string {
  if (!/^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*)|\[?[0-9A-Fa-f:]+(?:%[A-Za-z0-9]+)?\]?)$/.test(address)) {
    throw new UserError(t("{0} is not an address that ssh could be given safely.", JSON.stringify(address)));
  }
  return address;
}

function checkedUser(user: string): string {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/.test(user)) {
    throw new UserError(t("{0} is not a user name that ssh could be given safely.", JSON.stringify(user)));
  }
  return user;
}
