// Which host of the fleet a name in a URL means. Only names that certainly are that host's count; of several hosts with
// one name none is meant.

import { type Datum, knownText } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import type { StoreUrl } from "../formats/storeUrl";

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** The host that a URL leads to; undefined if it is none of the fleet, or one of several. */
export function hostOfUrl(fleet: Fleet, url: StoreUrl, client: Host): Host | undefined {
  const name = url.host?.text.toLowerCase();
  if (name === undefined || LOCAL.test(name)) return undefined;
  const found = fleet.hosts.filter(host => namesOf(host).has(name));
  const near = found.filter(host => entryPointsOf(host).some(path => entryPointsOf(client).includes(path)));
  const meant = near.length > 0 ? near : found;
  return meant.length === 1 ? meant[0] : undefined;
}

/** A host never changes, and every URL of the fleet is held against all of them. */
const known = new WeakMap<Host, ReadonlySet<string>>();

/** The names and addresses under which others reach a host, in lower case. */
export function namesOf(host: Host): ReadonlySet<string> {
  const before = known.get(host);
  if (before !== undefined) return before;
  const names = findNames(host);
  known.set(host, names);
  return names;
}

function findNames(host: Host): ReadonlySet<string> {
  const names = new Set<string>([host.name]);
  if (host.hostname?.known === true) names.add(host.hostname.value);
  const hostName = effectiveText(host, "networking.hostName");
  const domain = effectiveText(host, "networking.domain");
  if (hostName !== undefined && hostName !== "") names.add(hostName);
  if (hostName !== undefined && hostName !== "" && domain !== undefined && domain !== "")
    names.add(`${hostName}.${domain}`);
  return new Set([...names].map(name => name.toLowerCase()).filter(name => !LOCAL.test(name)));
}

export function entryPointsOf(host: Host): readonly string[] {
  return host.definitions.map(definition => definition.entryPoint);
}

export function effectiveText(host: Host, option: string): string | undefined {
  const datum: Datum | undefined = host.effective.get(option);
  return datum === undefined ? undefined : knownText(datum);
}

/** Names in a sentence: `"a"`, `"a" and "b"`, `"a", "b" and 3 others`. */
export function inWords(names: readonly string[]): string {
  const [first = "", second, third] = names;
  if (second === undefined) return `"${first}"`;
  if (third === undefined) return `"${first}" and "${second}"`;
  if (names.length === 3) return `"${first}", "${second}" and "${third}"`;
  return `"${first}", "${second}" and ${names.length - 2} others`;
}
