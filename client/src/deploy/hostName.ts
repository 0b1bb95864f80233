// Names and addresses come from the workspace, which is untrusted input. They are checked here before they become part of
// any argument; what looks like an option or cannot be written safely is refused.

import { t } from "../l10n";
import { checkedAddress, checkedUser } from "../state/hostAddress";
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

/** The store URL of a host; an IPv6 address gets its brackets. */
export function sshStoreUrl(user: string | null, address: string): string {
  const host = checkedAddress(address.replace(/^\[(.*)\]$/, "$1"));
  const authority = host.includes(":") ? `[${host}]` : host;
  return `ssh://${user === null ? "" : `${checkedUser(user)}@`}${authority}`;
}

/** The same for the protocol that can build. */
export function sshNgStoreUrl(user: string | null, address: string): string {
  return sshStoreUrl(user, address).replace(/^ssh:/, "ssh-ng:");
}
