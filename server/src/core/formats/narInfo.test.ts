import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalNarHash, parseNarInfo, pathFingerprint } from "./narInfo";

const V2 = `StorePath: /nix/store/3w76z68d533x1s961mlln1nkkp9v3vhq-bc-test-vb
URL: nar/x.nar.xz
Compression: xz
FileHash: sha256:1zjq6mld0npz59s0d5bysm3n6qq8gh71qwfang3wn3kfw77m6b7s
FileSize: 120
NarHash: sha256:1zjq6mld0npz59s0d5bysm3n6qq8gh71qwfang3wn3kfw77m6b7s
NarSize: 176
References: pf9vi4l8k61zpghlzz6vq5n1974aa1pv-bc-test-va
Deriver: unknown-deriver
Sig: a-1:AAAA
Sig: b-1:BBBB
CA: 
`;

function verdict(text: string): string {
  const reading = parseNarInfo(text);
  if (reading.kind === "narinfo") return "narinfo";
  const { kind, line, field } = reading.problem;
  return `${kind} ${line}${field === undefined ? "" : ` ${field}`}`;
}

describe("parseNarInfo", () => {
  it("reads all fields", () => {
    expect(parseNarInfo(V2)).toEqual({
      kind: "narinfo",
      info: {
        storePath: "/nix/store/3w76z68d533x1s961mlln1nkkp9v3vhq-bc-test-vb",
        url: "nar/x.nar.xz",
        compression: "xz",
        fileHash: "sha256:1zjq6mld0npz59s0d5bysm3n6qq8gh71qwfang3wn3kfw77m6b7s",
        fileSize: 120,
        narHash: "sha256:1zjq6mld0npz59s0d5bysm3n6qq8gh71qwfang3wn3kfw77m6b7s",
        narSize: 176,
        references: ["pf9vi4l8k61zpghlzz6vq5n1974aa1pv-bc-test-va"],
        signatures: ["a-1:AAAA", "b-1:BBBB"],
      },
    });
  });

  it("calls corrupt what Nix calls corrupt", () => {
    expect(verdict("<html>\n")).toBe("syntax 1");
    expect(verdict("")).toBe("missing 0 StorePath");
    expect(verdict(V2.trimEnd())).toBe("syntax 12");
    expect(verdict(V2.replace(/NarHash.*\n/, ""))).toBe("missing 0 NarHash");
    expect(verdict(V2.replace("NarSize: 176", "NarSize: 0"))).toBe("bad-value 7 NarSize");
    expect(verdict(V2.replace("NarSize: 176", "NarSize: 1e9"))).toBe("bad-value 7 NarSize");
    expect(verdict(V2.replace("/nix/store/3w", "/etc/3w"))).toBe("bad-value 1 StorePath");
    expect(verdict(V2.replace("References: pf", "References: ../pf"))).toBe("bad-value 8 References");
  });

  it("bounds what it reads", () => {
    expect(verdict("a".repeat(5_000_000))).toBe("too-large 0");
    expect(verdict("Sig: a\n".repeat(2000))).toBe("too-large 1000");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...V2.split(/(?<=[\n: ])/)), { maxLength: 40 }), pieces => {
        parseNarInfo(pieces.join(""));
      }),
    );
  });
});

describe("normalNarHash", () => {
  it("turns every spelling into Nix base 32", () => {
    const base32 = "sha256:10w9jvrx21mvsx1dpzppa7cdqja8qfr465mh0lmivmyn01j26ylg";
    const bytes = Buffer.from("j3ojZADW1x0rBbAWQ7LDSEnc2FH3/ttC17sG0fOWiYM=", "base64");
    expect(normalNarHash(base32)).toBe(base32);
    expect(normalNarHash(`sha256:${bytes.toString("hex")}`)).toBe(base32);
    expect(normalNarHash(`sha256:${bytes.toString("base64")}`)).toBe(base32);
    expect(normalNarHash(`sha256-${bytes.toString("base64")}`)).toBe(base32);
    expect(normalNarHash("md5:x")).toBeUndefined();
    expect(normalNarHash("sha256:short")).toBeUndefined();
  });
});

describe("pathFingerprint", () => {
  it("sorts references and ends in a semicolon without any", () => {
    const info = { storePath: "/nix/store/x", narHash: "sha256:h", narSize: 1 };
    expect(pathFingerprint({ ...info, references: [] })).toBe("1;/nix/store/x;sha256:h;1;");
    expect(pathFingerprint({ ...info, references: ["b", "a"] })).toBe(
      "1;/nix/store/x;sha256:h;1;/nix/store/a,/nix/store/b",
    );
  });
});
