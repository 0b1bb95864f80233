import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
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

/** As harmonia 3.2.0 wrote them of a store of Nix 2.26; it and nix-serve leave the line out where there are no references. */
const HARMONIA = [
  `StorePath: /nix/store/zr2knphxg8yyy2mkq8akf2hfknjvdiz7-x
URL: nar/1xmr8jicvzszfzpz46g37mlpvbzjl2wpwvl2b05psipssyp1sm8h.nar?hash=zr2knphxg8yyy2mkq8akf2hfknjvdiz7
Compression: none
FileHash: sha256:1xmr8jicvzszfzpz46g37mlpvbzjl2wpwvl2b05psipssyp1sm8h
FileSize: 120
NarHash: sha256:1xmr8jicvzszfzpz46g37mlpvbzjl2wpwvl2b05psipssyp1sm8h
NarSize: 120
Deriver: mh3rz2qzm0lrcxk22g2b1kifak7q2nj9-x.drv
Sig: k-1:jc2F7l80nXJsA4ro1RQ2RcicNiD7jfOZhb2KeVTpWYYtn7ruyym9FToZ/u4YiANSgfnhrjdxfqUyzqtsfJ+ACA==
`,
  `StorePath: /nix/store/zil1z8fyrc7mlj7dd23lwp4mnywijbwh-b
URL: nar/0vg7nyq6hchc2sfbx1gnjkrdfw8m399fi721yn8zxk6mvjr1lrb7.nar?hash=zil1z8fyrc7mlj7dd23lwp4mnywijbwh
Compression: none
FileHash: sha256:0vg7nyq6hchc2sfbx1gnjkrdfw8m399fi721yn8zxk6mvjr1lrb7
FileSize: 160
NarHash: sha256:0vg7nyq6hchc2sfbx1gnjkrdfw8m399fi721yn8zxk6mvjr1lrb7
NarSize: 160
References: wd0ys9snp82b5v5j4pgp5wfhnfjhl2vm-a
Deriver: lpjpdd3n3m4aqnkgnl86a9d3dz3rh2pv-b.drv
Sig: k-1:YwrxSc6Of5/s3/hNoMe5n2sSuZ1dX6izN6dOblbayj2oBIFzBwxe9juq/WaR5HQirv/xEJdON3wpWLtRMmBTCg==
`,
];

test("what harmonia signs is usable", () => {
  for (const body of HARMONIA) {
    const path = /^StorePath: (.*)$/m.exec(body)?.[1] ?? "";
    const key = "k-1:rLVUXLkph/FaIsXYWtZUSONUFU7YOWo3miYeXkJHUJY=";
    const answer = { kind: "answered", status: 200, body } as const;
    expect(judgeNarInfo(answer, path, [key])).toEqual({ kind: "usable", by: "k-1" });
    const changed = { ...answer, body: body.replace("NarSize: 1", "NarSize: 2") };
    expect(judgeNarInfo(changed, path, [key])).toMatchObject({ trouble: "wrong-key" });
  }
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
      else if (body === "bomb") {
        // 64 MiB of nothing in 64 KiB; asked for as it is, and never unpacked
        const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024));
        response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed);
      } else if (body === "endless") {
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

  test("a packed answer stays packed: it is no narinfo, and takes no memory", async () => {
    const url = await serve({ "/nix-cache-info": cacheInfo, [`/${HASH}.narinfo`]: "bomb" });
    const before = process.memoryUsage().rss;
    expect(await summary(url, path)).toMatchObject({ trouble: "corrupt" });
    const host = hostOf({ name: "prod", hostname: "prod.test", sshUser: "root" });
    const shell = { shell: createHostShell(localShell()), clock: systemClock };
    const { test: onHost } = await testOnHost(shell, host, { url, path });
    expect(onHost.result).toMatchObject({ trouble: "corrupt" });
    expect(process.memoryUsage().rss - before).toBeLessThan(160 * 1024 * 1024);
  });

  test("names that lead elsewhere are no names", async () => {
    const odd = [`/nix/store/../../${HASH}-x`, `/nix/store/${HASH}-x/../y`, `/nix/store/${HASH}-x\nSig: k:x`];
    for (const each of odd)
      expect(
        judgeNarInfo({ kind: "answered", status: 200, body: narInfo("", each) }, each, []),
      ).toMatchObject({
        trouble: "corrupt",
      });
    const references = narInfo("").replace("References: ", "References: ../../etc/passwd");
    expect(judgeNarInfo({ kind: "answered", status: 200, body: references }, path, [])).toMatchObject({
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
