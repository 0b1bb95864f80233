// UTF-8 lengths and offsets of JavaScript strings, because Nix strings are bytes.

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is exactly this range
const ASCII = /^[\x00-\x7f]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** Length in bytes of UTF-8. */
export function byteLength(text: string): number {
  let bytes = text.length;
  if (isAscii(text)) return bytes;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) bytes++;
    // Both halves of a surrogate pair together are four bytes.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes++;
  }
  return bytes;
}

/** The UTF-16 offset at which that byte starts; undefined inside of a character. */
export function unitAtByte(text: string, byte: number): number | undefined {
  let at = 0;
  let bytes = 0;
  while (bytes < byte && at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return bytes === byte ? at : undefined;
}
