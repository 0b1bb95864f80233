// Caches that want to hurt whoever asks them, on real servers: time and memory stay bounded, and the trouble has a name.
import { mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import nodePath from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
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
const host = hostOf({ name: "prod", hostname: "prod.test", sshUser: "root" });
const shell = { shell: createHostShell(localShell()), clock: systemClock };

const summary = async (url: string, path: string | undefined, trusted: readonly string[] = []) =>
  (await testHere(ports, { url, path, trusted })).result;

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const listen = async (listener: RequestListener) => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const serve = (files: Readonly<Record<string, string>>) =>
  listen((request, response) => {
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

/** Pours for ever, and never says how much it will be. */
async function pour(): Promise<{ readonly url: string; readonly sent: () => number }> {
  let sent = 0;
  const chunk = Buffer.alloc(256 * 1024, "x");
  const url = await listen((_, response) => {
    const more = (): void => {
      do sent += chunk.length;
      while (response.write(chunk));
    };
    response.on("drain", more).on("error", () => undefined);
    more();
  });
  return { url, sent: () => sent };
}

const redirecting = (location: string) =>
  listen((_, response) => response.writeHead(302, { location }).end());

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

test("thousands of signatures over a huge list of references are given up early, and their names are not all told", async () => {
  const key = `k-1:${Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex").toString("base64")}`;
  const references = Array.from({ length: 40_000 }, (_, index) => `${String(index).padStart(32, "0")}-x`);
  // of a form that only the hash of the whole text can refuse
  const signature = Buffer.concat([Buffer.alloc(32, 3), Buffer.alloc(31, 1), Buffer.alloc(1)]).toString(
    "base64",
  );
  const lines = [
    ...Array.from({ length: 900 }, () => `Sig: k-1:${signature}\n`),
    `Sig: ${"n".repeat(300_000)}:x\n`,
  ].join("");
  const body = narInfo(lines).replace("References: ", `References: ${references.join(" ")}`);
  const url = await serve({ "/nix-cache-info": cacheInfo, [`/${HASH}.narinfo`]: body });
  const started = performance.now();
  const result = await summary(url, path, [key]);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(result).toMatchObject({ trouble: "wrong-key" });
  expect(JSON.stringify(result).length).toBeLessThan(1000);
});

test("a folder is asked for files, not for what never ends", async () => {
  const folder = mkdtempSync(nodePath.join(tmpdir(), "endless-"));
  symlinkSync("/dev/zero", nodePath.join(folder, "nix-cache-info"));
  expect(await summary(`file://${folder}`, path)).toMatchObject({ trouble: "not-a-cache" });
  const sparse = mkdtempSync(nodePath.join(tmpdir(), "sparse-"));
  writeFileSync(nodePath.join(sparse, "nix-cache-info"), "StoreDir: /nix/store\n");
  writeFileSync(nodePath.join(sparse, `${HASH}.narinfo`), "");
  truncateSync(nodePath.join(sparse, `${HASH}.narinfo`), 8 * 1024 ** 3);
  expect(await summary(`file://${sparse}`, path)).toMatchObject({ trouble: "corrupt" });
});

test("a host's curl stops at what a server never ends, and follows nobody to other protocols", async () => {
  const ask = async (url: string) => (await testOnHost(shell, host, { url, path })).test.result;
  const pouring = await pour();
  const started = performance.now();
  expect(await ask(pouring.url)).toMatchObject({ trouble: "corrupt" });
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(pouring.sent()).toBeLessThan(64 * 1024 * 1024);
  for (const location of ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x"])
    expect(await ask(await redirecting(location)), location).toMatchObject({ trouble: "not-a-cache" });
});

test("a packed answer stays packed: it is no narinfo, and takes no memory", async () => {
  const url = await serve({ "/nix-cache-info": cacheInfo, [`/${HASH}.narinfo`]: "bomb" });
  const before = process.memoryUsage().rss;
  expect(await summary(url, path)).toMatchObject({ trouble: "corrupt" });
  const { test: onHost } = await testOnHost(shell, host, { url, path });
  expect(onHost.result).toMatchObject({ trouble: "corrupt" });
  expect(process.memoryUsage().rss - before).toBeLessThan(160 * 1024 * 1024);
});

test("names that lead elsewhere are no names", async () => {
  const odd = [`/nix/store/../../${HASH}-x`, `/nix/store/${HASH}-x/../y`, `/nix/store/${HASH}-x\nSig: k:x`];
  for (const each of odd)
    expect(judgeNarInfo({ kind: "answered", status: 200, body: narInfo("", each) }, each, [])).toMatchObject({
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
