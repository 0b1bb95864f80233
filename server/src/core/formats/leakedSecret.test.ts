import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeEd25519 } from "../../io/ed25519";
import { ed25519PublicKey, findLeakedSecrets } from "./leakedSecret";
import { sha512 } from "./sha512";

const SECRET =
  "vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
const SIGNATURE =
  "vector.example.org-1:P42aqBHH1C1rSRiIYaDDdyLH8Ih0r/T1Z0+HuAzBWKYgM4CpYoTrbifP8zg/fbdArQzCFlowcFdOflvMcNZsBA==";

describe("sha512", () => {
  it("agrees with OpenSSL", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        expect(sha512(bytes)).toEqual(Uint8Array.from(createHash("sha512").update(bytes).digest()));
      }),
    );
  });
});

describe("ed25519PublicKey", () => {
  it("agrees with OpenSSL", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), seed => {
        expect(ed25519PublicKey(seed)).toEqual(nodeEd25519.publicKey(seed));
      }),
      { numRuns: 30 },
    );
  });
});

describe("findLeakedSecrets", () => {
  it("finds secret keys inside other text", () => {
    const text = `environment.etc."key".text = ''\n  ${SECRET}\n'';`;
    const [leak, ...others] = findLeakedSecrets(text);
    expect(others).toEqual([]);
    expect(text.slice(leak?.start, leak?.end)).toBe(SECRET);
    expect(leak?.key.name).toBe("vector.example.org-1");
  });

  it("takes no signature, public key or altered key for one", () => {
    expect(findLeakedSecrets(SIGNATURE)).toEqual([]);
    expect(findLeakedSecrets("cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")).toEqual([]);
    expect(findLeakedSecrets(SECRET.replace("AAEC", "AAED"))).toEqual([]);
    expect(findLeakedSecrets(SECRET.replace("A==", "AAAA"))).toEqual([]);
  });

  it("finds one without its padding and several in one text", () => {
    expect(findLeakedSecrets(SECRET.replace("==", ""))).toHaveLength(1);
    expect(findLeakedSecrets(`${SECRET} ${SECRET}`)).toHaveLength(2);
  });
});
