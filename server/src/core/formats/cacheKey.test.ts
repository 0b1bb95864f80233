import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBase64 } from "./base64";
import {
  cacheKeyNameProblem,
  formatCacheKey,
  formatCacheSecretKey,
  parseCacheKey,
  parseCacheSecretKey,
  publicHalf,
} from "./cacheKey";

const NIXOS = "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";
const SECRET =
  "vector.example.org-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";
const PUBLIC = "vector.example.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

/** `kind "marked text"`, or what was read. */
function verdict(text: string): string {
  const reading = parseCacheKey(text);
  if (reading.kind === "unknown") return "unknown";
  if (reading.kind === "problem") {
    const { kind, start, end, instead } = reading.problem;
    const fix = instead === undefined ? "" : ` -> ${instead.join(" ")}`;
    return `${kind} [${text.slice(start, end)}]${fix}`;
  }
  const departures = reading.departures.map(d => `, ${d.kind} [${text.slice(d.start, d.end)}]`).join("");
  return `key ${formatCacheKey(reading.key)}${departures}`;
}

describe("parseCacheKey", () => {
  it("reads canonical keys", () => {
    expect(verdict(NIXOS)).toBe(`key ${NIXOS}`);
    expect(verdict("stage.yourapp.com:T0xDDpZbMep2GjjzGDpRk32FkZx/+LZ4eKqPyGI2il8=")).toBe(
      "key stage.yourapp.com:T0xDDpZbMep2GjjzGDpRk32FkZx/+LZ4eKqPyGI2il8=",
    );
  });

  it("points at what is missing", () => {
    expect(verdict("")).toBe("empty []");
    expect(verdict("garbage")).toBe("no-colon [garbage]");
    expect(verdict("6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")).toMatch(/^no-colon/);
    expect(verdict(":6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")).toBe("empty-name [:]");
    expect(verdict("a-1:")).toBe("empty-payload [a-1:]");
    expect(verdict("a-1:=")).toBe("empty-payload [=]");
  });

  it("points at the first foreign character", () => {
    expect(verdict("a-1:6NCHdD59X431o0gW!pbMrAURkbJ16ZPMQFGspcDShjY=")).toBe("bad-base64 [!]");
  });

  it("mends the URL-safe alphabet", () => {
    const safe = "vector.example.org-1:A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
    expect(verdict(safe)).toBe(`bad-base64 [_] -> ${PUBLIC}`);
    expect(verdict("a-1:A6EHv_POEL4")).toBe("bad-base64 [_]");
  });

  it("counts bytes as Nix decodes them", () => {
    for (const count of [31, 33, 63, 65]) {
      const reading = parseCacheKey(`a-1:${encodeBase64(new Uint8Array(count))}`);
      expect(reading).toMatchObject({ kind: "problem", problem: { kind: "wrong-length", byteCount: count } });
    }
  });

  it("knows the secret half and offers the public one", () => {
    expect(verdict(SECRET)).toBe(`is-secret [${SECRET.slice(SECRET.indexOf(":") + 1)}] -> ${PUBLIC}`);
  });

  it("reports what the lax decoder accepts", () => {
    expect(verdict(NIXOS.slice(0, -1))).toBe(`key ${NIXOS}, missing-padding []`);
    expect(verdict(`${NIXOS}%`)).toBe(`key ${NIXOS}, text-after-payload [%]`);
    expect(verdict(`${NIXOS}=`)).toBe(`key ${NIXOS}, text-after-payload [=]`);
    expect(verdict(NIXOS.replace("Y=", "Z="))).toBe(`key ${NIXOS}, loose-bits [Z]`);
    expect(verdict(` ${NIXOS}\n`)).toBe(`key ${NIXOS}, surrounding-blank [ ${NIXOS}\n]`);
  });

  it("finds several keys in one entry", () => {
    expect(verdict(`${NIXOS},${PUBLIC}`)).toBe(`joined-keys [,] -> ${NIXOS} ${PUBLIC}`);
    expect(verdict(`${NIXOS}; ${PUBLIC}`)).toBe(`joined-keys [; ] -> ${NIXOS} ${PUBLIC}`);
    expect(verdict(`${NIXOS} ${PUBLIC}`)).toBe(`blank-inside [ ] -> ${NIXOS} ${PUBLIC}`);
  });

  it("finds blanks inside a key", () => {
    expect(verdict("a-1: 6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")).toBe("blank-inside [ ]");
    expect(verdict("a-1:6NCHdD59X431o0gW\nypbMrAURkbJ16ZPMQFGspcDShjY=")).toBe("blank-inside [\n]");
  });

  it("unwraps quotes and brackets of other syntaxes", () => {
    expect(verdict(`"${NIXOS}"`)).toBe(`wrapped ["${NIXOS}"] -> ${NIXOS}`);
    expect(verdict(`[${NIXOS}`)).toBe(`wrapped [[${NIXOS}] -> ${NIXOS}`);
    expect(verdict("[")).toBe("wrapped [[]");
  });

  it("recognises what belongs elsewhere", () => {
    expect(verdict("https://cache.nixos.org")).toMatch(/^is-url/);
    expect(verdict("https//cache.nixos.org")).toMatch(/^is-url/);
    expect(
      verdict("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 a@b"),
    ).toMatch(/^is-ssh-key/);
    expect(verdict("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")).toMatch(/^is-age/);
    expect(verdict("-----BEGIN PGP PUBLIC KEY BLOCK-----\nx")).toMatch(/^is-pgp/);
    expect(verdict("-----BEGIN OPENSSH PRIVATE KEY-----\nx")).toMatch(/^is-private-key/);
    expect(verdict("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")).toMatch(/^is-hash/);
  });

  it("takes a payload that begins with // for a key", () => {
    const bytes = new Uint8Array(32).fill(255);
    expect(parseCacheKey(formatCacheKey({ name: "a-1", bytes })).kind).toBe("key");
  });

  it("judges nothing that holds an unknown piece", () => {
    expect(verdict("\uFFFC:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")).toBe("unknown");
    expect(verdict("https://\uFFFC")).toBe("unknown");
  });

  it("reads every key that it writes", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/);
    fc.assert(
      fc.property(name, fc.uint8Array({ minLength: 32, maxLength: 32 }), (name, bytes) => {
        expect(parseCacheKey(formatCacheKey({ name, bytes }))).toEqual({
          kind: "key",
          key: { name, bytes },
          departures: [],
        });
      }),
    );
  });

  it("never throws and keeps its ranges inside the text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), text => {
        for (const reading of [parseCacheKey(text), parseCacheSecretKey(text)]) {
          const ranges =
            reading.kind === "problem" ? [reading.problem] : reading.kind === "key" ? reading.departures : [];
          for (const { start, end } of ranges)
            expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
      }),
    );
  });
});

describe("parseCacheSecretKey", () => {
  it("splits seed and public half", () => {
    const reading = parseCacheSecretKey(SECRET);
    if (reading.kind !== "key") throw new Error(reading.kind);
    expect([...reading.key.seed]).toEqual([...Array(32).keys()]);
    expect(formatCacheKey(publicHalf(reading.key))).toBe(PUBLIC);
    expect(formatCacheSecretKey(reading.key)).toBe(SECRET);
  });

  it("accepts the line break that editors add", () => {
    expect(parseCacheSecretKey(`${SECRET}\r\n`)).toMatchObject({ kind: "key" });
  });

  it("knows a public key", () => {
    expect(parseCacheSecretKey(PUBLIC)).toMatchObject({ kind: "problem", problem: { kind: "is-public" } });
  });

  it("refuses a file with a comment in front, whose text would become part of the name", () => {
    expect(parseCacheSecretKey(`# my key\n${SECRET}`)).toMatchObject({
      kind: "problem",
      problem: { kind: "blank-inside" },
    });
  });
});

describe("cacheKeyNameProblem", () => {
  it("refuses names from which Nix makes broken keys", () => {
    expect(cacheKeyNameProblem("cache.example.org-1")).toBeUndefined();
    expect(cacheKeyNameProblem("")).toBe("empty");
    expect(cacheKeyNameProblem("has:colon")).toBe("colon");
    expect(cacheKeyNameProblem("my key")).toBe("blank");
    expect(cacheKeyNameProblem("schlüssel")).toBe("not-printable");
  });
});
