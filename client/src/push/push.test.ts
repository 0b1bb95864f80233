// `nix copy` is the real one here. cachix and attic are recorders: see test/harness/recorder.ts.

import { execFileSync } from "node:child_process";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { recorder } from "../../../test/harness/recorder";
import { systemClock } from "../ports/clock";
import { nodeHttp } from "../ports/http";
import { NodeProcesses } from "../ports/nodeProcesses";
import { atticServer } from "../services/attic";
import { CancelledError, UserError } from "../userError";
import { type Destination, parseDestination } from "./destination";
import { type PushJob, type PushPorts, push } from "./push";

const hasNix = existsSync("/usr/bin/nix");
const TOKEN = "tok-0123456789-very-secret";
const never = () => new AbortController().signal;

/** The hours that retries wait pass at once. */
const pauses: number[] = [];
const clock = { ...systemClock, sleep: async (ms: number) => void pauses.push(ms) };
const ports: PushPorts = { processes: new NodeProcesses(systemClock), http: nodeHttp, nix: "nix", clock };

const stops: (() => void)[] = [];
afterEach(() => {
  pauses.length = 0;
  for (const stop of stops.splice(0)) stop();
});

describe.runIf(hasNix)("pushing what real Nix built", () => {
  let top: string;
  let dependency: string;

  beforeAll(() => {
    const folder = mkdtempSync(path.join(tmpdir(), "push-"));
    const file = path.join(folder, "d.nix");
    writeFileSync(
      file,
      `let make = name: text: derivation {
        inherit name;
        system = builtins.currentSystem;
        builder = "/bin/sh";
        args = [ "-c" "echo \${text} > $out" ];
      }; dependency = make "push-dependency" "x"; in make "push-top" "\${dependency}"`,
    );
    const env = { ...process.env, NIX_CONFIG: "sandbox = false\nbuild-users-group =\nsubstituters =" };
    top = execFileSync("nix-build", [file, "--no-out-link"], { encoding: "utf8", env, stdio: "pipe" }).trim();
    const closure = execFileSync("nix-store", ["-q", "-R", top], { encoding: "utf8" }).trim().split("\n");
    dependency = closure.find(each => each !== top) ?? "";
  }, 60_000);

  const job = (destination: Destination, change: Partial<PushJob> = {}): PushJob => ({
    destination,
    paths: [top],
    upstream: [],
    cachix: { program: "cachix", token: undefined, compression: "zstd", pin: undefined },
    attic: { program: "attic", server: undefined },
    sshOptions: "",
    ...change,
  });
  const report: string[] = [];
  const pushing = (each: PushJob) => push(ports, each, line => void report.push(line), never());
  const narInfoOf = (each: string) => `${path.basename(each).slice(0, 32)}.narinfo`;

  /** An HTTP cache that says that it has these. */
  async function upstreamWith(paths: readonly string[], status = 200): Promise<string> {
    const server = createServer((request, response) => {
      const found = paths.find(each => request.url === `/${narInfoOf(each)}`);
      if (found === undefined) return void response.writeHead(status === 200 ? 404 : status).end();
      const hash = "0".repeat(52);
      response.end(
        `StorePath: ${found}\nURL: nar/x.nar\nCompression: none\nFileSize: 7\nNarHash: sha256:${hash}\nNarSize: 1\nReferences: \n`,
      );
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    stops.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("nix copy: the closure is in the cache, signed by the key of the file", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "cache-"));
    const key = path.join(folder, "key");
    execFileSync("nix-store", ["--generate-binary-cache-key", "push-1", key, `${key}.pub`]);
    const destination = { kind: "store", url: `file://${folder}/cache`, secretKeyFile: key } as const;
    const result = await pushing(job(destination));
    expect(result).toMatchObject({ outcome: "pushed", closure: 2, upstream: 0, attempts: 1 });
    expect(readdirSync(`${folder}/cache`)).toEqual(
      expect.arrayContaining([narInfoOf(top), narInfoOf(dependency)]),
    );
    expect(readFileSync(`${folder}/cache/${narInfoOf(top)}`, "utf8")).toMatch(/^Sig: push-1:/m);
    expect(report.some(line => line.includes("push-top"))).toBe(true);
  });

  test("a cache that has lost a path gets it again, whatever Nix remembers of it", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "cache-"));
    const served = http(folder);
    const destination = { kind: "store", url: await served, secretKeyFile: undefined } as const;
    expect(await pushing(job(destination))).toMatchObject({ outcome: "pushed" });
    rmSync(path.join(folder, narInfoOf(top)));
    expect(await pushing(job(destination))).toMatchObject({ outcome: "pushed" });
    expect(readdirSync(folder)).toContain(narInfoOf(top));
  });

  /** An HTTP cache of a folder that one can write to. */
  async function http(folder: string): Promise<string> {
    const server = createServer((request, response) => {
      const file = path.join(folder, path.normalize(request.url ?? ""));
      if (request.method === "PUT") {
        mkdirSync(path.dirname(file), { recursive: true });
        request.pipe(createWriteStream(file)).on("close", () => response.end());
      } else if (existsSync(file)) response.end(request.method === "HEAD" ? undefined : readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    stops.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("a binary cache gets whole closures, also where an upstream cache has a part", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "cache-"));
    const upstream = [await upstreamWith([dependency])];
    const result = await pushing(job(parseDestination(`file://${folder}`), { upstream }));
    expect(result).toMatchObject({ outcome: "pushed", closure: 2, upstream: 1, leftOut: 0 });
  });

  test("what an upstream cache has as a whole is not pushed at all", async () => {
    const upstream = [await upstreamWith([top, dependency])];
    const result = await pushing(job(parseDestination("file:///nowhere"), { upstream }));
    expect(result).toMatchObject({ outcome: "nothing-to-do", upstream: 2, leftOut: 1, attempts: 0 });
  });

  test("a real cache of files is asked through Nix", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "cache-"));
    await pushing(job(parseDestination(`file://${folder}`)));
    const attic = recorder("attic", []);
    const access = { attic: { program: attic.program, server: undefined } };
    const result = await pushing(
      job(parseDestination("attic:c"), { ...access, upstream: [`file://${folder}`] }),
    );
    expect(result).toMatchObject({ outcome: "nothing-to-do", upstream: 2 });
  });

  test("an upstream cache that fails has nothing, and is named", async () => {
    const broken = await upstreamWith([], 503);
    const attic = recorder("attic", []);
    const access = { attic: { program: attic.program, server: undefined } };
    const result = await pushing(job(parseDestination("attic:c"), { ...access, upstream: [broken] }));
    expect(result).toMatchObject({ outcome: "pushed", upstream: 0 });
    expect([...result.silent]).toEqual([[broken, "HTTP 503"]]);
  });

  test("Attic gets exactly the paths that upstream caches lack; its token is in no argument", async () => {
    const attic = recorder("attic", ["XDG_CONFIG_HOME"]);
    const server = atticServer("own", "https://attic.test", TOKEN);
    const upstream = [await upstreamWith([dependency])];
    const result = await pushing(
      job(parseDestination("attic:own:fleet"), { upstream, attic: { program: attic.program, server } }),
    );
    expect(result).toMatchObject({ outcome: "pushed", leftOut: 1 });
    const [call] = attic.calls();
    expect(call?.args).toEqual(["push", "own:fleet", "--stdin", "--no-closure"]);
    expect(call?.input).toBe(`${top}\n`);
    expect(call?.commandLine).not.toContain(TOKEN);
    expect(call?.config).toBe(
      `600 700\ndefault-server = "own"\n[servers.own]\nendpoint = "https://attic.test/"\ntoken = "${TOKEN}"\n`,
    );
    // and is gone afterwards
    expect(existsSync(call?.env["XDG_CONFIG_HOME"] ?? "")).toBe(false);
  });

  test("Cachix gets paths by standard input, its token by the environment, then the pin", async () => {
    const cachix = recorder("cachix", ["CACHIX_AUTH_TOKEN", "USER"]);
    const pin = { name: "production", keepRevisions: 10 };
    const access = { program: cachix.program, token: TOKEN, compression: "xz", pin } as const;
    const result = await pushing(job(parseDestination("https://my.cachix.org"), { cachix: access }));
    expect(result.outcome).toBe("pushed");
    const [pushed, pinned] = cachix.calls();
    expect(pushed?.args).toEqual(["push", "my", "--compression-method", "xz"]);
    expect(pushed?.input).toBe(`${top}\n`);
    expect(pushed?.env).toMatchObject({ CACHIX_AUTH_TOKEN: TOKEN, USER: expect.stringMatching(/./) });
    expect(pinned?.args).toEqual(["pin", "my", "production", top, "--keep-revisions", "10"]);
    expect([pushed, pinned].map(call => call?.commandLine).join()).not.toContain(TOKEN);
  });

  test("a passing failure is tried again, later each time; what is said loses the token", async () => {
    const says = `Error: connection reset while using ${TOKEN}\n`;
    const cachix = recorder("cachix", [], { says, codes: [1, 1, 0] });
    const access = { program: cachix.program, token: TOKEN, compression: "zstd", pin: undefined } as const;
    const result = await pushing(job(parseDestination("cachix:my"), { cachix: access }));
    expect(result).toMatchObject({ outcome: "pushed", attempts: 3 });
    expect(pauses).toEqual([2000, 4000]);
    expect(JSON.stringify(result) + report.join()).not.toContain(TOKEN);
  });

  test("it gives up after four attempts, and at once where trying again is of no use", async () => {
    const attemptsWith = async (says: string) => {
      const attic = recorder("attic", [], { says, codes: [1] });
      const access = { attic: { program: attic.program, server: undefined } };
      return pushing(job(parseDestination("attic:c"), access));
    };
    expect(await attemptsWith("Error: timed out\n")).toMatchObject({ outcome: "failed", attempts: 4 });
    expect(await attemptsWith("Error: NoSuchCache: gone\n")).toMatchObject({
      outcome: "failed",
      attempts: 1,
      said: "Error: NoSuchCache: gone",
    });
  });

  test("a missing path is an error before anything is pushed, a cancelled push is cancelled", async () => {
    const missing = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-x";
    const destination = parseDestination("file:///nowhere");
    await expect(pushing(job(destination, { paths: [missing] }))).rejects.toThrow(UserError);
    const aborted = AbortSignal.abort();
    await expect(push(ports, job(destination), () => undefined, aborted)).rejects.toThrow(CancelledError);
  });
});
