// cache-order: a cache over SSH is asked before one that has everything.

import { spanInText } from "../eval/datum";
import { ORDINARY, type SettingFact } from "../facts/facts";
import { parameterOf, parseStoreUrl, type StoreUrl, storeIdentity } from "../formats/storeUrl";
import { DEFAULT_CACHE_URL, findCacheByUrl } from "../knowledge/wellKnownCaches";
import type { Span } from "../text/span";
import { type EffectiveSettings, isCompleteList, settingsOfFile } from "./effectiveSettings";
import { replaceInText } from "./entryFixes";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { entriesOf, type ListEntry, type SettingEntry, urlEntries, whereClause } from "./listEntries";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "cache-order",
  category: "caches",
  severity: "information",
  since: "0.1.0",
  fix: "sometimes",
  ofEffect: true,
  docs: {
    summary: "A cache over SSH is asked before one that has everything",
    why: `Nix asks caches in the order of their priorities, lowest first; the order of the list decides only between equals. A cache over SSH has
priority 0, cache.nixos.org 40: without \`?priority=\` the SSH cache is asked first for every path, also for all that the public cache has, one
session each, from one machine. With \`?priority=50\` it is asked only for what the others lack. A number of your own below 40 does the
same as none. Nothing is said where the SSH caches are all there is.`,
    bad: [
      '{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org" ]; }',
      '{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org?priority=10" ]; }',
    ],
    good: ['{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org?priority=50" ]; }'],
  },
};

export const cacheOrder: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of urlEntries(ctx.facts, "substituters")) {
      const { url, problems } = parseStoreUrl(entry.datum.text);
      if (url?.family !== "ssh" || url.host === undefined || url.host.text === "localhost") continue;
      // An unknown piece at the end may bring a query along.
      const query = entry.datum.text.slice(url.host.end - 1);
      const tuned = url.parameters.some(({ name }) => name.text === "priority");
      if (tuned || query.includes("\uFFFC") || problems.length > 0 || replacesAll(entry.fact)) continue;
      report({
        span: spanInText(entry.datum, 0, entry.datum.text.length),
        message: `${url.host.text.replace("\uFFFC", "…")} is asked before cache.nixos.org for every path${whereClause(entry.conditions)}, because a cache over SSH has priority 0 unless ?priority= says otherwise`,
        fixes: addPriority(ctx, entry),
      });
    }
    const settings = settingsOfFile(ctx.facts);
    if (settings === undefined) return;
    for (const pair of wrongOrders(settings)) {
      report({ span: placeOf(pair), message: wordsFor(pair), fixes: lowerPriority(ctx, pair) });
    }
  },
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host =>
      wrongOrders(bestSettingsOfHost(host)).map(
        (pair): HostFinding => ({
          span: placeOf(pair),
          host,
          before: "on ",
          after: `${asEvaluated(host, "substituters")} ${wordsFor(pair)}`,
          fixes: lowerPriority(ctx, pair),
        }),
      ),
    );
    reportForHosts(found, report);
  },
};

/** The assignment puts nothing but SSH caches in the place of all others: there is none that they could come before. */
function replacesAll(fact: SettingFact): boolean {
  const replaces = fact.priority.level < ORDINARY.level || fact.surface === "nix.conf";
  const entries = entriesOf(fact);
  return (
    replaces &&
    !fact.extra &&
    isCompleteList(fact.value) &&
    entries.every(({ datum }) => parseStoreUrl(datum.text).url?.family === "ssh")
  );
}

interface Ranked {
  readonly entry: ListEntry;
  readonly url: StoreUrl;
  readonly priority: number;
}

interface WrongOrder {
  /** Slow: one SSH session for each path. */
  readonly slow: Ranked;
  /** Has everything of NixOS, and is asked later. */
  readonly full: Ranked;
}

/** SSH caches whose given priority puts them before a full cache of a known one. */
function wrongOrders(settings: EffectiveSettings): readonly WrongOrder[] {
  const ranked = settings.list("substituters").entries.flatMap((entry): Ranked[] => {
    const { url, problems } = parseStoreUrl(entry.datum.text);
    const certain = url !== undefined && problems.length === 0 && entry.conditions.length === 0;
    const priority = certain ? priorityOf(url) : undefined;
    return priority === undefined || url === undefined ? [] : [{ entry, url, priority }];
  });
  const fulls = ranked.filter(({ url }) => findCacheByUrl(url)?.full === true);
  return ranked.flatMap((slow, at) => {
    const full = fulls.find(
      each => slow.priority < each.priority || (slow.priority === each.priority && at < ranked.indexOf(each)),
    );
    return slow.url.family === "ssh" && full !== undefined ? [{ slow, full }] : [];
  });
}

/** What the URL says; of the others only cache.nixos.org is known to say it itself. */
function priorityOf(url: StoreUrl): number | undefined {
  const given = parameterOf(url, "priority");
  if (given !== undefined) return /^\d+$/.test(given) ? Number(given) : undefined;
  return isDefaultCache(url) ? 40 : undefined;
}

function isDefaultCache(url: StoreUrl): boolean {
  const known = parseStoreUrl(DEFAULT_CACHE_URL).url;
  return known !== undefined && storeIdentity(known) === storeIdentity(url);
}

function wordsFor({ slow, full }: WrongOrder): string {
  const rank =
    slow.priority === full.priority
      ? "the same priority and stands first"
      : `priority ${slow.priority} against ${full.priority}`;
  return `${slow.url.host?.text ?? slow.url.text} is asked before ${full.url.host?.text ?? full.url.text} for every path, one SSH session each, because it has ${rank}`;
}

function placeOf({ slow }: WrongOrder): Span {
  return spanInText(slow.entry.datum, 0, slow.entry.datum.text.length);
}

/** Somebody chose the number, so it is theirs to change. */
function lowerPriority(ctx: Pick<FileContext, "textOf">, { slow, full }: WrongOrder): readonly Fix[] {
  const { datum } = slow.entry;
  const value = parseStoreUrl(datum.text).url?.parameters.findLast(
    ({ name }) => name.text === "priority",
  )?.value;
  const later = Math.max(50, full.priority + 10);
  const edits = value === undefined ? undefined : replaceInText(ctx, datum, value, String(later));
  return edits === undefined ? [] : [{ title: `Set priority=${later}`, safety: "review", edits }];
}

/** Where the URL was typed in one piece: behind an interpolation the end may be part of something else. */
function addPriority(ctx: FileContext, { datum }: SettingEntry): readonly Fix[] {
  if (datum.pieces.length > 1) return [];
  const end = datum.text.trimEnd().length;
  const sign = !datum.text.includes("?") ? "?" : /[?&]$/.test(datum.text.slice(0, end)) ? "" : "&";
  const last = datum.text.slice(end - 1, end);
  const edits = replaceInText(ctx, datum, { start: end - 1, end }, `${last}${sign}priority=50`);
  return edits === undefined ? [] : [{ title: "Add priority=50", safety: "safe", edits }];
}
