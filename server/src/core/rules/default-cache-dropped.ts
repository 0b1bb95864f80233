// default-cache-dropped: a Nix that no longer asks cache.nixos.org.

import { branchesOf } from "../eval/datum";
import type { SettingFact } from "../facts/facts";
import { ORDINARY } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import { cachixCacheOfUrl, DEFAULT_CACHE_URL, findCacheByUrl } from "../knowledge/wellKnownCaches";
import {
  type EffectiveList,
  type EffectiveSettings,
  implied,
  isCompleteList,
  settingsOfFile,
} from "./effectiveSettings";
import { editsAt, renameAttribute } from "./entryFixes";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { insertItem } from "./insertions";
import { entriesOf, type ListEntry, whereClause } from "./listEntries";
import { isPrivateHost } from "./privateHosts";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "default-cache-dropped",
  category: "caches",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "The cache of NixOS is no longer asked",
    why: `\`mkForce\` replaces what NixOS itself adds to \`nix.settings.substituters\`, and so do \`substituters = …\` in \`nix.extraOptions\` (which stands
last in nix.conf), in a nix.conf file, and in a flake's \`nixConfig\`. Without cache.nixos.org everything in nixpkgs that no other cache has is built
from source. \`extra-substituters\` adds to the list; plain lists of several NixOS modules are joined, so \`mkForce\` is rarely needed, and an
\`if … then [ … ] else [ ]\` drops nothing.

Nothing is said where a mirror, a proxy or a cache in a private network stands in the list: it may have everything.`,
    bad: [
      '{ lib, ... }: { nix.settings.substituters = lib.mkForce [ "https://nix-community.cachix.org" ]; }',
      '{ nix.extraOptions = "substituters = https://nix-community.cachix.org"; }',
      {
        "flake.nix":
          '{ nixConfig.substituters = [ "https://nix-community.cachix.org" ]; outputs = { ... }: { }; }',
      },
    ],
    good: [
      '{ nix.settings.substituters = [ "https://nix-community.cachix.org" ]; }',
      {
        "flake.nix":
          '{ nixConfig.extra-substituters = [ "https://nix-community.cachix.org" ]; outputs = { ... }: { }; }',
      },
    ],
  },
};

export const defaultCacheDropped: Rule = {
  meta,
  checkFile(ctx, report) {
    const settings = settingsOfFile(ctx.facts);
    const fact = settings?.facts.findLast(each => each.name === "substituters" && !each.extra);
    if (settings === undefined || fact === undefined) return;
    const list = settings.list("substituters");
    if (!isDropped(list)) return;
    const who = fact.surface === "flake" ? "whoever accepts this nixConfig" : "this Nix";
    report({
      span: fact.nameSpan,
      message: `${who} no longer asks cache.nixos.org: substituters replaces the list${CONSEQUENCE}`,
      fixes: fixesOf(ctx, fact),
    });
  },
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap((host): HostFinding[] => {
      const settings = bestSettingsOfHost(host);
      // asks no cache at all
      if (settings.boolean("substitute", true) === false) return [];
      const dropped = isDropped(settings.list("substituters"));
      const certain = replacing(settings.facts);
      const fact = certain ?? replacingSometimes(host, settings);
      if (fact === undefined || (fact === certain && !dropped)) return [];
      const how = fact.surface === "option-text" ? "nix.extraOptions" : wrapperName(ctx, fact);
      return [
        {
          span: fact.nameSpan,
          host,
          before: "",
          after: ` no longer asks cache.nixos.org${whereClause(fact.conditions)}${asEvaluated(host, "substituters")}: ${how ?? "a stronger definition"} replaces the list${CONSEQUENCE}`,
          fixes: fixesOf(ctx, fact),
        },
      ];
    });
    reportForHosts(found, report);
  },
};

const CONSEQUENCE = ", so all of nixpkgs that the others lack is built from source";

/** The assignment that replaces what NixOS itself has in the list. */
function replacing(facts: readonly SettingFact[]): SettingFact | undefined {
  const own = facts.filter(
    fact => fact.name === "substituters" && !fact.extra && fact.conditions.length === 0,
  );
  const inText = own.findLast(fact => fact.surface === "option-text");
  return inText ?? own.find(fact => fact.priority.level < ORDINARY.level);
}

/** A definition that replaces the list under a condition: in every case in which that holds the cache is missing. */
function replacingSometimes(host: Host, settings: EffectiveSettings): SettingFact | undefined {
  const value = host.effective.get("nix.settings.substituters");
  const inText = settings.facts.some(fact => fact.name === "substituters" && fact.surface === "option-text");
  const more = host.options.some(fact => fact.option.join(".") === "nix.settings.extra-substituters");
  if (value === undefined || inText || more) return undefined;
  const cases = branchesOf(value).map(branch => ({
    conditions: branch.conditions,
    list: { entries: entriesOf(branch), complete: isCompleteList(branch.value) },
  }));
  return settings.facts.find(fact => {
    if (fact.name !== "substituters" || fact.extra || fact.priority.level >= ORDINARY.level) return false;
    const own = cases.filter(({ conditions }) => implied(fact.conditions, conditions));
    return fact.conditions.length > 0 && own.length > 0 && own.every(({ list }) => isDropped(list));
  });
}

/** The name of the wrapper as it is typed: `mkOverride` for a number that has a name of its own too. */
function wrapperName(ctx: Pick<FileContext, "textOf">, { priority }: SettingFact): string | undefined {
  const span = priority.wrapper?.span;
  const typed = span === undefined ? undefined : ctx.textOf(span.path)?.slice(span.start);
  return /^[\w.]*?\b(mk\w+)/.exec(typed ?? "")?.[1] ?? priority.wrapper?.name;
}

/** Certainly neither the default cache nor anything that may stand for it. An empty list is meant. */
function isDropped({ entries, complete }: EffectiveList): boolean {
  return complete && entries.length > 0 && !entries.some(mayHaveEverything);
}

function mayHaveEverything({ datum }: ListEntry): boolean {
  const { url } = parseStoreUrl(datum.text);
  if (url === undefined) return true;
  if (url.family === "ssh") return false;
  if (url.family !== "http") return true;
  const known = findCacheByUrl(url);
  if (known !== undefined) return known.full === true;
  return cachixCacheOfUrl(url) === undefined && looksLikeMirror(url);
}

function looksLikeMirror(url: StoreUrl): boolean {
  const host = url.host?.text ?? "";
  return (
    /mirror|proxy|ncps|cache\.nixos\.org|nix-channels/i.test(`${host}${url.path?.text ?? ""}`) ||
    isPrivateHost(host)
  );
}

function fixesOf(ctx: Pick<FileContext, "textOf">, fact: SettingFact): readonly Fix[] {
  const text = ctx.textOf(fact.nameSpan.path);
  if (text === undefined) return [];
  const { nameSpan, priority, value } = fact;
  const fixes: Fix[] = [];
  const isNamed = text.slice(nameSpan.start, nameSpan.end) === "substituters";
  if (isNamed && fact.surface !== "option") {
    const label = { title: "Rename to extra-substituters", safety: "review" } as const;
    fixes.push(...renameAttribute(fact, ["extra-substituters"], label));
  }
  const force = priority.wrapper?.span;
  const written = force === undefined ? null : /^(lib\.)?mkForce\s+/.exec(text.slice(force.start));
  if (force !== undefined && written !== null && force.path === nameSpan.path) {
    fixes.push({
      title: "Remove mkForce",
      safety: "review",
      edits: editsAt({ ...force, end: force.start + written[0].length }, ""),
    });
  }
  const added =
    fact.surface === "option" || fact.surface === "flake"
      ? insertItem(ctx, value.span, `"${DEFAULT_CACHE_URL}"`)
      : undefined;
  if (added !== undefined) fixes.push({ title: "Add cache.nixos.org", safety: "review", edits: added });
  return fixes;
}
