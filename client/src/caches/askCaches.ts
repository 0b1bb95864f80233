// Asking caches from here and from hosts: each host asks what it would ask, in its order; and where something is wrong, the host
// that serves the cache is asked what a fix may need.

import { parseCacheKey } from "../../../server/src/core/formats/cacheKey";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { findCacheByUrl } from "../../../server/src/core/knowledge/wellKnownCaches";
import type { App } from "../app";
import { createHostShell } from "../remote/hostShell";
import { askingOrder } from "../stores/askingOrder";
import { testHere } from "../stores/testHere";
import { type HostCacheTest, testOnHost } from "../stores/testOnHost";
import type { CacheTests } from "./cacheTests";
import { askServer, type ServerSide, servingHost } from "./serverSide";
import type { TestPlace } from "./testQuestions";

export type AskingCachesApp = Pick<App, "http" | "ports" | "state" | "config">;

export interface AskedCaches {
  readonly outcomes: readonly HostCacheTest[];
  /** What the serving host said, by the URL of a cache in trouble. */
  readonly servers: ReadonlyMap<string, ServerSide>;
}

export interface AskCaches {
  readonly urls: readonly string[];
  readonly places: readonly TestPlace[];
  readonly path: string | undefined;
}

export async function askCaches(
  app: AskingCachesApp,
  { urls, places, path }: AskCaches,
  tests: CacheTests,
  report: (outcome: HostCacheTest) => void,
  signal: AbortSignal,
): Promise<AskedCaches> {
  const ask = async (place: TestPlace, url: string) => {
    const outcome = await testFrom(app, place, { url, path }, signal);
    report(outcome);
    return outcome;
  };
  const asked = places.map(async place => {
    if (place === "here") return Promise.all(urls.map(url => ask(place, url)));
    const outcomes: HostCacheTest[] = [];
    // one after the other, as Nix there would
    for (const url of urlsOf(place, urls, tests)) outcomes.push(await ask(place, url));
    return outcomes;
  });
  const outcomes = (await Promise.all(asked)).flat();
  return { outcomes, servers: await serversInTrouble(app, outcomes, signal) };
}

/** One cache is asked from everywhere; of all caches a host is asked those that it uses. */
function urlsOf(
  host: Exclude<TestPlace, "here">,
  urls: readonly string[],
  tests: CacheTests,
): readonly string[] {
  if (urls.length === 1) return urls;
  const infoOf = (url: string) => tests.of(url).find(test => test.info !== undefined)?.info;
  return askingOrder(host.substituters, infoOf).map(({ url }) => url);
}

async function testFrom(
  app: AskingCachesApp,
  place: TestPlace,
  request: { readonly url: string; readonly path: string | undefined },
  signal: AbortSignal,
): Promise<HostCacheTest> {
  const { clock, files, processes, ssh } = app.ports;
  if (place !== "here") return testOnHost({ shell: createHostShell(ssh), clock }, place, request, signal);
  const nix = app.config.read().tools.nix;
  const ports = { http: app.http, files, processes, clock, nix };
  const test = await testHere(ports, { ...request, trusted: keysForHere(app, request.url) }, signal);
  return { test, side: undefined };
}

/** From here there is no host whose keys would count: those that the fleet trusts do, and those of the cache's owner. */
function keysForHere(app: AskingCachesApp, text: string): readonly string[] {
  const { url } = parseStoreUrl(text);
  const published = url === undefined ? undefined : findCacheByUrl(url)?.keys;
  const trusted = app.state.fleet.snapshot?.keys.map(key => key.publicKey) ?? [];
  // a malformed key is in the way of the host that has it, not of this machine
  return [...(published ?? []), ...trusted].filter(key => parseCacheKey(key).kind === "key");
}

/** Where something is wrong, the host of the fleet that serves the cache is asked for its keys: the fix may need them. */
async function serversInTrouble(
  app: AskingCachesApp,
  outcomes: readonly HostCacheTest[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ServerSide>> {
  const failed = outcomes.filter(({ test }) => test.result.kind === "trouble").map(({ test }) => test.url);
  const shell = createHostShell(app.ports.ssh);
  const asked = [...new Set(failed)].map(async (url): Promise<readonly (readonly [string, ServerSide])[]> => {
    const host = servingHost(app.state.fleet.snapshot, url);
    const side = host === undefined ? undefined : await askServer(shell, host, signal);
    return side === undefined ? [] : [[url, side]];
  });
  return new Map((await Promise.all(asked)).flat());
}
