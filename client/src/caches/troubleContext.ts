// What the fleet and its hosts are known to be, as far as a trouble with a cache needs it for the right fix.

import { formatCacheKey, parseCacheKey, sameCacheKeyText } from "../../../server/src/core/formats/cacheKey";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { publishedKey } from "../../../server/src/core/knowledge/wellKnownCaches";
import type { FleetSnapshot, HostSnapshot } from "../../../server/src/protocol";
import type { HostFacts } from "../state/hostFacts";
import type { CacheTest } from "../stores/cacheTest";
import type { TroubleContext } from "../stores/explanation";
import { type HttpServer, httpServerOf } from "../stores/httpServer";
import type { HostSide } from "../stores/testOnHost";
import { type ServerSide, servingHost } from "./serverSide";
import { placeOf } from "./testReport";

export interface KnownWorld {
  readonly fleet: FleetSnapshot | undefined;
  readonly facts: (host: string) => HostFacts | undefined;
  /** What the host that serves the cache said when it was asked for this. */
  readonly server: ServerSide | undefined;
}

export function contextOf(test: CacheTest, side: HostSide | undefined, world: KnownWorld): TroubleContext {
  const server = servingHost(world.fleet, test.url)?.name;
  const serving = server === undefined ? undefined : world.server;
  const names = test.result.kind === "trouble" ? test.result.names : [];
  const wrong = test.result.kind === "trouble" ? test.result.entry : undefined;
  const serverFacts = server === undefined ? undefined : world.facts(server);
  const clientFacts = test.host === undefined ? undefined : world.facts(test.host);
  return {
    host: placeOf(test),
    url: test.url,
    serverAddress: parseStoreUrl(test.url).url?.host?.text,
    server,
    signerKeys: keysNamed(names, world.fleet, serving).filter(
      key => wrong === undefined || !sameCacheKeyText(key, wrong),
    ),
    signatureNames: names,
    contradicting: wrong === undefined ? [] : [wrong],
    clientKey: side?.rootPublicKey ?? clientFacts?.rootPublicKey,
    serverHostKey: serving?.hostPublicKey ?? serverFacts?.hostPublicKey,
    signingKeyFile: serving?.signingKeys[0]?.file ?? serverFacts?.settings?.secretKeyFiles[0],
    httpServer: serving?.httpServer ?? configuredServer(servingHost(world.fleet, test.url)),
    path: test.path,
  };
}

/** For a server that could not be asked. */
function configuredServer(host: HostSnapshot | undefined): HttpServer | undefined {
  return host?.httpServer === undefined ? undefined : httpServerOf(host, host.httpServer.service);
}

/** The keys of these names that owners publish, else those of the server itself, else those that hosts of the fleet trust. */
function keysNamed(
  names: readonly string[],
  fleet: FleetSnapshot | undefined,
  serving: ServerSide | undefined,
): readonly string[] {
  return names.flatMap(name => {
    const published = publishedKey(name);
    if (published !== undefined) return [formatCacheKey(published)];
    const own = serving?.signingKeys.find(({ publicKey }) => publicKey.startsWith(`${name}:`));
    if (own !== undefined && parseCacheKey(own.publicKey).kind === "key") return [own.publicKey];
    const trusted = (fleet?.keys ?? []).filter(key => key.name === name).map(key => key.publicKey);
    return trusted.filter(key => parseCacheKey(key).kind === "key");
  });
}
