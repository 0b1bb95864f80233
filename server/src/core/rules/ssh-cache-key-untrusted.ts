// ssh-cache-key-untrusted: a host signs what it serves, and its client does not trust the key.

import { spanInText } from "../eval/datum";
import type { Fleet, Host } from "../fleet/fleet";
import { type CacheKey, formatCacheKey } from "../formats/cacheKey";
import { settingsOfHost } from "./effectiveSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { namesOf } from "./hostNaming";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { addToSetting } from "./settingInsertions";
import { isPublicCacheKey, type TrustedKey, trustedKeys, wantsSignatures } from "./signatures";
import { relatedHost, type SshCache, servedCachesOf } from "./sshCaches";

const STAGE =
  'stage.nix = { sshServe.enable = true; settings.secret-key-files = [ "/etc/nix/stage-1.secret" ]; };';

const meta: RuleMeta = {
  code: "ssh-cache-key-untrusted",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A host signs what it serves, but its client does not trust that key",
    why: `The serving host signs what it builds with the key of its \`secret-key-files\`. A client whose \`trusted-public-keys\` lack the public half, by
exactly the same name, refuses those paths: \`… is not signed by any of the keys in 'trusted-public-keys'\`, and builds them itself.
\`nix key convert-secret-to-public\` prints the public half on the server.`,
    bad: [
      {
        "hive.nix": `{
  ${STAGE}
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
}`,
      },
    ],
    good: [
      {
        "hive.nix": `{
  ${STAGE}
  prod.nix.settings = {
    substituters = [ "ssh://nix-ssh@stage" ];
    trusted-public-keys = [ "stage-1:A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=" ];
  };
}`,
      },
    ],
  },
};

export const sshCacheKeyUntrusted: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = servedCachesOf(ctx.fleet).flatMap(cache => {
      const { settings, server, url } = cache;
      if (!signs(server) || !wantsSignatures(settings, url)) return [];
      const { keys, complete } = trustedKeys(settings);
      if (!complete) return [];
      const known = keyOf(ctx.fleet, server);
      // Which key the server signs with is in a file on it: an unknown name may be that one.
      const untrusted =
        known === undefined
          ? keys.every(({ key }) => isPublicCacheKey(key))
          : !keys.some(({ key }) => key.name === known.key.name || isOwnName(server, key));
      return untrusted ? [findingOf(ctx, cache, server, known)] : [];
    });
    reportForHosts(found, report);
  },
};

function findingOf(
  ctx: FleetContext,
  cache: SshCache,
  server: Host,
  known: TrustedKey | undefined,
): HostFinding {
  const { client, entry } = cache;
  const named = known === undefined ? "the key" : `the key "${known.key.name}"`;
  const there =
    known === undefined
      ? []
      : [{ span: known.entry.datum.span, message: "the key, as others of the fleet trust it" }];
  return {
    span: spanInText(entry.datum, 0, entry.datum.text.length),
    host: client,
    before: "",
    after: ` does not trust ${named} with which "${server.name}" signs${whereClause(entry.conditions)}: paths that were built there are refused and built again`,
    related: [...relatedHost(server, `"${server.name}" serves its store`), ...there],
    fixes: known === undefined ? [] : trust(ctx, cache, known.key),
  };
}

function signs(host: Host): boolean {
  const { entries } = settingsOfHost(host).list("secret-key-files");
  return entries.some(({ conditions }) => conditions.length === 0);
}

/** The key that hosts of the fleet trust under one of the server's own names. */
function keyOf(fleet: Fleet, server: Host): TrustedKey | undefined {
  const own = fleet.hosts
    .flatMap(host => trustedKeys(settingsOfHost(host)).keys)
    .filter(({ key }) => isOwnName(server, key));
  const names = new Set(own.map(({ key }) => key.name));
  return names.size === 1 ? own[0] : undefined;
}

function isOwnName(server: Host, { name }: CacheKey): boolean {
  return namesOf(server).has(name.toLowerCase().replace(/-\d+$/, ""));
}

function trust(ctx: FleetContext, { settings, entry }: SshCache, key: CacheKey): readonly Fix[] {
  const { span } = entry.datum;
  const beside = settings.facts.find(
    ({ name, value }) =>
      name === "substituters" &&
      value.span.path === span.path &&
      value.span.start <= span.start &&
      span.end <= value.span.end,
  );
  const edits = addToSetting(ctx, settings.facts, "trusted-public-keys", formatCacheKey(key), beside);
  return edits === undefined ? [] : [{ title: `Trust "${key.name}"`, safety: "review", edits }];
}
