import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeBase64 } from "./base64";
import { findPrivateKey, parseSshPublicKey, sshFingerprint } from "./sshPublicKey";

const ED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 a@b";
const ED2 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKhrqTpoIhwuKzvC3ixRSpUwxzlqrF+E3g2QcTDbfOzm";
const EC =
  "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBD0s/e03xTRFzP/ms7Lsfo+lJCtlcfz8cXiIuTlcWkGwvd6RQ98qF2OpPFxj2T6Z0ykgu001Y9DJkwRQ54PeCEg= e@256";
const SK =
  "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIOS62dOtOBrD/xAA2pPF1QVVhYJPSvUZg9uYwCtmpl/EAAAABHNzaDo= sk@x";
const SK_EC =
  "sk-ecdsa-sha2-nistp256@openssh.com AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlzdHAyNTYAAABBBIMyuGiQiT7K6PdG8vwPZa9mUQG4MlsA3GPwD30Olhmph9u1p/iKqFAe7uxoz3ySj5jgUtoC4akKIArLrcLjgb8AAAAEc3NoOg== ske@x";

function fingerprint(text: string): string {
  const reading = parseSshPublicKey(text);
  if (reading.kind !== "key") throw new Error(JSON.stringify(reading));
  return sshFingerprint(reading.key.blob, bytes => createHash("sha256").update(bytes).digest());
}

function verdict(text: string): string {
  const reading = parseSshPublicKey(text);
  if (reading.kind === "unknown") return "unknown";
  if (reading.kind === "key") return `key ${reading.key.algorithm.text} ${reading.key.bits}`;
  const { kind, start, end, instead } = reading.problem;
  return `${kind} [${text.slice(start, end)}]${instead === undefined ? "" : ` -> ${instead.join(" | ")}`}`;
}

/** An SSH blob of the given strings. */
function blob(...strings: (string | Uint8Array)[]): string {
  const parts = strings.flatMap(part => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return encodeBase64(Buffer.concat(parts));
}

describe("parseSshPublicKey", () => {
  it("reads the algorithms of OpenSSH with the fingerprints of ssh-keygen", () => {
    expect(fingerprint(ED)).toBe("SHA256:hYvgl5BeWESi8khGcUQnpWf1S1o4B8rjThPplk4YIkQ");
    expect(fingerprint(EC)).toBe("SHA256:3k6qJpR3FKqFpqSWR0rH0dC2p2t1kBWU41N1EfHYPW4");
    expect(fingerprint(SK)).toBe("SHA256:DcPATMXIDi2Mal4x5guEoPBB+aI/XrI8VvdUs5ciSGc");
    expect(fingerprint(SK_EC)).toBe("SHA256:od1nNboWnJQpj5w0Z6Fd3HHiKM71fE7MYqKPmz/bGZ8");
  });

  it("reads comment and options", () => {
    const reading = parseSshPublicKey(`command="nix-store --serve",no-pty ${ED}`);
    expect(reading).toMatchObject({
      kind: "key",
      key: { options: { text: 'command="nix-store --serve",no-pty' }, comment: "a@b", bits: 256 },
    });
    expect(verdict(`restrict ${ED}`)).toBe("key ssh-ed25519 256");
  });

  it("accepts blanks around the line", () => {
    expect(verdict(`  ${EC}\r\n`)).toBe("key ecdsa-sha2-nistp256 256");
  });

  it("refuses padding that OpenSSH refuses, and mends it", () => {
    expect(verdict(EC.replace("= e", " e"))).toBe(`bad-padding [g] -> ${EC}`);
    expect(verdict(EC.replace("= e", "== e"))).toBe(`bad-padding [g==] -> ${EC}`);
    expect(verdict(EC.replace("g= e", "h= e"))).toBe(`bad-padding [h=] -> ${EC}`);
  });

  it("measures RSA and calls short keys weak", () => {
    for (const [bits, weakness] of [
      [1024, "short-rsa"],
      [2047, "short-rsa"],
      [2048, undefined],
      [3072, undefined],
    ] as const) {
      const n = new Uint8Array(Math.floor(bits / 8) + 1).fill(255);
      n[0] = bits % 8 === 0 ? 0 : (1 << (bits % 8)) - 1;
      const text = `ssh-rsa ${blob("ssh-rsa", Uint8Array.of(1, 0, 1), n)}`;
      const reading = parseSshPublicKey(text);
      expect(reading).toMatchObject({ kind: "key", key: { bits } });
      expect(reading.kind === "key" ? reading.key.weakness : "none").toBe(weakness);
    }
  });

  it("reads DSA keys as weak and certificates by name", () => {
    const long = new Uint8Array(129).fill(1);
    expect(parseSshPublicKey(`ssh-dss ${blob("ssh-dss", long, long, long, long)}`)).toMatchObject({
      kind: "key",
      key: { weakness: "dsa" },
    });
    const name = "ssh-ed25519-cert-v01@openssh.com";
    expect(parseSshPublicKey(`${name} ${blob(name, "nonce")}`)).toMatchObject({
      kind: "key",
      key: { certificate: true },
    });
  });

  it("refuses what ssh-keygen refuses", () => {
    const body = ED.split(" ")[1] ?? "";
    expect(verdict(`ssh-ed25519 ${body.slice(0, 40)}`)).toBe(`truncated [${body.slice(0, 40)}]`);
    expect(verdict(`ssh-rsa ${body}`)).toBe(`other-algorithm [${body}]`);
    expect(verdict(`ssh-ed22519 ${body}`)).toBe("unknown-type [ssh-ed22519]");
    expect(verdict(`ssh-ed25519 ${blob("ssh-ed25519", new Uint8Array(31))}`)).toMatch(/^wrong-length/);
    expect(verdict(`ssh-ed25519 ${body}AAAA`)).toMatch(/^trailing-bytes/);
    expect(verdict("ssh-ed25519")).toBe("no-blob [ssh-ed25519]");
    expect(verdict(`ssh-ed25519 ${body.slice(0, 30)}!${body.slice(31)}`)).toBe("bad-base64 [!]");
    const point = Uint8Array.of(4, ...new Uint8Array(63), 1);
    expect(verdict(`ecdsa-sha2-nistp256 ${blob("ecdsa-sha2-nistp256", "nistp256", point)}`)).toMatch(
      /^not-on-curve/,
    );
    expect(verdict(`ecdsa-sha2-nistp256 ${blob("ecdsa-sha2-nistp256", "nistp384", point)}`)).toMatch(
      /^wrong-curve/,
    );
  });

  it("mends what is certain", () => {
    const body = ED.split(" ")[1] ?? "";
    expect(verdict(body)).toBe(`no-type [${body}] -> ssh-ed25519 ${body}`);
    expect(verdict(`stage.example.org ${ED}`)).toBe(`host-in-front [stage.example.org] -> ${ED}`);
    expect(verdict(`"${ED}"`)).toBe(`quoted ["${ED}"] -> ${ED}`);
    expect(verdict(`${ED}\n${ED2}`)).toBe(`several-keys [${ED2}] -> ${ED} | ${ED2}`);
    expect(verdict(ED2.replace("E3g2", "E3g\n2"))).toBe(`line-break [\n] -> ${ED2}`);
  });

  it("recognises what belongs elsewhere", () => {
    expect(verdict("")).toBe("empty []");
    expect(verdict("cache-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=")).toMatch(/^cache-key/);
    expect(verdict("SHA256:hYvgl5BeWESi8khGcUQnpWf1S1o4B8rjThPplk4YIkQ")).toMatch(/^fingerprint/);
    expect(verdict("/root/.ssh/id_ed25519.pub")).toMatch(/^file-path/);
    expect(verdict("id_ed25519")).toMatch(/^file-path/);
    expect(verdict("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")).toMatch(/^is-age/);
    expect(verdict("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----\n")).toBe(
      "private-key [-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----]",
    );
  });

  it("judges nothing that holds an unknown piece", () => {
    expect(verdict("ssh-ed25519 \uFFFC")).toBe("unknown");
  });

  it("never throws and keeps its ranges inside the text", () => {
    const word = fc.oneof(fc.string(), fc.constantFrom("ssh-ed25519", "ssh-rsa", ED, '"', "\n", " ", "AAAA"));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), words => {
        const text = words.join(" ");
        const reading = parseSshPublicKey(text);
        if (reading.kind !== "problem") return;
        const { start, end } = reading.problem;
        expect(0 <= start && start <= end && end <= text.length).toBe(true);
      }),
    );
  });
});

describe("findPrivateKey", () => {
  it("finds every container", () => {
    for (const name of ["OPENSSH ", "RSA ", "EC ", "", "ENCRYPTED "]) {
      expect(findPrivateKey(`x -----BEGIN ${name}PRIVATE KEY-----`)).toMatchObject({ start: 2 });
    }
    expect(findPrivateKey("PuTTY-User-Key-File-3: ssh-ed25519")).toMatchObject({ start: 0 });
    expect(findPrivateKey("-----BEGIN PUBLIC KEY-----")).toBeUndefined();
  });
});
