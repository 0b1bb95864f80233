import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type FileCache, hasNix, makeFileCache, serveFolder } from "../../../test/harness/fileCache";
import { systemClock } from "../ports/clock";
import { nodeHttp } from "../ports/http";
import { NodeProcesses } from "../ports/nodeProcesses";
import { type BuildForecast, forecastBuild, forecastDocument, ownCaches } from "./forecast";

const path = (name: string) => `/nix/store/0123456789abcdfghijklmnpqrsvwxyz-${name}`;

describe.runIf(hasNix)("with real Nix and a cache of its own", () => {
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
  afterEach(() => void vi.unstubAllEnvs());

  test("what is not here is fetched, and the cache that has it is named with the size", async () => {
    vi.stubEnv("NIX_CONFIG", `substituters = ${served.url}\nbuild-users-group =`);
    const ports = { processes: new NodeProcesses(systemClock), http: nodeHttp, nix: "nix" };
    const signal = new AbortController().signal;
    expect(await ownCaches(ports, signal)).toEqual([served.url]);
    const request = { references: [cache.signed], cwd: "/", caches: [served.url] };
    const { dryRun, available } = await forecastBuild(ports, request, signal);
    expect(dryRun).toMatchObject({ builds: [], fetches: [cache.signed], download: expect.any(Number) });
    expect(available.available.get(cache.signed)).toEqual({ cache: served.url, size: expect.any(Number) });
  });

  test("of two caches that have a path, the one is named that says to be asked first", async () => {
    const copies = await Promise.all(
      [50, 10].map(async priority => {
        const folder = mkdtempSync(join(tmpdir(), "cache-"));
        cpSync(cache.folder, folder, { recursive: true });
        writeFileSync(join(folder, "nix-cache-info"), `StoreDir: /nix/store\nPriority: ${priority}\n`);
        return serveFolder(folder);
      }),
    );
    const caches = copies.map(({ url }) => url);
    vi.stubEnv("NIX_CONFIG", `substituters = ${caches.join(" ")}\nbuild-users-group =`);
    const ports = { processes: new NodeProcesses(systemClock), http: nodeHttp, nix: "nix" };
    const request = { references: [cache.signed], cwd: "/", caches };
    const { available } = await forecastBuild(ports, request, new AbortController().signal);
    expect(available.available.get(cache.signed)?.cache).toBe(caches[1]);
    for (const { stop } of copies) stop();
  });
});

test("the page says what is built, what is fetched from where, and who did not answer", () => {
  const forecast: BuildForecast = {
    dryRun: {
      builds: [path("top.drv")],
      fetches: [path("a"), path("b")],
      download: 2048,
      unpacked: 4096,
      unavailable: [],
    },
    available: {
      available: new Map([[path("a"), { cache: "https://one", size: 1024 }]]),
      silent: new Map([["https://two", "HTTP 503"]]),
    },
  };
  expect(forecastDocument(["web"], forecast).text).toMatchInlineSnapshot(`
    "# What building web would do

    Derivations to build: 1. Paths to fetch: 2. Download: 2.0 KB, unpacked: 4.0 KB.

    ## Built

    - top.drv

    ## Fetched from https://one (1.0 KB)

    - a (1.0 KB)

    ## Fetched from a cache that did not say

    - b

    No answer from https://two: HTTP 503
    "
  `);
});
