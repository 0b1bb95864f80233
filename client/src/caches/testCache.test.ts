import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { localShell } from "../../../test/harness/localShell";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { parseConfig } from "../config";
import { Emitter } from "../events";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { nodeHttp } from "../ports/http";
import { SILENT_LOG } from "../ports/log";
import { NodeProcesses } from "../ports/nodeProcesses";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { CacheTests } from "./cacheTests";
import { type TestCacheApp, testCache } from "./testCache";

const PATH = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-x";
const processes = new NodeProcesses(systemClock);
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  processes.dispose();
});

/** A cache of this priority; it has the path, unsigned but addressed by its content, or not. */
async function cache(priority: number, has: boolean): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === "/nix-cache-info") response.end(`StoreDir: /nix/store\nPriority: ${priority}\n`);
    else if (has)
      response.end(
        `StorePath: ${PATH}\nURL: nar/x\nNarHash: sha256:${"0".repeat(52)}\nNarSize: 1\nReferences: \nCA: fixed:r:sha256:x\n`,
      );
    else response.writeHead(404).end();
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function world(urls: readonly string[], users: Readonly<Record<string, readonly string[]>>, script: Script) {
  const { ui, said, documents } = scriptedUi(script);
  const hosts = Object.entries(users).map(([name, substituters]) =>
    hostOf({ name, hostname: `${name}.test`, sshUser: "root", substituters }),
  );
  const caches = urls.map(url => ({
    url,
    usedBy: hosts.filter(host => host.substituters.includes(url)).map(({ name }) => name),
    keyNames: [],
    path: "/w/flake.nix",
    range: hosts[0]?.range ?? null,
  }));
  const snapshot = { ...fleetOf(hosts), caches };
  // the command reads no more of the app than these
  const app = {
    ui,
    http: nodeHttp,
    ports: { files: nodeFiles, clock: systemClock, processes, ssh: localShell() },
    state: { fleet: { hosts, snapshot }, observed: { get: () => undefined } },
    config: { read: () => parseConfig(() => undefined), onDidChange: new Emitter<void>().event },
    log: SILENT_LOG,
  } as unknown as TestCacheApp;
  return { app, said, page: () => documents.at(-1)?.text ?? "" };
}

test("a path is looked up in every cache: each host asks its own, in the order of their priorities", async () => {
  const [late, early, other] = [await cache(50, true), await cache(10, false), await cache(40, true)];
  const users = { prod: [late, early], web: [other] };
  const picks = [["All caches"], ["This machine", "prod", "web"]];
  const tests = new CacheTests();
  const run = async () => {
    const w = world([late, early, other], users, { picks, inputs: [PATH] });
    await testCache(w.app, tests, undefined);
    return w.page();
  };
  // only when they have been asked once is their order known
  await run();
  const page = await run();
  const rows = page
    .split("\n")
    .filter(line => line.startsWith("| "))
    .map(line => line.split("|").map(cell => cell.trim().replace(/\\/g, "")))
    .slice(2);
  const found = (place: string, url: string) =>
    rows.findIndex(cells => cells[1] === place && cells[2] === url);
  expect(rows).toHaveLength(6);
  expect(found("prod", early)).toBeLessThan(found("prod", late));
  for (const url of [late, early, other]) expect(found("this machine", url)).toBeGreaterThanOrEqual(0);
  expect(found("web", other)).toBeGreaterThanOrEqual(0);
  expect(found("web", late)).toBe(-1);
  expect(rows.filter(cells => cells[3] === "usable")).toHaveLength(4);
  expect(page).toContain("Not in the cache");
});

test("a test that is cancelled says nothing of the caches", async () => {
  const url = await cache(10, true);
  const picks = [["This machine", "prod"]];
  const w = world([url], { prod: [] }, { picks, inputs: [PATH], cancelProgress: true });
  const tests = new CacheTests();
  await expect(testCache(w.app, tests, url)).rejects.toThrow("cancelled");
  expect(tests.of(url)).toEqual([]);
  expect(w.page()).toBe("");
});

test("one cache is asked from everywhere, also from hosts that do not use it", async () => {
  const url = await cache(10, true);
  const w = world([url], { prod: [] }, { picks: [["This machine", "prod"]], inputs: [PATH] });
  const tests = new CacheTests();
  await testCache(w.app, tests, url);
  expect(tests.of(url).map(({ host }) => host)).toEqual([undefined, "prod"]);
  expect(w.page()).toMatch(/^\| prod +\| usable +\|/m);
  expect(w.page()).not.toMatch(/\| Cache +\|/);
});
