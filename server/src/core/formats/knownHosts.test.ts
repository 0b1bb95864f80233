import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatKnownHostsLine, knownHostNames, matchesKnownHost, parseKnownHosts } from "./knownHosts";

const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
const hmac = (key: Uint8Array, text: string): Uint8Array => createHmac("sha1", key).update(text).digest();

function matches(hosts: string, name: string): boolean {
  const line = parseKnownHosts(`${hosts} ssh-ed25519 ${KEY}`).lines[0];
  if (line === undefined) throw new Error("no line");
  return matchesKnownHost(line, name, hmac);
}

describe("parseKnownHosts", () => {
  it("reads lines with their numbers, markers and comments", () => {
    const text = `# mine\n\nstage.example.org,10.0.0.1 ssh-ed25519 ${KEY} root@stage\n@cert-authority *.example.org ssh-rsa AAAA\n`;
    expect(parseKnownHosts(text)).toMatchObject({
      lines: [
        {
          number: 3,
          hosts: ["stage.example.org", "10.0.0.1"],
          keyType: "ssh-ed25519",
          keyBase64: KEY,
          comment: "root@stage",
        },
        { number: 4, marker: "@cert-authority", hosts: ["*.example.org"], comment: "" },
      ],
      problems: [],
    });
  });

  it("reports the lines that OpenSSH skips", () => {
    const text = `@what h ssh-rsa AAAA\nhost ssh-rsa\nh ssh-rsa A!A\r\n@revoked h ssh-rsa AAAA\r\n`;
    const { lines, problems } = parseKnownHosts(text);
    expect(problems.map(p => `${p.number} ${p.kind} ${text.slice(p.start, p.end)}`)).toEqual([
      "1 unknown-marker @what",
      "2 missing-fields host ssh-rsa",
      "3 bad-base64 A!A",
    ]);
    expect(lines).toMatchObject([{ marker: "@revoked", keyBase64: "AAAA" }]);
  });

  it("never throws and keeps its ranges inside the text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), text => {
        const { lines, problems } = parseKnownHosts(text);
        for (const { start, end } of [...lines, ...problems]) {
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
      }),
    );
  });
});

describe("matchesKnownHost", () => {
  it("compares names without case, with patterns and negations", () => {
    expect(matches("Stage.example.org", "stage.Example.org")).toBe(true);
    expect(matches("*.example.org,!bad.example.org", "a.example.org")).toBe(true);
    expect(matches("*.example.org,!bad.example.org", "bad.example.org")).toBe(false);
    expect(matches("!bad.example.org", "good.example.org")).toBe(false);
    expect(matches("10.0.0.?", "10.0.0.7")).toBe(true);
    expect(matches("10.0.0.?", "10.0.0.77")).toBe(false);
    expect(matches("host", "host2")).toBe(false);
  });

  it("tells ports apart", () => {
    expect(matches("[host]:2222", "[host]:2222")).toBe(true);
    expect(matches("host", "[host]:2222")).toBe(false);
    expect(knownHostNames("Host", 22)).toEqual(["host"]);
    expect(knownHostNames("Host", 2222)).toEqual(["[host]:2222", "host"]);
  });

  it("reads names hashed by ssh-keygen -H", () => {
    // made with: ssh-keygen -H on a line for stage.example.org
    const hashed = "|1|yckxuD3/MlURsT1PC1/8AISPFgc=|wmiRWMopm+gzayqrLluAQhOn6PM=";
    expect(matches(hashed, "stage.example.org")).toBe(true);
    expect(matches(hashed, "other.example.org")).toBe(false);
  });

  it("comes to an end on hostile patterns", () => {
    expect(matches("*a".repeat(2000), "a".repeat(2000).concat("b"))).toBe(false);
  });

  it("finds what it writes", () => {
    const line = formatKnownHostsLine(knownHostNames("host", 2222), "ssh-ed25519", KEY);
    expect(parseKnownHosts(line).lines[0]).toMatchObject({ hosts: ["[host]:2222", "host"], keyBase64: KEY });
  });
});
