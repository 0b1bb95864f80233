// What the fleet and its hosts are known to be, as far as a trouble with a cache needs it for the right fix.

import { formatCacheKey, parseCacheKey, sameCacheKeyText } from "../../../server/src/core/formats/cacheKey";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { publishedKey } from "../../../server/src/core/knowledge/wellKnownCaches";
import type { FleetSnapshot } from "../../../server/src/protocol";
import type { HostFacts } from "../state/hostFacts";
import type { CacheTest } from "../stores/cacheTest";
import type { TroubleContext } from "../stores/explain";
import type { HostSide } from "../stores/testOnHost";
import { placeOf } from "./testReport";

export interface KnownWorld {
  readonly fleet: FleetSnapshot | undefined;
  readonly facts: (host: string) => HostFacts | undefined;
}

export function contextOf(test: CacheTest, side: HostSide | undefined, world: KnownWorld): TroubleContext {
  const { url } = parseStoreUrl(test.url);
  const address = url?.host?.text;
  const server = world.fleet?.hosts.find(
    host => address !== undefined && (host.hostname === address || host.name === address),
  )?.name;
  const names = test.result.kind === "trouble" ? test.result.names : [];
  const wrong = test.result.kind === "trouble" ? test.result.entry : undefined;
  const serverFacts = server === undefined ? undefined : world.facts(server);
  const clientFacts = test.host === undefined ? undefined : world.facts(test.host);
  return {
    host: placeOf(test),
    url: test.url,
    serverAddress: address,
    server,
    signerKeys: keysNamed(names, world.fleet).filter(
      key => wrong === undefined || !sameCacheKeyText(key, wrong),
    ),
    signatureNames: names,
    contradicting: wrong === undefined ? [] : [wrong],
    clientKey: side?.rootPublicKey ?? clientFacts?.rootPublicKey,
    serverHostKey: serverFacts?.hostPublicKey,
    signingKeyFile: serverFacts?.settings?.secretKeyFiles[0],
    path: test.path,
  };
}

/** The keys of these names that owners publish, else those that hosts of the fleet trust. */
function keysNamed(names: readonly string[], fleet: FleetSnapshot | undefined): readonly string[] {
  return names.flatMap(name => {
    const published = publishedKey(name);
    if (published !== undefined) return [formatCacheKey(published)];
    const trusted = (fleet?.keys ?? []).filter(key => key.name === name).map(key => key.publicKey);
    return trusted.filter(key => parseCacheKey(key).kind === "key");
  });
}
