// Hosts of the fleet that serve their own store over HTTP. Services that may have more than the store, such as Attic,
// are none: what they have and sign with is not in the configuration.

import { knownText } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import { settingsOfHost } from "./effectiveSettings";
import { hostOfUrl } from "./hostNaming";
import type { ListEntry } from "./listEntries";
import { booleanOption } from "./sshCaches";

const SERVICES = ["services.nix-serve", "services.harmonia", "services.harmonia.cache"] as const;

const KEY_OPTIONS = ["secretKeyFile", "signKeyPath", "signKeyPaths"] as const;

/** The host to which an HTTP URL leads, if it serves its store there. */
export function httpServerOf(fleet: Fleet, url: StoreUrl, client: Host): Host | undefined {
  // below a path a proxy has something else
  if (url.family !== "http" || !/^\/?$/.test(url.path?.text ?? "") || !hasServer(fleet)) return undefined;
  const host = hostOfUrl(fleet, url, client);
  return host !== undefined && servesOverHttp(host) ? host : undefined;
}

/** A cache over HTTP that leads from one host of the fleet to another. */
export interface HttpCache {
  readonly client: Host;
  readonly server: Host;
  readonly entry: ListEntry;
}

export function httpCachesOf(fleet: Fleet): readonly HttpCache[] {
  if (!hasServer(fleet)) return [];
  return fleet.hosts.flatMap(client =>
    settingsOfHost(client)
      .list("substituters")
      .entries.flatMap((entry): HttpCache[] => {
        const { url } = parseStoreUrl(entry.datum.text);
        const server = url === undefined ? undefined : httpServerOf(fleet, url, client);
        return server === undefined || server === client ? [] : [{ client, server, entry }];
      }),
  );
}

/** A fleet never changes, and every URL of every host is asked about. */
const known = new WeakMap<Fleet, boolean>();

function hasServer(fleet: Fleet): boolean {
  const has = known.get(fleet) ?? fleet.hosts.some(servesOverHttp);
  known.set(fleet, has);
  return has;
}

export function servesOverHttp(host: Host): boolean {
  return SERVICES.some(service => booleanOption(host, `${service}.enable`) === true);
}

/** Whether its service certainly signs what it serves. */
export function signsOverHttp(host: Host): boolean {
  return SERVICES.some(
    service =>
      booleanOption(host, `${service}.enable`) === true &&
      KEY_OPTIONS.some(option => namesFile(host, `${service}.${option}`)),
  );
}

function namesFile(host: Host, option: string): boolean {
  const value = host.effective.get(option);
  const files = value?.kind === "list" ? value.items : value === undefined ? [] : [value];
  return files.some(file => file.kind === "path" || (knownText(file) ?? "") !== "");
}
