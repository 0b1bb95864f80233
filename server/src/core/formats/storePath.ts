// Store paths: `/nix/store/HASH-NAME`, and Nix's own base 32.

/** No e, o, u, t. */
const NIX_BASE32 = "0123456789abcdfghijklmnpqrsvwxyz";

export const STORE_DIR = "/nix/store";

export interface StorePath {
  /** 32 characters of Nix base 32. */
  readonly hash: string;
  /** What follows the dash. */
  readonly name: string;
  /** `HASH-NAME`. */
  readonly baseName: string;
  /** Below the store path: `/bin/switch`; empty for the store path itself. */
  readonly rest: string;
}

/** Names have at most 211 characters in Nix. */
const BASE_NAME = /^([0-9abcdfghijklmnpqrsvwxyz]{32})-([0-9A-Za-z+\-._?=]{1,211})$/;

/** Reads a store path, or a path below one; undefined if it is neither. */
export function parseStorePath(text: string): StorePath | undefined {
  if (!text.startsWith(`${STORE_DIR}/`)) return undefined;
  const inner = text.slice(STORE_DIR.length + 1);
  const slash = inner.indexOf("/");
  const baseName = slash < 0 ? inner : inner.slice(0, slash);
  const parts = parseStoreBaseName(baseName);
  return parts === undefined ? undefined : { ...parts, baseName, rest: slash < 0 ? "" : inner.slice(slash) };
}

/** Reads `HASH-NAME`. */
export function parseStoreBaseName(
  text: string,
): { readonly hash: string; readonly name: string } | undefined {
  const match = BASE_NAME.exec(text);
  const hash = match?.[1];
  const name = match?.[2];
  // From 2.24 Nix refuses names that are `.` or `..` up to the first dash.
  if (hash === undefined || name === undefined || /^\.{1,2}(-|$)/.test(name)) return undefined;
  return { hash, name };
}

/** Whether the text is a store path itself, not one below. */
export function isStorePath(text: string): boolean {
  return parseStorePath(text)?.rest === "";
}

/** Bytes in Nix base 32: the last character first, five bits at a time from the lowest byte. */
export function encodeNixBase32(bytes: Uint8Array): string {
  let text = "";
  for (let n = Math.ceil((bytes.length * 8) / 5) - 1; n >= 0; n--) {
    const at = Math.floor((n * 5) / 8);
    const pair = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    text += NIX_BASE32.charAt((pair >> ((n * 5) % 8)) & 31);
  }
  return text;
}

/** The bytes of Nix base 32; undefined for foreign characters and for digits that hold more bits than bytes do. */
export function decodeNixBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  for (let n = 0; n < text.length; n++) {
    const digit = NIX_BASE32.indexOf(text.charAt(text.length - 1 - n));
    if (digit < 0) return undefined;
    const at = Math.floor((n * 5) / 8);
    const shifted = digit << ((n * 5) % 8);
    const high = shifted >> 8;
    if (at >= bytes.length ? shifted !== 0 : high !== 0 && at + 1 >= bytes.length) return undefined;
    bytes[at] = (bytes[at] ?? 0) | (shifted & 0xff);
    if (high !== 0) bytes[at + 1] = (bytes[at + 1] ?? 0) | high;
  }
  return bytes;
}
