// Recognises what people paste where a cache key belongs: URLs, keys of other programs, hashes.

export type ForeignKind = "is-url" | "is-ssh-key" | "is-age" | "is-pgp" | "is-private-key" | "is-hash";

const PATTERNS: readonly (readonly [ForeignKind, RegExp])[] = [
  ["is-pgp", /^-----BEGIN PGP /],
  ["is-private-key", /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/],
  ["is-url", /^[A-Za-z][A-Za-z0-9+.-]*:?\/\//],
  ["is-url", /^(https?|s3|ssh|ssh-ng|file):\//],
  ["is-ssh-key", /(^|\s)(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com)(\s|$)/],
  ["is-ssh-key", /(^|\s|:)AAAA[BCEG][23A-Za-z]N[A-Za-z0-9+/]{12,}/],
  ["is-age", /^(age1[0-9a-z]{20,}|AGE-SECRET-KEY-1)/],
  ["is-pgp", /^(0x)?([0-9A-Fa-f]{40}|([0-9A-Fa-f]{4} *){10})$/],
  ["is-hash", /^(md5|sha1|sha256|sha512|blake3)[-:][0-9A-Za-z+/=]+$/],
];

/** What the text is instead of a cache key; undefined if nothing is recognised. */
export function foreignKind(text: string): ForeignKind | undefined {
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0];
}
