import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearest } from "./editDistance";

/** The definition, without bounds or tables. */
function slow(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const options = [
    slow(a.slice(1), b) + 1,
    slow(a, b.slice(1)) + 1,
    slow(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    options.push(slow(a.slice(2), b.slice(2)) + 1);
  return Math.min(...options);
}

describe("editDistance", () => {
  it("agrees with its definition, cut off at the limit", () => {
    const word = fc.stringMatching(/^[abc]{0,5}$/);
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(slow(a, b), limit + 1));
      }),
    );
  });
});

describe("nearest", () => {
  const names = ["substituters", "trusted-substituters", "trusted-public-keys", "timeout", "sandbox"];

  it("finds the one near word", () => {
    expect(nearest("subsituters", names)).toBe("substituters");
    expect(nearest("substitutesr", names)).toBe("substituters");
    expect(nearest("trustedPublicKeys", names)).toBe("trusted-public-keys");
    expect(nearest("trusted_public_key", names)).toBe("trusted-public-keys");
    expect(nearest("Substituters", names)).toBe("substituters");
  });

  it("does not guess", () => {
    expect(nearest("frobnicate", names)).toBeUndefined();
    expect(nearest("ab", ["ac", "ad"])).toBeUndefined();
    expect(nearest("abcd", ["abce", "abcf"])).toBeUndefined();
    expect(nearest("", names)).toBeUndefined();
  });

  it("prefers the nearer one, in any order", () => {
    expect(nearest("abcdef", ["abcdxx", "abcdex"])).toBe("abcdex");
    expect(nearest("abcdef", ["abcdex", "abcdxx"])).toBe("abcdex");
  });
});
