// key-without-cache: a public cache is trusted, but never asked.

import { spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import {
  cachixCacheOfKey,
  cachixCacheOfUrl,
  cachixUrl,
  findCacheByKeyName,
  findCacheByUrl,
} from "../knowledge/wellKnownCaches";
import type { EffectiveSettings } from "./effectiveSettings";
import { removeEntry } from "./entryFixes";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { entriesOf, whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { addToSetting } from "./settingInsertions";
import { type TrustedKey, trustedKeys } from "./signatures";

const KEY = "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=";

const meta: RuleMeta = {
  code: "key-without-cache",
  category: "keys",
  severity: "information",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "The key of a public cache is trusted, but the cache is not asked",
    why: `A trusted key alone fetches nothing: the cache that signs with it has to be among \`substituters\` (or \`trusted-substituters\`, for users to
choose). Either the cache was forgotten, or the key was left over, and then it is one more party that may sign what root runs.`,
    bad: [`{ nix.settings.trusted-public-keys = [ "${KEY}" ]; }`],
    good: [
      `{ nix.settings = { substituters = [ "https://nix-community.cachix.org" ]; trusted-public-keys = [ "${KEY}" ]; }; }`,
    ],
  },
};

export const keyWithoutCache: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host => checkHost(ctx, host));
    reportForHosts(found, report);
  },
};

function checkHost(ctx: FleetContext, host: Host): readonly HostFinding[] {
  const settings = bestSettingsOfHost(host);
  const lists = ["substituters", "trusted-substituters"].map(name => settings.list(name));
  const urls = lists.flatMap(({ entries }) => entries.map(({ datum }) => parseStoreUrl(datum.text).url));
  if (!lists.every(({ complete }) => complete) || urls.some(mayServeOthers)) return [];
  const told = asEvaluated(host, "trusted-public-keys", "substituters", "trusted-substituters");
  return trustedKeys(settings).keys.flatMap(trusted => {
    const cache = cacheOf(trusted);
    if (cache === undefined || urls.some(url => url !== undefined && isThat(url, trusted))) return [];
    const { datum, conditions } = trusted.entry;
    return [
      {
        span: spanInText(datum, 0, datum.text.length),
        host,
        before: "",
        after: ` trusts "${trusted.key.name}"${whereClause(conditions)}${told}, but asks ${cache} for nothing: no list of caches names it`,
        fixes: fixesOf(ctx, settings, trusted, cache),
      },
    ];
  });
}

/** The URL of the one public cache that signs so; the default cache is not missed here. */
function cacheOf({ key }: TrustedKey): string | undefined {
  const wellKnown = findCacheByKeyName(key.name);
  if (wellKnown !== undefined) return wellKnown.full === true ? undefined : wellKnown.url;
  const cachix = cachixCacheOfKey(key.name);
  return cachix === undefined ? undefined : cachixUrl(cachix);
}

function isThat(url: StoreUrl, { key }: TrustedKey): boolean {
  const names = findCacheByUrl(url)?.keys.map(text => text.split(":")[0]) ?? [];
  if (names.includes(key.name)) return true;
  const cachix = cachixCacheOfUrl(url);
  return cachix !== undefined && cachix === cachixCacheOfKey(key.name);
}

/** A cache of one's own may be a proxy for the public one, with its signatures. */
function mayServeOthers(url: StoreUrl | undefined): boolean {
  if (url === undefined) return true;
  if (url.family === "ssh") return true;
  if (findCacheByUrl(url) !== undefined || cachixCacheOfUrl(url) !== undefined) return false;
  // Mirrors of cache.nixos.org have its paths alone.
  return !/\/nix-channels\/store\/?$/.test(url.path?.text ?? "");
}

function fixesOf(
  ctx: FleetContext,
  settings: EffectiveSettings,
  { key, entry }: TrustedKey,
  cache: string,
): readonly Fix[] {
  if (entry.conditions.length > 0) return [];
  const written = settings.facts
    .filter(fact => fact.name === "trusted-public-keys")
    .flatMap(fact => entriesOf(fact).map(each => ({ fact, each })))
    .find(({ each }) => sameStart(each.datum.span, entry.datum.span));
  if (written === undefined) return [];
  const edits = addToSetting(ctx, settings.facts, "substituters", cache, written.fact);
  const add: readonly Fix[] = edits === undefined ? [] : [{ title: `Ask ${cache}`, safety: "review", edits }];
  const remove = removeEntry(ctx, written.each, {
    title: `Stop trusting "${key.name}"`,
    safety: "review",
  });
  return [...add, ...remove];
}

function sameStart(a: { path: string; start: number }, b: { path: string; start: number }): boolean {
  return a.path === b.path && a.start === b.start;
}
