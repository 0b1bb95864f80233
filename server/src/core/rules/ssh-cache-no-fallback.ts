// ssh-cache-no-fallback: every build of a host hangs on another machine being up.

import { spanInText } from "../eval/datum";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { insertBeside, insertLine } from "./insertions";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { type SshCache, sshCachesOf } from "./sshCaches";

const meta: RuleMeta = {
  code: "ssh-cache-no-fallback",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A cache over SSH is asked without `fallback`",
    why: `A cache over HTTP that does not answer is skipped with a warning. One over SSH is not: \`error: failed to start SSH connection\` ends the whole
command, so while that machine is down nothing can be built or deployed on the host, not even what other caches have. With
\`fallback = true\` Nix goes on to other caches or builds the path itself. \`?priority=\` alone does not help: paths that no other cache has are
still asked for there.`,
    bad: ['{ nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org?priority=50" ]; }'],
    good: [
      `{
  nix.settings.substituters = [ "ssh://nix-ssh@stage.example.org?priority=50" ];
  nix.settings.fallback = true;
}`,
    ],
  },
};

export const sshCacheNoFallback: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = sshCachesOf(ctx.fleet).flatMap((cache): HostFinding[] => {
      const { client, settings, entry, address } = cache;
      if (settings.boolean("fallback", false) !== false) return [];
      return [
        {
          span: spanInText(entry.datum, 0, entry.datum.text.length),
          host: client,
          before: "",
          after: ` asks ${address}${whereClause(entry.conditions)} without fallback = true: while that machine is down every build there fails`,
          fixes: insertFallback(ctx, cache),
        },
      ];
    });
    reportForHosts(found, report);
  },
};

/** Beside the list in which the cache stands; not where `fallback = false` was written on purpose. */
function insertFallback(ctx: FleetContext, { settings, entry }: SshCache): readonly Fix[] {
  const written = settings.facts.find(fact => fact.name === "fallback");
  if (written !== undefined) return [];
  const { path } = entry.datum.span;
  const fact = settings.facts.find(
    each => each.name === "substituters" && each.span.path === path && contains(each, entry.datum.span),
  );
  if (fact === undefined || fact.conditions.length > 0) return [];
  const edits =
    fact.surface === "option"
      ? insertBeside(ctx, fact, "fallback", "true")
      : insertLine(ctx, fact, "fallback = true");
  return edits === undefined ? [] : [{ title: "Set fallback = true", safety: "review", edits }];
}

function contains(fact: { readonly span: Range }, place: Range): boolean {
  return fact.span.start <= place.start && place.end <= fact.span.end;
}

interface Range {
  readonly start: number;
  readonly end: number;
}
