// Where the fleet's caches, keys and hosts are mentioned in files: every place at which a cache URL, a trusted key or a
// host stands, whichever setting it belongs to and however many functions it went through.

import type { Analysis } from "../analysis";
import { branchesOf, type Datum, knownText } from "../eval/datum";
import type { SettingFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import type { Span } from "../text/span";

/** One entry of a list of caches or keys where somebody typed it. */
export interface Mention {
  readonly kind: "cache" | "key";
  /** The entry as written. */
  readonly text: string;
  readonly span: Span;
  readonly setting: SettingFact;
  /** Names of the hosts on which it counts; empty for a file that no host reads. */
  readonly hosts: readonly string[];
}

const CACHE_SETTINGS = new Set(["substituters", "trusted-substituters"]);
const KEY_SETTINGS = new Set(["trusted-public-keys"]);

/** Every mention of the workspace, each place once. */
export function allMentions(analysis: Analysis): readonly Mention[] {
  const found = new Map<string, Mention & { hosts: string[] }>();
  const add = (setting: SettingFact, host: string | undefined): void => {
    const kind = kindOf(setting);
    if (kind === undefined) return;
    for (const { text, span } of entriesOf(setting.value)) {
      const id = `${kind} ${span.path}:${span.start}:${span.end} ${text}`;
      const mention = found.get(id) ?? { kind, text, span, setting, hosts: [] };
      if (host !== undefined && !mention.hosts.includes(host)) mention.hosts.push(host);
      found.set(id, mention);
    }
  };
  for (const host of analysis.fleet().hosts) for (const setting of host.settings) add(setting, host.name);
  for (const path of analysis.paths)
    for (const setting of analysis.facts(path)?.settings ?? []) add(setting, undefined);
  return [...found.values()];
}

function kindOf(setting: SettingFact): Mention["kind"] | undefined {
  if (CACHE_SETTINGS.has(setting.name)) return "cache";
  return KEY_SETTINGS.has(setting.name) ? "key" : undefined;
}

/** The known texts of a list, on every branch. */
export function entriesOf(datum: Datum): { readonly text: string; readonly span: Span }[] {
  return branchesOf(datum).flatMap(({ value }) => {
    if (value.kind === "list") return value.items.flatMap(entriesOf);
    const text = knownText(value);
    return text === undefined ? [] : [{ text, span: value.span }];
  });
}

/** The host of the fleet whose store a cache URL names; undefined for caches elsewhere. */
export function hostOfCache(analysis: Analysis, url: string): Host | undefined {
  const address = addressOf(url);
  if (address === undefined) return undefined;
  return analysis
    .fleet()
    .hosts.find(
      host => host.name === address || (host.hostname?.known === true && host.hostname.value === address),
    );
}

/** The host name of a store URL over SSH. */
function addressOf(url: string): string | undefined {
  const match = /^ssh(?:-ng)?:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/?]+)/.exec(url);
  return match?.[1];
}

/** What makes two cache URLs the same cache: scheme, host in lower case, path without a trailing slash. */
export function cacheIdentity(url: string): string {
  return url
    .replace(/\?.*$/, "")
    .replace(/\/+$/, "")
    .replace(/^([a-z0-9+-]+:\/\/[^/]*)/i, start => start.toLowerCase());
}

/** The name of a key: what stands before its colon. */
export function keyName(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(":"))).trim();
}
