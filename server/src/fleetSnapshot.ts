// The fleet in the plain form of protocol.ts: what the client's views and `nix-deploy fleet --format json` show.

import { branchesOf, type Datum, knownText } from "./core/eval/datum";
import { keyNamesOfCache } from "./core/features/cacheFacts";
import type { Field, Fleet, Host } from "./core/fleet/fleet";
import { settingsOfHost } from "./core/rules/effectiveSettings";
import type { LineIndex } from "./core/text/lineIndex";
import type { Span } from "./core/text/span";
import { httpServerSnapshot } from "./httpServerSnapshot";
import type {
  CacheSnapshot,
  FleetSnapshot,
  HostSnapshot,
  KeySnapshot,
  ProtocolRange,
  SshServeSnapshot,
} from "./protocol";

const SUBSTITUTERS = "nix.settings.substituters";
const TRUSTED_KEYS = "nix.settings.trusted-public-keys";
const NOWHERE: ProtocolRange = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

type Lines = (path: string) => LineIndex | undefined;

/** `lines` turns spans of a file into ranges; undefined for a file that is not known. */
export function fleetSnapshot(fleet: Fleet, lines: Lines): FleetSnapshot {
  const hosts = fleet.hosts.map(host => hostSnapshot(host, lines));
  return {
    version: 1,
    hosts,
    caches: cacheSnapshots(fleet, lines),
    keys: keySnapshots(fleet, lines),
    entryPoints: fleet.entryPoints,
  };
}

function hostSnapshot(host: Host, lines: Lines): HostSnapshot {
  const definition = host.definitions[0];
  const entryPoint = definition?.entryPoint ?? "";
  const substituters = host.effective.get(SUBSTITUTERS);
  const keys = host.effective.get(TRUSTED_KEYS);
  return {
    name: host.name,
    tools: host.tools,
    hostname: known(host.hostname),
    sshUser: known(host.sshUser),
    sshOpts: known(host.sshOpts) ?? [],
    system: known(host.system),
    ...(host.buildsOnHost === undefined || host.buildsOnHost.length === 0
      ? {}
      : { buildsOnHost: host.buildsOnHost }),
    tags: host.tags,
    profiles: host.profiles.map(({ name, user, sshUser, interactiveSudo, magicRollback }) => ({
      name,
      user: known(user),
      sshUser: known(sshUser),
      ...(interactiveSudo === true ? { interactiveSudo } : {}),
      ...(magicRollback === false ? { magicRollback } : {}),
    })),
    substituters: listOf(host, SUBSTITUTERS, substituters),
    trustedPublicKeys: listOf(host, TRUSTED_KEYS, keys),
    sshServe: sshServeSnapshot(host),
    ...httpServerSnapshot(host),
    unknown: unknownFields(host),
    path: definition?.nameSpan.path ?? entryPoint,
    range: rangeOf(definition?.nameSpan, lines) ?? NOWHERE,
    root: entryPoint.slice(0, entryPoint.lastIndexOf("/")),
    configuration: host.configuration?.attrPath.at(-1) ?? null,
  };
}

function known<T>(field: Field<T> | undefined): T | null {
  return field?.known === true ? field.value : null;
}

function unknownFields(host: Host): string[] {
  const fields: [string, boolean][] = [
    ["hostname", host.hostname?.known === false],
    ["sshUser", host.sshUser?.known === false],
    ["sshOpts", host.sshOpts?.known === false],
    ["system", host.system?.known === false],
    ["substituters", !isTold(host, SUBSTITUTERS)],
    ["trustedPublicKeys", !isTold(host, TRUSTED_KEYS)],
  ];
  return fields.flatMap(([name, isUnknown]) => (isUnknown ? [name] : []));
}

/** Read completely, or evaluated by real Nix. */
function isTold(host: Host, option: string): boolean {
  return isWhole(host.effective.get(option)) || evaluatedList(host, option) !== undefined;
}

/** What was read, or what real Nix evaluated where reading cannot tell it all. */
function listOf(host: Host, option: string, read: Datum | undefined): readonly string[] {
  const evaluated = isWhole(read) ? undefined : evaluatedList(host, option);
  return evaluated ?? entriesOf(host, option).map(text => text.value);
}

/** The entries of a host's list, with what `extra-` settings and `nix.extraOptions` add, each once. */
function entriesOf(host: Host, option: string): KnownTextAt[] {
  const { entries } = settingsOfHost(host).list(option.slice("nix.settings.".length));
  const texts = new Map<string, KnownTextAt>();
  for (const { datum } of entries) {
    const value = knownText(datum);
    if (value !== undefined && !texts.has(value)) texts.set(value, { value, span: datum.span });
  }
  return [...texts.values()];
}

function evaluatedList(host: Host, option: string): readonly string[] | undefined {
  const name = option.slice("nix.settings.".length);
  const told = host.told?.find(each => each.tier === "evaluated" && each.name === name)?.value;
  return typeof told === "string" ? told.split(/\s+/).filter(word => word !== "") : told;
}

function isWhole(datum: Datum | undefined): boolean {
  if (datum === undefined) return true;
  return datum.kind === "list" && datum.complete && datum.items.every(item => knownText(item) !== undefined);
}

function sshServeSnapshot(host: Host): SshServeSnapshot | null {
  const at = (name: string): Datum | undefined => host.effective.get(`nix.sshServe.${name}`);
  const keys = at("keys");
  if (at("enable") === undefined && keys === undefined) return null;
  const protocol = at("protocol");
  return {
    enable: booleanOf(at("enable")),
    protocol: protocol === undefined ? null : (knownText(protocol) ?? null),
    write: booleanOf(at("write")),
    keys: textsOf(keys).map(text => text.value),
  };
}

function booleanOf(datum: Datum | undefined): boolean | null {
  return datum?.kind === "scalar" && typeof datum.value === "boolean" ? datum.value : null;
}

interface KnownTextAt {
  readonly value: string;
  readonly span: Span;
}

/** Every known text in a list, whichever condition it hangs on, each once. */
function textsOf(datum: Datum | undefined): KnownTextAt[] {
  const texts = new Map<string, KnownTextAt>();
  const visit = (each: Datum): void => {
    for (const { value } of branchesOf(each)) {
      if (value.kind === "list") value.items.forEach(visit);
      const text = knownText(value);
      if (text !== undefined && !texts.has(text)) texts.set(text, { value: text, span: value.span });
    }
  };
  if (datum !== undefined) visit(datum);
  return [...texts.values()];
}

function cacheSnapshots(fleet: Fleet, lines: Lines): CacheSnapshot[] {
  return [...usersOf(fleet, SUBSTITUTERS)].map(([url, { hosts, span }]) => ({
    url,
    usedBy: hosts,
    keyNames: keyNamesOfCache(fleet, url),
    path: span.path,
    range: rangeOf(span, lines),
  }));
}

function keySnapshots(fleet: Fleet, lines: Lines): KeySnapshot[] {
  return [...usersOf(fleet, TRUSTED_KEYS)].map(([publicKey, { hosts, span }]) => ({
    name: publicKey.split(":")[0] ?? "",
    publicKey,
    trustedBy: hosts,
    path: span.path,
    range: rangeOf(span, lines),
  }));
}

function usersOf(
  fleet: Fleet,
  option: string,
): Map<string, { readonly hosts: string[]; readonly span: Span }> {
  const users = new Map<string, { readonly hosts: string[]; readonly span: Span }>();
  for (const host of fleet.hosts) {
    for (const { value, span } of entriesOf(host, option)) {
      const user = users.get(value) ?? { hosts: [], span };
      user.hosts.push(host.name);
      users.set(value, user);
    }
  }
  return users;
}

function rangeOf(span: Span | undefined, lines: Lines): ProtocolRange | null {
  return span === undefined ? null : (lines(span.path)?.range(span) ?? null);
}
