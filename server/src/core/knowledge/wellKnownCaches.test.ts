import { describe, expect, it } from "vitest";
import { parseCacheKey } from "../formats/cacheKey";
import { parseStoreUrl } from "../formats/storeUrl";
import {
  cachixCacheOfKey,
  cachixCacheOfUrl,
  contradictsPublishedKey,
  findCacheByKeyName,
  findCacheByUrl,
  publishedKey,
  WELL_KNOWN_CACHES,
} from "./wellKnownCaches";

function url(text: string) {
  const reading = parseStoreUrl(text);
  if (reading.url === undefined) throw new Error(text);
  return reading.url;
}

describe("the table of well-known caches", () => {
  it("holds only valid keys and URLs", () => {
    for (const cache of WELL_KNOWN_CACHES) {
      expect(cache.keys.length, cache.owner).toBeGreaterThan(0);
      for (const key of cache.keys)
        expect(parseCacheKey(key), key).toMatchObject({ kind: "key", departures: [] });
      if (cache.url !== undefined)
        expect(parseStoreUrl(cache.url)).toMatchObject({ kind: "url", problems: [] });
    }
  });

  it("gives no key name two different keys", () => {
    for (const cache of WELL_KNOWN_CACHES) {
      for (const text of cache.keys) {
        const reading = parseCacheKey(text);
        expect(reading.kind === "key" && contradictsPublishedKey(reading.key), text).toBe(false);
      }
    }
  });
});

describe("lookups", () => {
  it("finds a cache by any spelling of its URL", () => {
    expect(findCacheByUrl(url("https://cache.nixos.org/"))?.owner).toBe("NixOS");
    expect(findCacheByUrl(url("http://Cache.nixos.org?priority=1"))?.owner).toBe("NixOS");
    expect(findCacheByUrl(url("https://cache.example.org"))).toBeUndefined();
  });

  it("finds a cache by its key, whatever the host is called", () => {
    expect(findCacheByKeyName("niks3.numtide.com-1")?.url).toBe("https://cache.numtide.com");
    expect(findCacheByKeyName("cache.flakehub.com-3")?.url).toBe("https://cache.flakehub.com");
    expect(publishedKey("cache.nixos.org-1")?.bytes).toHaveLength(32);
  });

  it("knows a wrong key under a published name", () => {
    const name = "cache.nixos.org-1";
    expect(contradictsPublishedKey({ name, bytes: new Uint8Array(32) })).toBe(true);
    expect(contradictsPublishedKey({ name: "mine-1", bytes: new Uint8Array(32) })).toBe(false);
  });

  it("knows the naming of Cachix", () => {
    expect(cachixCacheOfUrl(url("https://my-cache.cachix.org/"))).toBe("my-cache");
    expect(cachixCacheOfUrl(url("https://app.cachix.org"))).toBeUndefined();
    expect(cachixCacheOfUrl(url("https://cachix.org"))).toBeUndefined();
    expect(cachixCacheOfKey("my-cache.cachix.org-1")).toBe("my-cache");
    expect(cachixCacheOfKey("my-cache-1")).toBeUndefined();
  });
});
