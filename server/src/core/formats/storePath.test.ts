import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeNixBase32, encodeNixBase32, isStorePath, parseStorePath } from "./storePath";

const HASH = "pf9vi4l8k61zpghlzz6vq5n1974aa1pv";

describe("parseStorePath", () => {
  it("reads store paths and what lies below", () => {
    expect(parseStorePath(`/nix/store/${HASH}-bc-test-va`)).toEqual({
      hash: HASH,
      name: "bc-test-va",
      baseName: `${HASH}-bc-test-va`,
      rest: "",
    });
    expect(parseStorePath(`/nix/store/${HASH}-x/bin/y`)?.rest).toBe("/bin/y");
    expect(isStorePath(`/nix/store/${HASH}-x`)).toBe(true);
    expect(isStorePath(`/nix/store/${HASH}-x/`)).toBe(false);
  });

  it("refuses what is none", () => {
    for (const text of [
      "",
      "/nix/store",
      `/nix/store/${HASH}`,
      `/nix/store/${HASH}-`,
      `/nix/store/${HASH}-a b`,
      `/nix/store/${HASH}-..`,
      `/nix/store/${HASH.replace("p", "e")}-x`,
      `/nix/store/${HASH}-x\n`,
      `nix/store/${HASH}-x`,
      `/other/store/${HASH}-x`,
    ]) {
      expect(parseStorePath(text), text).toBeUndefined();
    }
  });
});

describe("Nix base 32", () => {
  it("writes hashes as Nix does", () => {
    const sri = Buffer.from("j3ojZADW1x0rBbAWQ7LDSEnc2FH3/ttC17sG0fOWiYM=", "base64");
    expect(encodeNixBase32(sri)).toBe("10w9jvrx21mvsx1dpzppa7cdqja8qfr465mh0lmivmyn01j26ylg");
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        expect(decodeNixBase32(encodeNixBase32(bytes))).toEqual(bytes);
      }),
    );
  });

  it("refuses foreign characters and surplus bits", () => {
    expect(decodeNixBase32("e")).toBeUndefined();
    expect(decodeNixBase32(`z${"0".repeat(51)}`)).toBeUndefined();
  });
});
