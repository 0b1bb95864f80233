// Base64 with the standard alphabet, twice: as Nix decodes it (lax) and as it should be written (strict).
// Nothing here is secret-safe in the sense of constant time; keys are compared elsewhere.

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const DIGITS: ReadonlyMap<string, number> = new Map([...ALPHABET].map((c, i) => [c, i]));

export type LaxBase64 =
  | {
      readonly kind: "bytes";
      readonly bytes: Uint8Array;
      /** Where decoding stopped: the offset of the first `=`, or the end of the text. */
      readonly end: number;
      /** Bits that were left over at the end and are not zero: another spelling of the same bytes. */
      readonly looseBits: boolean;
    }
  | { readonly kind: "bad-character"; readonly at: number };

/**
 * Decodes as Nix does in all versions from 2.3: `\n` is skipped, decoding stops at the first `=` and ignores what
 * follows, padding may be missing, left-over bits are ignored. Any other character is an error.
 */
export function decodeBase64Lax(text: string): LaxBase64 {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const c = text.charAt(at);
    if (c === "=") break;
    if (c === "\n") continue;
    const digit = DIGITS.get(c);
    if (digit === undefined) return { kind: "bad-character", at };
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return {
    kind: "bytes",
    bytes: Uint8Array.from(bytes),
    end: at,
    looseBits: (held & ((1 << bits) - 1)) !== 0,
  };
}

/** The bytes of canonical base64 with its padding; undefined for every other spelling. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const lax = decodeBase64Lax(text);
  return lax.kind === "bytes" && encodeBase64(lax.bytes) === text ? lax.bytes : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  const digits = encodeBase64Unpadded(bytes);
  return digits + "=".repeat((4 - (digits.length % 4)) % 4);
}

/** Without `=`, the form of SSH fingerprints. */
export function encodeBase64Unpadded(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET.charAt((held >> bits) & 63);
    }
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (6 - bits)) & 63) : text;
}

/** The text with the URL-safe digits `-` and `_` replaced by `+` and `/`. */
export function fromUrlSafe(text: string): string {
  return text.replaceAll("-", "+").replaceAll("_", "/");
}
