// Files that a filter of Git encrypts: in a work tree without the key the envelope stands where the text should be.

/** What sops writes around a file of no format that it knows, transcrypt around any, and age and PGP in their armour. */
const ENVELOPE =
  /^(?:\{\s*"data":\s*"ENC\[|data: ENC\[|U2FsdGVkX1[A-Za-z0-9+/\s]+=*\s*$|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----)/;

export function isEncrypted(text: string): boolean {
  return ENVELOPE.test(text);
}
