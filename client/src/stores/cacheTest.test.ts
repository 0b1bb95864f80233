import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FileCache, hasNix, makeFileCache, serveFolder } from "../../../test/harness/fileCache";
import { localShell } from "../../../test/harness/localShell";
import { hostOf } from "../../../test/harness/snapshots";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { nodeHttp } from "../ports/http";
import { NodeProcesses } from "../ports/nodeProcesses";
import { createHostShell } from "../remote/hostShell";
import { judgeNarInfo } from "./cacheTest";
import { testHere } from "./testHere";
import { testOnHost } from "./testOnHost";

const ports = {
  http: nodeHttp,
  files: nodeFiles,
  processes: new NodeProcesses(systemClock),
  clock: systemClock,
  nix: "nix",
};

const summary = async (url: string, path: string | undefined, trusted: readonly string[] = []) => {
  const { result, info, milliseconds } = await testHere(ports, { url, path, trusted });
  expect(milliseconds).toBeGreaterThanOrEqual(0);
  return { ...result, info };
};

describe.runIf(hasNix)("a cache that real Nix made", () => {
  let cache: FileCache;
  let served: Awaited<ReturnType<typeof serveFolder>>;

  beforeAll(async () => {
    cache = makeFileCache();
    served = await serveFolder(cache.folder);
  }, 60_000);

  afterAll(() => {
    served?.stop();
    cache?.remove();
  });

  test("the signature of real Nix is checked, over HTTP and as a folder", async () => {
    for (const url of [served.url, `${served.url}/?priority=5`, cache.url]) {
      expect(await summary(url, cache.signed, [cache.publicKey])).toMatchObject({
        kind: "usable",
        by: "cache.test-1",
        info: { storeDir: "/nix/store" },
      });
      expect(await summary(url, undefined)).toMatchObject({ kind: "reachable" });
    }
    expect(new Set(served.requests.map(line => line.split(" ")[0]))).toEqual(new Set(["GET"]));
  });

  test("no key, another key of that name, a broken key, no signature, no such path", async () => {
    const url = served.url;
    const absent = `/nix/store/${"0".repeat(32)}-absent`;
    expect(await summary(url, cache.signed)).toMatchObject({
      trouble: "missing-key",
      names: ["cache.test-1"],
    });
    expect(await summary(url, cache.signed, [cache.otherKey, cache.publicKey])).toMatchObject({
      trouble: "wrong-key",
      entry: cache.otherKey,
    });
    expect(await summary(url, cache.signed, [cache.publicKey, "garbage"])).toMatchObject({
      trouble: "malformed-key",
      entry: "garbage",
    });
    expect(await summary(url, cache.unsigned, [cache.publicKey])).toMatchObject({ trouble: "unsigned" });
    expect(await summary(url, absent, [cache.publicKey])).toMatchObject({ trouble: "absent" });
  });

  test("the same asked of a host, by its own curl and with its own keys", async () => {
    const env = { NIX_CONFIG: `trusted-public-keys = ${cache.publicKey}` };
    const shell = createHostShell(localShell({ env }));
    const ask = async (url: string, path: string | undefined) =>
      (await testOnHost({ shell, clock: systemClock }, hostOf({ name: "prod" }), { url, path })).test;
    expect(await ask(served.url, cache.signed)).toMatchObject({
      host: "prod",
      info: { storeDir: "/nix/store" },
      result: { kind: "usable", by: "cache.test-1" },
      milliseconds: expect.any(Number),
    });
    expect((await ask(served.url, cache.unsigned)).result).toMatchObject({ trouble: "unsigned" });
    expect((await ask(`${served.url}/none`, cache.signed)).result).toMatchObject({ trouble: "not-a-cache" });
    expect((await ask("http://127.0.0.1:9", undefined)).result).toMatchObject({ trouble: "refused" });
    expect((await ask(cache.url, cache.signed)).result).toMatchObject({ kind: "usable" });
    const heard: string[] = [];
    const watched = createHostShell(localShell({ env, onText: text => heard.push(text) }));
    const withPassword = `${served.url.replace("//", "//me:hunter2@")}/none`;
    const asked = await testOnHost({ shell: watched, clock: systemClock }, hostOf({ name: "prod" }), {
      url: withPassword,
      path: undefined,
    });
    expect(asked.test.result).toMatchObject({ trouble: "not-a-cache" });
    expect(heard.at(-1)).not.toContain("hunter2");
  });
});

describe("hostile caches", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  const serve = async (files: Readonly<Record<string, string>>) => {
    const server = createServer((request, response) => {
      const body = files[request.url ?? ""];
      if (body === undefined) response.writeHead(404).end();
      else if (body === "endless") {
        const timer = setInterval(() => response.write(`Sig: x:${"A".repeat(60_000)}\n`), 1);
        response.on("close", () => clearInterval(timer));
      } else response.end(body);
    });
    servers.push(server);
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const HASH = "0123456789abcdfghijklmnpqrsvwxyz";
  const path = `/nix/store/${HASH}-x`;
  const narInfo = (more: string, storePath = path) =>
    `StorePath: ${storePath}\nURL: nar/x\nNarHash: sha256:${"0".repeat(52)}\nNarSize: 1\nReferences: \n${more}`;
  const cacheInfo = "StoreDir: /nix/store\nPriority: 30\n";

  test("what is no cache, or one for another store", async () => {
    expect(await summary(await serve({}), path)).toMatchObject({ trouble: "not-a-cache" });
    expect(await summary(await serve({ "/nix-cache-info": "<html>" }), path)).toMatchObject({
      trouble: "not-a-cache",
    });
    expect(await summary(await serve({ "/nix-cache-info": "StoreDir: /gnu/store\n" }), path)).toMatchObject({
      trouble: "other-store",
    });
    expect(await summary(await serve({ "/nix-cache-info": "Priority: abc\n" }), path)).toMatchObject({
      trouble: "not-a-cache",
    });
  });

  test("a narinfo without end, of another path, cut off or full of signatures", async () => {
    const at = (text: string) => serve({ "/nix-cache-info": cacheInfo, [`/${HASH}.narinfo`]: text });
    const started = performance.now();
    expect(await summary(await at("endless"), path)).toMatchObject({ trouble: "corrupt" });
    expect(performance.now() - started).toBeLessThan(5000);
    const other = narInfo("", `/nix/store/${"1".repeat(32)}-other`);
    expect(await summary(await at(other), path)).toMatchObject({ trouble: "corrupt" });
    expect(await summary(await at(narInfo("Sig: k").trim()), path)).toMatchObject({ trouble: "corrupt" });
    // OpenSSL takes such a signature of the key of zeros for good, Nix does not
    const games = `Sig: \nSig: :\nSig: k:\nSig: k:${"A".repeat(86)}==\nSig: k:${"=".repeat(88)}\n`;
    const key = `k:${Buffer.alloc(32).toString("base64")}`;
    expect(await summary(await at(narInfo(games)), path, [key])).toMatchObject({ trouble: "wrong-key" });
    expect(await summary(await at(narInfo("Sig: k:x\n".repeat(2000))), path)).toMatchObject({
      trouble: "corrupt",
    });
  });

  test("statuses that mean something else than absent", () => {
    const answered = (status: number) => judgeNarInfo({ kind: "answered", status, body: "" }, path, []);
    expect(answered(403)).toMatchObject({ trouble: "unauthorized" });
    expect(answered(500)).toMatchObject({ trouble: "server-error" });
    expect(answered(410)).toMatchObject({ trouble: "absent" });
  });
});
