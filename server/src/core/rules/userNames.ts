// Which texts a user on a host may be called.

/** Whether a user can have this name. Generous: what directory services hand out counts. */
export function isUserName(text: string): boolean {
  return /^[A-Za-z_0-9][^\s:/@'"`;|&<>()$\\]*$/.test(text);
}
