// key-conflict: one name, two different keys.

import { type Condition, spanInText } from "../eval/datum";
import type { FileFacts } from "../facts/facts";
import { type CacheKey, formatCacheKey, parseCacheKey, sameBytes } from "../formats/cacheKey";
import { contradictsPublishedKey, findCacheByKeyName, publishedKey } from "../knowledge/wellKnownCaches";
import type { Span } from "../text/span";
import { contradict, settingsOfFile } from "./effectiveSettings";
import { removeEntry, replaceEntry } from "./entryFixes";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { entryPointsOf } from "./hostNaming";
import { type ListEntry, listCases, settingEntries, whereClause } from "./listEntries";
import type { Draft, FileContext, FleetContext, Report, Rule, RuleMeta } from "./rule";
import { keysOf, type TrustedKey, trustedKeys } from "./signatures";

const meta: RuleMeta = {
  code: "key-conflict",
  category: "keys",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "One key name stands for two different keys",
    why: `A signature names the key that made it, and Nix looks up that name. Of two keys with one name the first counts and the second is ignored
without a word, so everything signed with it is refused: \`… is not signed by any of the keys in 'trusted-public-keys'\`. The same happens with a
key that bears the name of a public cache but is not its key.

Give every key a name of its own, with a number for each generation: \`cache.example.org-2\`.`,
    bad: [
      '{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" "a-1:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=" ]; }',
      '{ nix.settings.trusted-public-keys = [ "cache.nixos.org-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ]; }',
    ],
    good: [
      '{ nix.settings.trusted-public-keys = [ "a-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" "a-2:g4cAP9Y5IdOoRNauVUqBf5/iam3PFsCsQcLLlg3nhkk=" ]; }',
    ],
  },
};

export const keyConflict: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of settingEntries(ctx.facts, "trusted-public-keys")) checkPublished(ctx, entry, report);
    for (const keys of keysTogether(ctx.facts)) reportConflicts(ctx, keys, report);
  },
  checkFleet(ctx, report) {
    for (const host of ctx.fleet.hosts) {
      const { keys } = trustedKeys(bestSettingsOfHost(host));
      reportConflicts(ctx, keys, report, asEvaluated(host, "trusted-public-keys"));
    }
    checkBetweenHosts(ctx, report);
  },
};

type Texts = Pick<FileContext, "textOf">;

function checkPublished(ctx: Texts, entry: ListEntry, report: Report): void {
  const reading = parseCacheKey(entry.datum.text);
  if (reading.kind !== "key" || !contradictsPublishedKey(reading.key)) return;
  const { name } = reading.key;
  const published = publishedKey(name);
  const owner = findCacheByKeyName(name)?.owner ?? name;
  report({
    span: place(entry),
    message: `this is not the key that ${owner} publishes as "${name}"${whereClause(entry.conditions)}: what that cache signs is refused`,
    fixes:
      published === undefined
        ? []
        : replaceEntry(ctx, entry, [formatCacheKey(published)], {
            title: `Replace by the key that ${owner} publishes`,
            safety: "review",
          }),
  });
}

/** The keys of one list, and of what one file sets for one Nix. */
function keysTogether(facts: FileFacts): readonly (readonly TrustedKey[])[] {
  const lists = facts.settings
    .filter(fact => fact.name === "trusted-public-keys")
    .flatMap(fact => listCases(fact))
    .map(keysOf);
  const own = settingsOfFile(facts);
  return own === undefined ? lists : [...lists, trustedKeys(own).keys];
}

/** Within one effective list the first of a name counts. */
function reportConflicts(ctx: Texts, keys: readonly TrustedKey[], report: Report, told = ""): void {
  keys.forEach((later, i) => {
    const first = keys
      .slice(0, i)
      .find(
        each => conflict(each.key, later.key) && !contradict(each.entry.conditions, later.entry.conditions),
      );
    if (first === undefined || contradictsPublishedKey(later.key) || contradictsPublishedKey(first.key))
      return;
    report({
      span: place(later.entry),
      message: `"${later.key.name}" is another key already${both(first.entry.conditions, later.entry.conditions)}${told}: Nix keeps the first of a name and ignores this one, so what is signed with it is refused`,
      related: [{ span: place(first.entry), message: "the key that counts" }],
      fixes: removeEntry(ctx, later.entry, { title: "Remove the key that Nix ignores", safety: "review" }),
    });
  });
}

/** Hosts of one fleet that mean different keys by one name. */
function checkBetweenHosts(ctx: FleetContext, report: Report): void {
  const seen = new Map<string, OfHost>();
  for (const { entryPoint, facts } of ctx.fleet.nixConfigs) {
    for (const { key, entry } of keysTogether(facts).flat())
      seen.set(`${entryPoint}\0${key.name}`, { key, entry, host: undefined });
  }
  for (const host of ctx.fleet.hosts) {
    for (const { key, entry } of trustedKeys(bestSettingsOfHost(host)).keys) {
      if (publishedKey(key.name) !== undefined) continue;
      const id = `${entryPointsOf(host)[0] ?? ""}\0${key.name}`;
      const first = seen.get(id);
      if (first === undefined) seen.set(id, { key, entry, host: host.name });
      else if (conflict(first.key, key) && first.host !== host.name) {
        report(betweenHosts(ctx, { key, entry, host: host.name }, first));
      }
    }
  }
}

/** A key with the host that trusts it; undefined for a flake's nixConfig. */
type OfHost = TrustedKey & { readonly host: string | undefined };

function betweenHosts(ctx: Texts, later: OfHost, first: OfHost): Draft {
  const { name } = later.key;
  const other = first.host === undefined ? "the key of nixConfig" : `the key that "${first.host}" trusts`;
  return {
    span: place(later.entry),
    message: `"${name}" is another key ${whereOf(first)} than ${whereOf(later)}: one of the two refuses what is signed under that name`,
    related: [{ span: place(first.entry), message: other }],
    fixes: replaceEntry(ctx, later.entry, [formatCacheKey(first.key)], {
      title: `Write ${other}`,
      safety: "review",
    }),
  };
}

function whereOf({ host }: OfHost): string {
  return host === undefined ? "in the flake's nixConfig" : `on host "${host}"`;
}

function conflict(a: CacheKey, b: CacheKey): boolean {
  return a.name === b.name && !sameBytes(a.bytes, b.bytes);
}

function both(a: readonly Condition[], b: readonly Condition[]): string {
  const more = b.filter(one => !a.some(other => other.text === one.text));
  return whereClause([...a, ...more]);
}

function place({ datum }: ListEntry): Span {
  return spanInText(datum, 0, datum.text.length);
}
