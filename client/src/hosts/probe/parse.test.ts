import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseProbe } from "./parse";
import { cachesToTry, probeScript } from "./script";

const HASH = "0123456789abcdfghijklmnpqrsvwxyz";
const store = (name: string): string => `/nix/store/${HASH}-${name}`;

function facts(lines: string[], mark = "M") {
  const reading = parseProbe({ output: lines.map(line => `${mark} ${line}`).join("\n"), mark });
  if (reading.kind !== "facts") throw new Error(reading.message);
  return reading.facts;
}

test("reads what a NixOS host says", () => {
  const host = facts([
    "hostname prod",
    "clock 1763715600",
    "user root",
    "uid 0",
    "system nixos",
    `current ${store("nixos-system-prod-24.11.1")}`,
    `booted ${store("nixos-system-prod-24.11.1")}`,
    "profileLink system-7-link",
    "count 2",
    `generation 6|1763700000|${store("nixos-system-prod-24.11.0")}|24.11.0|${store("linux-6.6.59")}/bzImage`,
    `generation 7|1763710000|${store("nixos-system-prod-24.11.1")}|24.11.1|${store("linux-6.6.60")}/bzImage`,
    "specialisation 7|gpu",
    "reboot no",
    "memMemTotal 1024",
    "memMemAvailable 512",
    "store /dev/vda 1000 400 600 40% /nix",
    "units yes",
    "failed toy.service",
    "nix nix-store (Nix) 2.26.3",
    "setting:substituters https://a https://b",
    "setting:require-sigs true",
    "end ok",
  ]);
  expect(host).toMatchObject({
    hostName: "prod",
    system: "nixos",
    profileGeneration: 7,
    generationCount: 2,
    rebootNeeded: false,
    memory: { total: 1048576, available: 524288 },
    storeSpace: { total: 1024000, free: 614400 },
    failedUnits: ["toy.service"],
    nixVersion: "2.26.3",
    settings: { substituters: ["https://a", "https://b"], requireSigs: true },
    login: { user: "root", isRoot: true, sudoWithoutPassword: undefined },
    truncated: false,
  });
  expect(host.generations.map(g => [g.number, g.version, g.kernel, g.specialisations])).toEqual([
    [7, "24.11.1", "6.6.60", ["gpu"]],
    [6, "24.11.0", "6.6.59", []],
  ]);
});

test("lines without the mark, such as a banner, are not answers", () => {
  const reading = parseProbe({ output: "clock 1\nX clock 2\nM clock 3\nM end ok\n", mark: "M" });
  expect(reading).toMatchObject({ kind: "facts", facts: { clock: 3 } });
});

test("a host that says something else is named as such", () => {
  const reading = parseProbe({ output: "\u001b[31mThis account is currently not available.\n", mark: "M" });
  expect(reading).toEqual({
    kind: "garbage",
    message:
      'the host did not answer the probe but said "[31mThis account is currently not available.": is its login shell a POSIX shell?',
  });
});

test("values of the wrong shape are dropped, not believed", () => {
  const host = facts([
    "clock 1",
    "current /etc/passwd",
    "revision $(reboot)",
    "count -5",
    "generation x|1|/nix/store/a|v|k",
    `generation 3|yesterday|${store("s")}|v|k`,
    "hostkey not a key at all\u0007",
    "uptime 1e9",
    "setting:require-sigs maybe",
  ]);
  expect(host).toMatchObject({
    currentSystem: undefined,
    configurationRevision: undefined,
    generationCount: 0,
    uptimeSeconds: undefined,
    truncated: true,
  });
  expect(host.generations).toEqual([
    {
      number: 3,
      storePath: store("s"),
      date: undefined,
      version: "v",
      kernel: undefined,
      specialisations: [],
    },
  ]);
});

test("no text, however hostile, makes it throw, and no control character comes through", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom("clock", "generation", "store", "hostname", "cache", "end"),
          fc.string({ unit: "binary" }),
        ),
      ),
      lines => {
        const output = lines.map(([key, value]) => `M ${key} ${value}`).join("\n");
        const reading = parseProbe({ output, mark: "M", caches: ["https://a"] });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(JSON.stringify(reading)).not.toMatch(/[\u0000-\u001f]/);
      },
    ),
  );
});

test("the script runs in a real POSIX shell on this machine and ends", () => {
  const script = probeScript("Mark7");
  const output = execFileSync("/bin/sh", ["-s"], { input: `set -- Mark7\n${script.text}`, encoding: "utf8" });
  const reading = parseProbe({ output, mark: "Mark7" });
  expect(reading).toMatchObject({ kind: "facts", facts: { truncated: false } });
});

test("caches are told by their place in the list that the host was given", () => {
  const lines = [
    "clock 1",
    "cache 1|http|404 0.2",
    "cache 0|http|200 0.0512",
    "cache 2|no|ssh: refused|x",
    "cache 9|yes|",
  ];
  const caches = ["https://a", "https://b", "ssh://c"];
  const reading = parseProbe({ output: lines.map(line => `M ${line}`).join("\n"), mark: "M", caches });
  expect(reading).toMatchObject({
    caches: [
      { url: "https://b", reached: false, milliseconds: 200, why: "HTTP 404" },
      { url: "https://a", reached: true, milliseconds: 51 },
      { url: "ssh://c", reached: false, why: "ssh: refused|x" },
    ],
  });
});

test("only URLs are tried, no more than ten, and none that holds a password", () => {
  expect(
    cachesToTry(["daemon", "-x://a", "https://u:p@c", "s3://bucket", "ssh://nix-ssh@stage", "https://a b"]),
  ).toEqual(["ssh://nix-ssh@stage"]);
  const same = ["https://a/", "https://a", "https://a?priority=1"];
  expect(cachesToTry(same)).toEqual(["https://a/", "https://a?priority=1"]);
  expect(cachesToTry(Array.from({ length: 30 }, (_, n) => `https://${n}`))).toHaveLength(10);
});

test("the script tries caches on this machine: one that answers, one that does not", async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/deep/nix-cache-info" ? 200 : 404;
    response.end("StoreDir: /nix/store\n");
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const here = `http://127.0.0.1:${address.port}`;
  const caches = [`${here}/deep/?priority=10`, here, "http://127.0.0.1:1"];
  const script = probeScript("M", caches);
  const words = caches.map(url => `'${url}'`).join(" ");
  const child = spawn("/bin/sh", ["-s"], { stdio: ["pipe", "pipe", "ignore"] });
  let output = "";
  child.stdout.on("data", data => {
    output += String(data);
  });
  child.stdin.end(`set -- M ${words}\n${script.text}`);
  await new Promise(resolve => child.on("close", resolve));
  server.close();
  const reading = parseProbe({ output, mark: "M", caches });
  if (reading.kind !== "facts") throw new Error(reading.message);
  const found = new Map(reading.caches.map(({ url, reached, why }) => [url, reached ? "reached" : why]));
  expect(found.get(`${here}/deep/?priority=10`)).toBe("reached");
  expect(found.get(here)).toBe("HTTP 404");
  expect(found.get("http://127.0.0.1:1")).toMatch(/refused|connect/i);
});
