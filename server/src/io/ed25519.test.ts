import { describe, expect, it } from "vitest";
import { formatCacheKey, formatCacheSecretKey, parseCacheKey, publicHalf } from "../core/formats/cacheKey";
import {
  makeCacheKey,
  type SignedInfo,
  secretKeyIsConsistent,
  signPath,
  verifyPath,
} from "../core/formats/cacheSignature";
import { pathFingerprint } from "../core/formats/narInfo";
import { nodeEd25519, randomSeed } from "./ed25519";

const NAME = "vector.example.org-1";
const SEED = Uint8Array.from({ length: 32 }, (_, i) => i);

/** Fingerprints and signatures that `nix store sign` of Nix 2.8.0, 2.26.3 and 2.34.8 made with this key. */
const VECTORS = [
  {
    fingerprint:
      "1;/nix/store/pf9vi4l8k61zpghlzz6vq5n1974aa1pv-bc-test-va;sha256:10w9jvrx21mvsx1dpzppa7cdqja8qfr465mh0lmivmyn01j26ylg;128;",
    signature: `${NAME}:P42aqBHH1C1rSRiIYaDDdyLH8Ih0r/T1Z0+HuAzBWKYgM4CpYoTrbifP8zg/fbdArQzCFlowcFdOflvMcNZsBA==`,
  },
  {
    fingerprint:
      "1;/nix/store/3w76z68d533x1s961mlln1nkkp9v3vhq-bc-test-vb;sha256:1zjq6mld0npz59s0d5bysm3n6qq8gh71qwfang3wn3kfw77m6b7s;176;/nix/store/pf9vi4l8k61zpghlzz6vq5n1974aa1pv-bc-test-va",
    signature: `${NAME}:qIc2Q9Qgz+QsgfpIZOos3zIJN4g6hLF92GVsn4o96QfgN8be0pwv3eN98lWgpodrL3Gm8TQqVcGLWe9DGyS2Bg==`,
  },
  {
    fingerprint:
      "1;/nix/store/szr60wn4cc8xcs3bcdfd29163b2jp088-bc-m-top;sha256:0nfba2czjb3r8kh5lzncvzvnwk9p8105hhwa2pfi9ca0virckhn8;320;/nix/store/d6048c8akggfpml8j9azb3d4v098b62y-bc-m-b,/nix/store/mmcmrg78xzyhln8lbi49vm24s2gj2afs-bc-m-a,/nix/store/q0az02ajz0ac4l1d41mkqrhm7ps3x53f-bc-m-c,/nix/store/szr60wn4cc8xcs3bcdfd29163b2jp088-bc-m-top",
    signature: `${NAME}:lwr6AGIJPXkvql1I3j+8emRRVFHIR7RvFOAme7T8NdUAG6SInzMgLsfc37n+MTP5Hfs64w4ybKUFqGdDAynoBQ==`,
  },
];

function signedInfo(fingerprint: string): SignedInfo {
  const [, storePath = "", narHash = "", narSize = "", references = ""] = fingerprint.split(";");
  const names = references.split(",").filter(path => path !== "");
  return {
    storePath,
    narHash,
    narSize: Number(narSize),
    references: names.map(path => path.slice("/nix/store/".length)).reverse(),
  };
}

describe("cache keys on node:crypto", () => {
  const key = makeCacheKey(NAME, SEED, nodeEd25519);

  it("makes the key pair that Nix makes from a seed", () => {
    expect(formatCacheSecretKey(key)).toBe(
      `${NAME}:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==`,
    );
    expect(formatCacheKey(publicHalf(key))).toBe(`${NAME}:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=`);
  });

  it.each(VECTORS)(
    "signs byte for byte as nix store sign does: $fingerprint",
    ({ fingerprint, signature }) => {
      const info = signedInfo(fingerprint);
      expect(pathFingerprint(info)).toBe(fingerprint);
      expect(signPath(info, key, nodeEd25519)).toBe(signature);
      expect(verifyPath({ ...info, signatures: [signature] }, [publicHalf(key)], nodeEd25519).kind).toBe(
        "valid",
      );
    },
  );

  it("tells why a signature does not count", () => {
    const [vector] = VECTORS;
    if (vector === undefined) throw new Error("no vector");
    const info = signedInfo(vector.fingerprint);
    const signed = { ...info, signatures: [vector.signature] };
    const other = parseCacheKey(`${NAME}:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=`);
    if (other.kind !== "key") throw new Error(other.kind);
    const trusted = publicHalf(key);
    expect(verifyPath(signed, [other.key], nodeEd25519).kind).toBe("wrong-key");
    expect(verifyPath(signed, [other.key, trusted], nodeEd25519).kind).toBe("wrong-key");
    expect(verifyPath(signed, [{ ...trusted, name: "vector" }], nodeEd25519)).toEqual({
      kind: "untrusted",
      names: [NAME],
    });
    expect(verifyPath({ ...signed, narSize: 1 }, [trusted], nodeEd25519).kind).toBe("wrong-key");
    expect(verifyPath({ ...info, signatures: [] }, [trusted], nodeEd25519).kind).toBe("unsigned");
    expect(verifyPath({ ...info, signatures: ["x", `${NAME}:AAAA`] }, [trusted], nodeEd25519).kind).toBe(
      "wrong-key",
    );
  });

  it("notices a public half that does not belong to the seed", () => {
    expect(secretKeyIsConsistent(key, nodeEd25519)).toBe(true);
    expect(secretKeyIsConsistent({ ...key, publicBytes: new Uint8Array(32) }, nodeEd25519)).toBe(false);
  });

  it("makes a different key each time and refuses names that Nix cannot read", () => {
    expect(randomSeed()).not.toEqual(randomSeed());
    expect(() => makeCacheKey("my key", SEED, nodeEd25519)).toThrow(RangeError);
    expect(() => makeCacheKey(NAME, new Uint8Array(31), nodeEd25519)).toThrow(RangeError);
  });
});
