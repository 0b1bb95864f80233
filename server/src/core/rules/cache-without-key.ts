// cache-without-key: a cache is asked whose signatures nobody trusts.

import { spanInText } from "../eval/datum";
import type { SettingFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { cachixKeyName } from "../knowledge/wellKnownCaches";
import { type EffectiveSettings, settingsOfFile } from "./effectiveSettings";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { type ListEntry, whereClause } from "./listEntries";
import type { FileContext, Fix, Related, Rule, RuleMeta } from "./rule";
import { addToSetting } from "./settingInsertions";
import { type SigningCache, signingServer, untrustedCaches } from "./untrustedCaches";

const meta: RuleMeta = {
  code: "cache-without-key",
  category: "caches",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A cache is asked, but no key that it signs with is trusted",
    why: `Nix asks the cache for every path, finds it, and refuses it: \`ignoring substitute for '…' from '…', as it's not signed by any of the keys in
'trusted-public-keys'\`. Then it builds the path itself. \`--dry-run\` still says that it would be fetched.

Add the key that the owner of the cache publishes to \`trusted-public-keys\`. Looked at are caches whose keys are known by name, and hosts
of the fleet that sign what they serve with nix-serve or harmonia.`,
    bad: [
      '{ nix.settings.substituters = [ "https://nix-community.cachix.org" ]; }',
      {
        "flake.nix":
          '{ nixConfig.extra-substituters = [ "https://example.cachix.org" ]; outputs = { ... }: { }; }',
      },
    ],
    good: [
      `{
  nix.settings = {
    substituters = [ "https://nix-community.cachix.org" ];
    trusted-public-keys = [ "nix-community.cachix.org-1:mB9FSh9qf2dCimDSUo8Zy7bkq5CX+/rkCWyvRCYg3Fs=" ];
  };
}`,
    ],
  },
};

export const cacheWithoutKey: Rule = {
  meta,
  checkFile(ctx, report) {
    const settings = isUsersConf(ctx.facts.path) ? undefined : settingsOfFile(ctx.facts);
    if (settings === undefined) return;
    for (const { cache, conditions } of untrustedCaches(settings)) {
      const { datum } = cache.entry;
      report({
        span: spanInText(datum, 0, datum.text.length),
        message: `no key of ${nameOf(cache)} is trusted here${whereClause(conditions)}: ${CONSEQUENCE}${missingKey(cache)}`,
        fixes: addKey(ctx, settings, cache),
      });
    }
  },
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host => {
      const settings = bestSettingsOfHost(host);
      return untrustedCaches(settings, url => signingServer(ctx.fleet, url, host)).map(
        ({ cache, conditions }): HostFinding => ({
          span: spanInText(cache.entry.datum, 0, cache.entry.datum.text.length),
          host,
          before: "",
          after: ` asks ${nameOf(cache)}, but trusts no key of it${whereClause(conditions)}${asEvaluated(host, "substituters", "trusted-public-keys")}: ${CONSEQUENCE}${missingKey(cache)}`,
          related: cache.server === undefined ? [] : relatedService(cache.server),
          fixes: addKey(ctx, settings, cache),
        }),
      );
    });
    reportForHosts(found, report);
  },
};

const CONSEQUENCE = "whatever it offers is refused and built instead";

/** A user's own nix.conf comes after the system's, which may trust the key. */
function isUsersConf(path: string): boolean {
  return /(^|\/)(\.config|config|home|dotfiles)\/.*nix\.conf$/.test(path);
}

function relatedService(server: Host): readonly Related[] {
  const enable = server.options.find(({ option }) =>
    /^services\.(nix-serve|harmonia)(\.cache)?\.enable$/.test(option.join(".")),
  );
  return enable === undefined
    ? []
    : [{ span: enable.nameSpan, message: `"${server.name}" serves its store` }];
}

function nameOf({ url, cachix }: SigningCache): string {
  return cachix === undefined ? (url.host?.text ?? url.text) : `${cachix}.cachix.org`;
}

/** What to look for. */
function missingKey({ wellKnown, cachix }: SigningCache): string {
  const name =
    wellKnown?.keys[0]?.split(":")[0] ?? (cachix === undefined ? undefined : cachixKeyName(cachix));
  return name === undefined ? "" : `; its key is called ${name}`;
}

function addKey(
  ctx: Pick<FileContext, "textOf">,
  settings: EffectiveSettings,
  { entry, wellKnown }: SigningCache,
): readonly Fix[] {
  const key = wellKnown?.secondHand === true ? undefined : wellKnown?.keys[0];
  if (key === undefined || entry.conditions.length > 0) return [];
  const beside = settings.facts.find(fact => holds(fact, entry));
  const edits = addToSetting(ctx, settings.facts, "trusted-public-keys", key, beside);
  return edits === undefined ? [] : [{ title: `Trust ${key}`, safety: "review", edits }];
}

function holds({ name, span }: SettingFact, { datum }: ListEntry): boolean {
  return (
    name === "substituters" &&
    span.path === datum.span.path &&
    span.start <= datum.span.start &&
    datum.span.end <= span.end
  );
}
