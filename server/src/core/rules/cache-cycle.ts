// cache-cycle: hosts that feed each other in a circle.

import { spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { type HttpCache, httpCachesOf } from "./httpServers";
import type { Rule, RuleMeta } from "./rule";
import { servedCachesOf } from "./sshCaches";

type Edge = HttpCache;

const meta: RuleMeta = {
  code: "cache-cycle",
  category: "ssh",
  severity: "information",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "Hosts substitute from each other in a circle",
    why: `A deploy goes faster when a host that feeds others goes first: the others then fetch what it has built. In a circle there is no such order,
and one host that is down stops the builds of all (without \`fallback = true\`). Let one host serve and the others ask it.`,
    bad: [
      {
        "hive.nix": `{
  a.nix = { sshServe.enable = true; settings.substituters = [ "ssh://nix-ssh@b" ]; };
  b.nix = { sshServe.enable = true; settings.substituters = [ "ssh://nix-ssh@a" ]; };
}`,
      },
    ],
    good: [
      {
        "hive.nix": `{
  a.nix.sshServe.enable = true;
  b.nix = { sshServe.enable = true; settings.substituters = [ "ssh://nix-ssh@a" ]; };
  c.nix.settings.substituters = [ "ssh://nix-ssh@a" "ssh://nix-ssh@b" ];
}`,
      },
    ],
  },
};

export const cacheCycle: Rule = {
  meta,
  checkFleet(ctx, report) {
    const caches: readonly Edge[] = [...servedCachesOf(ctx.fleet), ...httpCachesOf(ctx.fleet)];
    const edges = caches.filter(edge => edge.entry.conditions.length === 0);
    const told = new Set<string>();
    for (const start of ctx.fleet.hosts) {
      const circle = shortestCircle(start, edges);
      const id = circle
        .map(({ client }) => client.name)
        .sort()
        .join("\0");
      const [first, ...others] = circle;
      if (first === undefined || told.has(id)) continue;
      told.add(id);
      const way = [...circle.map(({ client }) => client.name), start.name].join(" ← ");
      report({
        span: placeOf(first),
        message: `hosts substitute from each other in a circle (${way}): no order of deploying feeds all of them`,
        related: others.map(edge => ({
          span: placeOf(edge),
          message: `"${edge.client.name}" asks "${edge.server.name}"`,
        })),
      });
    }
  },
};

/** The shortest way from a host over the caches that it asks back to itself; empty if there is none. */
function shortestCircle(start: Host, edges: readonly Edge[]): readonly Edge[] {
  const reached = new Set<Host>();
  let ways: (readonly Edge[])[] = edges.filter(edge => edge.client === start).map(edge => [edge]);
  while (ways.length > 0) {
    const next: (readonly Edge[])[] = [];
    for (const way of ways) {
      const at = way.at(-1)?.server;
      if (at === start) return way;
      if (at === undefined || reached.has(at)) continue;
      reached.add(at);
      next.push(...edges.filter(edge => edge.client === at).map(edge => [...way, edge]));
    }
    ways = next;
  }
  return [];
}

function placeOf({ entry }: Edge) {
  return spanInText(entry.datum, 0, entry.datum.text.length);
}
