// Names of cache keys for people. Two keys may bear one name, of which Nix trusts only the first; then the beginning of the
// public half tells them apart.

/** What stands before the colon. */
export function keyName(publicKey: string): string {
  return publicKey.split(":")[0] ?? "";
}

const SHOWN = 8;

/** The beginning of the public half, where others of these keys bear the same name. */
export function telling(
  publicKey: string,
  among: readonly { readonly publicKey: string }[],
): string | undefined {
  const name = keyName(publicKey);
  const alike = among.filter(other => keyName(other.publicKey) === name && other.publicKey !== publicKey);
  return alike.length === 0 ? undefined : `${publicKey.slice(name.length + 1).slice(0, SHOWN)}…`;
}
