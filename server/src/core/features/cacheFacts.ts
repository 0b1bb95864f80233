// What is known about one cache or one key: which belong together, and which hosts use them.

import { knownText } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import { parseCacheKey } from "../formats/cacheKey";
import { parseStoreUrl, type StoreUrl, storeIdentity } from "../formats/storeUrl";
import {
  cachixCacheOfKey,
  cachixCacheOfUrl,
  cachixKeyName,
  cachixUrl,
  findCacheByKeyName,
  findCacheByUrl,
} from "../knowledge/wellKnownCaches";
import { settingsOfHost } from "../rules/effectiveSettings";
import { entriesOf } from "./mentions";

/** The name of a key as written; undefined for what is no key. */
export function nameOfKey(text: string): string | undefined {
  const reading = parseCacheKey(text);
  return reading.kind === "key" ? reading.key.name : undefined;
}

/** The URL of the cache that signs with a key of this name; for hosts of the fleet the host's name. */
export function cacheOfKey(fleet: Fleet, name: string): string | undefined {
  const known = findCacheByKeyName(name)?.url;
  if (known !== undefined) return known;
  const cachix = cachixCacheOfKey(name);
  if (cachix !== undefined) return cachixUrl(cachix);
  return signingHost(fleet, name)?.name;
}

/** The keys that a cache is known to sign with; their names where the keys themselves are not known. */
export function keysOfCache(fleet: Fleet, url: string): readonly string[] {
  const parsed = parseStoreUrl(url).url;
  if (parsed === undefined) return [];
  const known = findCacheByUrl(parsed);
  if (known !== undefined) return known.keys;
  const cachix = cachixCacheOfUrl(parsed);
  if (cachix !== undefined) return [cachixKeyName(cachix)];
  const host = hostOfStore(fleet, parsed);
  return host === undefined ? [] : trustedNamesOf(fleet, host);
}

/** The names of the keys that a cache is known to sign with. */
export function keyNamesOfCache(fleet: Fleet, url: string): readonly string[] {
  return keysOfCache(fleet, url).map(key => nameOfKey(key) ?? key);
}

/** The host of the fleet whose store a URL names. */
export function hostOfUrl(fleet: Fleet, url: string): Host | undefined {
  const parsed = parseStoreUrl(url).url;
  return parsed === undefined ? undefined : hostOfStore(fleet, parsed);
}

function hostOfStore(fleet: Fleet, url: StoreUrl): Host | undefined {
  const address = url.host?.text.toLowerCase();
  if (address === undefined || address === "") return undefined;
  return fleet.hosts.find(
    host =>
      host.name.toLowerCase() === address ||
      (host.hostname?.known === true && host.hostname.value.toLowerCase() === address),
  );
}

/** A key is by custom named after the host that signs with it: `stage.example.com-1` or `stage.example.com:`. */
function signingHost(fleet: Fleet, keyName: string): Host | undefined {
  const address = keyName.replace(/-\d+$/, "").toLowerCase();
  return fleet.hosts.find(
    host =>
      host.name.toLowerCase() === address ||
      (host.hostname?.known === true && host.hostname.value.toLowerCase() === address),
  );
}

/** Key names that some host trusts and that are named after this host. */
function trustedNamesOf(fleet: Fleet, host: Host): readonly string[] {
  const names = new Set<string>();
  for (const key of usersByText(fleet, "trusted-public-keys").keys()) {
    const name = nameOfKey(key);
    if (name !== undefined && signingHost(fleet, name) === host) names.add(name);
  }
  return [...names];
}

type Users = ReadonlyMap<string, readonly string[]>;

/** A fleet never changes, and hints and hovers ask for every cache and key of a file. */
const known = new WeakMap<Fleet, Map<string, Users>>();

/** Which hosts have each entry of a list setting in their effective value (or, where that is not known, wrote it). */
export function usersByText(fleet: Fleet, setting: string): Users {
  const bySetting = known.get(fleet) ?? new Map<string, Users>();
  known.set(fleet, bySetting);
  const users = bySetting.get(setting) ?? findUsers(fleet, setting);
  bySetting.set(setting, users);
  return users;
}

function findUsers(fleet: Fleet, setting: string): Users {
  const users = new Map<string, string[]>();
  for (const host of fleet.hosts)
    for (const text of new Set(textsOf(host, setting)))
      users.set(text, [...(users.get(text) ?? []), host.name]);
  return users;
}

/** With what `extra-` settings and `nix.extraOptions` add. */
function textsOf(host: Host, setting: string): readonly string[] {
  if (!host.effective.has(`nix.settings.${setting}`)) {
    const written = host.settings.filter(fact => fact.name === setting).map(fact => fact.value);
    return written.flatMap(entriesOf).map(({ text }) => text);
  }
  return settingsOfHost(host)
    .list(setting)
    .entries.flatMap(({ datum }) => knownText(datum) ?? []);
}

/** Names of the hosts that ask the cache, however its URL is spelt. */
export function hostsUsingCache(fleet: Fleet, url: string): readonly string[] {
  const wanted = identityOf(url);
  const names = new Set<string>();
  for (const [text, hosts] of usersByText(fleet, "substituters"))
    if (identityOf(text) === wanted) for (const name of hosts) names.add(name);
  return [...names];
}

/** Names of the hosts that trust a key of this name. */
export function hostsTrustingKey(fleet: Fleet, keyName: string): readonly string[] {
  const names = new Set<string>();
  for (const [text, hosts] of usersByText(fleet, "trusted-public-keys"))
    if (nameOfKey(text) === keyName) for (const name of hosts) names.add(name);
  return [...names];
}

/** The same text for URLs of one cache. */
export function identityOf(url: string): string {
  const parsed = parseStoreUrl(url).url;
  return parsed === undefined ? url : storeIdentity(parsed);
}
