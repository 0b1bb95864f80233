// The caches over SSH that hosts ask, and the hosts of the fleet that serve them.

import type { Condition } from "../eval/datum";
import { branchesOf, type Datum } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import type { Span } from "../text/span";
import { type EffectiveSettings, settingsOfHost } from "./effectiveSettings";
import { bareAddress, hostOfFlakeUrl, hostOfUrl } from "./hostNaming";
import { type ListEntry, urlEntries } from "./listEntries";
import { booleanOf } from "./settingValue";

export const SERVE_USER = "nix-ssh";

/** A configuration that says something of that user itself. */
export const SERVE_USER_DEFINED = /\busers\.(users\.)?"?nix-ssh\b|^\s*"?nix-ssh"?\s*[.=]/m;

/** The files in which this host's options stand. */
export function filesOfHost(host: Host): readonly string[] {
  return [...new Set([...host.files, ...host.options.map(fact => fact.nameSpan.path)])];
}

export interface SshCache {
  readonly client: Host;
  readonly settings: EffectiveSettings;
  readonly entry: ListEntry;
  readonly url: StoreUrl;
  readonly address: string;
  /** The host of the fleet that it leads to, if it is one. */
  readonly server: Host | undefined;
}

/** A fleet never changes, and a dozen rules ask for the same caches. */
const known = new WeakMap<Fleet, readonly SshCache[]>();

/** Every entry of every host's effective substituters that is a cache over SSH with a known address. */
export function sshCachesOf(fleet: Fleet): readonly SshCache[] {
  const before = known.get(fleet);
  if (before !== undefined) return before;
  const found = findSshCaches(fleet);
  known.set(fleet, found);
  return found;
}

function findSshCaches(fleet: Fleet): readonly SshCache[] {
  return fleet.hosts.flatMap(client => {
    const settings = settingsOfHost(client);
    return settings.list("substituters").entries.flatMap((entry): SshCache[] => {
      const { url } = parseStoreUrl(entry.datum.text);
      const address = url?.host === undefined ? undefined : bareAddress(url.host.text);
      // what begins with a dash is an option, which Nix refuses
      if (url?.family !== "ssh" || address === undefined || /^$|^-|\uFFFC/.test(address)) return [];
      // `ssh://localhost` runs the command on the host itself, without ssh.
      if (address === "localhost") return [];
      return [{ client, settings, entry, url, address, server: hostOfUrl(fleet, url, client) }];
    });
  });
}

/** Those that lead to another host of the fleet. */
export function servedCachesOf(fleet: Fleet): readonly (SshCache & { readonly server: Host })[] {
  return sshCachesOf(fleet).flatMap(cache =>
    cache.server === undefined || cache.server === cache.client ? [] : [{ ...cache, server: cache.server }],
  );
}

/** An SSH cache in a flake's nixConfig that leads to a host of the fleet. */
export type FlakeCache = Pick<SshCache, "entry" | "url"> & { readonly server: Host };

/** What whoever accepts a flake's nixConfig asks of the fleet's hosts. */
export function flakeCachesOf(fleet: Fleet): readonly FlakeCache[] {
  return fleet.nixConfigs.flatMap(({ entryPoint, facts }) =>
    urlEntries(facts, "substituters").flatMap(entry => {
      const { url } = parseStoreUrl(entry.datum.text);
      const server = url?.family === "ssh" ? hostOfFlakeUrl(fleet, url, entryPoint) : undefined;
      return url === undefined || server === undefined ? [] : [{ entry, url, server }];
    }),
  );
}

/** Whether a boolean option is certainly the same in every case; undefined where that is not known. */
export function booleanOption(host: Host, option: string): boolean | undefined {
  const datum = host.effective.get(option);
  if (datum === undefined) return undefined;
  const values = branchesOf(datum).map(({ value }) => booleanOf(value));
  const [first, ...others] = values;
  return others.every(other => other === first) ? first : undefined;
}

/** The conditions under which a boolean option is certainly true; undefined if it never certainly is. */
export function whereTrue(datum: Datum | undefined): readonly Condition[] | undefined {
  if (datum === undefined) return undefined;
  return branchesOf(datum).find(({ value }) => booleanOf(value) === true)?.conditions;
}

/** Where a host says something about serving its store, else where the host itself is defined. */
export function servePlace(host: Host): Span | undefined {
  const facts = host.options.filter(({ option }) => option[0] === "nix" && option[1] === "sshServe");
  const enable = facts.find(({ option }) => option[2] === "enable");
  return enable?.nameSpan ?? facts[0]?.nameSpan ?? host.definitions[0]?.nameSpan;
}

export function relatedHost(host: Host, message: string): readonly { span: Span; message: string }[] {
  const span = servePlace(host);
  return span === undefined ? [] : [{ span, message }];
}
