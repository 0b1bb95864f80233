import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, decodeBase64Lax, encodeBase64, encodeBase64Unpadded } from "./base64";

describe("base64", () => {
  it("encodes and decodes every byte string as Node does", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const text = Buffer.from(bytes).toString("base64");
        expect(encodeBase64(bytes)).toBe(text);
        expect(encodeBase64Unpadded(bytes)).toBe(text.replace(/=+$/, ""));
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64Lax(text)).toMatchObject({ kind: "bytes", bytes, looseBits: false });
      }),
    );
  });

  it("never throws, and reads strictly only what it would write", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), text => {
        const strict = decodeBase64(text);
        if (strict !== undefined) expect(encodeBase64(strict)).toBe(text);
      }),
    );
  });

  it("stops at the first = and ignores what follows, as Nix does", () => {
    expect(decodeBase64Lax("AAEC=%$!")).toEqual({
      kind: "bytes",
      bytes: Uint8Array.of(0, 1, 2),
      end: 4,
      looseBits: false,
    });
  });

  it("accepts missing padding and loose bits, and tells so", () => {
    expect(decodeBase64Lax("AQ")).toEqual({
      kind: "bytes",
      bytes: Uint8Array.of(1),
      end: 2,
      looseBits: false,
    });
    expect(decodeBase64Lax("AR==")).toEqual({
      kind: "bytes",
      bytes: Uint8Array.of(1),
      end: 2,
      looseBits: true,
    });
    expect(decodeBase64("AR==")).toBeUndefined();
    expect(decodeBase64("AQ")).toBeUndefined();
  });

  it("skips line feeds but no other blank", () => {
    expect(decodeBase64Lax("AA\nEC")).toMatchObject({ kind: "bytes", bytes: Uint8Array.of(0, 1, 2) });
    expect(decodeBase64Lax("AA EC")).toEqual({ kind: "bad-character", at: 2 });
    expect(decodeBase64Lax("AA\rEC")).toEqual({ kind: "bad-character", at: 2 });
  });
});
