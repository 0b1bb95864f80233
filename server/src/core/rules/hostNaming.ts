// Which host of the fleet a name in a URL means. Only names that certainly are that host's count; of several hosts with
// one name none is meant.

import { type Datum, knownText } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import type { StoreUrl } from "../formats/storeUrl";

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/;

/** The host that a URL leads to; undefined if it is none of the fleet, or one of several. */
export function hostOfUrl(fleet: Fleet, url: StoreUrl, client: Host): Host | undefined {
  const name = url.host === undefined ? undefined : bareAddress(url.host.text).toLowerCase();
  if (name === undefined || LOCAL.test(name)) return undefined;
  return hostNamed(fleet, [name, ...resolvedBy(client, name)], entryPointsOf(client));
}

/** The host that a URL leads to which stands in one of these entry points, whoever asks it. */
export function hostOfFlakeUrl(fleet: Fleet, url: StoreUrl, entryPoint: string): Host | undefined {
  const name = url.host === undefined ? undefined : bareAddress(url.host.text).toLowerCase();
  return name === undefined || LOCAL.test(name) ? undefined : hostNamed(fleet, [name], [entryPoint]);
}

function hostNamed(fleet: Fleet, names: readonly string[], entryPoints: readonly string[]): Host | undefined {
  const found = fleet.hosts.filter(host => names.some(each => namesOf(host).has(each)));
  const near = found.filter(host => entryPointsOf(host).some(path => entryPoints.includes(path)));
  const meant = near.length > 0 ? near : found;
  return meant.length === 1 ? meant[0] : undefined;
}

/** An IPv6 address without the brackets that it has in a URL. */
export function bareAddress(address: string): string {
  return /^\[.*\]$/.test(address) ? address.slice(1, -1) : address;
}

/** What the client's own configuration makes of a name: `HostName` of its ssh, addresses of its hosts file. */
function resolvedBy(client: Host, name: string): readonly string[] {
  const called = sshNameOn(client, name);
  const addresses = client.options.flatMap(({ option, value }) =>
    option[0] === "networking" && option[1] === "hosts" && textsIn(value).includes(called)
      ? [option[2] ?? ""]
      : [],
  );
  return [called, ...addresses];
}

/** The name under which the client's ssh connects, and looks for the host key. */
export function sshNameOn(client: Host, name: string): string {
  const config = effectiveText(client, "programs.ssh.extraConfig");
  return (config === undefined ? undefined : sshHostName(config, name)) ?? name;
}

/** The first `HostName` for that name alone; patterns and `Match` are left alone. */
function sshHostName(config: string, name: string): string | undefined {
  let applies = false;
  for (const line of config.split("\n")) {
    const [, keyword = "", rest = ""] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    if (/^(host|match)$/i.test(keyword))
      applies = /^host$/i.test(keyword) && rest.toLowerCase().split(/\s+/).includes(name);
    else if (applies && /^hostname$/i.test(keyword) && !rest.includes("\uFFFC"))
      return rest.replaceAll("%h", name).toLowerCase();
  }
  return undefined;
}

function textsIn(datum: Datum): readonly string[] {
  return datum.kind === "list" ? datum.items.flatMap(item => knownText(item)?.toLowerCase() ?? []) : [];
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
  if (host.hostname?.known === true) names.add(bareAddress(host.hostname.value));
  for (const address of ownAddresses(host)) names.add(address);
  const hostName = effectiveText(host, "networking.hostName");
  const domain = effectiveText(host, "networking.domain");
  if (hostName !== undefined && hostName !== "") names.add(hostName);
  if (hostName !== undefined && hostName !== "" && domain !== undefined && domain !== "")
    names.add(`${hostName}.${domain}`);
  return new Set([...names].map(name => name.toLowerCase()).filter(name => !LOCAL.test(name)));
}

/** The fixed addresses of its interfaces. */
function ownAddresses(host: Host): readonly string[] {
  return host.options.flatMap(({ option, value, conditions }) => {
    const isList = option[0] === "networking" && option[1] === "interfaces" && option.at(-1) === "addresses";
    if (!isList || value.kind !== "list" || conditions.length > 0) return [];
    return value.items.flatMap(item => {
      const address = item.kind === "attrs" ? item.entries.get("address")?.value : undefined;
      return (address === undefined ? undefined : knownText(address)) ?? [];
    });
  });
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
