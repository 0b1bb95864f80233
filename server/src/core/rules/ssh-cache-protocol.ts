// ssh-cache-protocol: a host asks for the store by another protocol than the serving host speaks.

import { spanInText } from "../eval/datum";
import type { Span } from "../text/span";
import { replaceInText } from "./entryFixes";
import { reportForHosts } from "./hostFindings";
import { effectiveText } from "./hostNaming";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import {
  booleanOption,
  type FlakeCache,
  flakeCachesOf,
  relatedHost,
  SERVE_USER,
  servedCachesOf,
} from "./sshCaches";

const FLAKE = `{ outputs = { nixpkgs, ... }: { nixosConfigurations = {
  stage = nixpkgs.lib.nixosSystem { modules = [ { nix.sshServe.enable = true; } ]; };
  prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
}; }; }`;

const meta: RuleMeta = {
  code: "ssh-cache-protocol",
  category: "ssh",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A cache over SSH is asked by a protocol that its host does not serve",
    why: `\`nix.sshServe\` forces one command on who logs in: \`nix-store --serve\` for \`protocol = "ssh"\` (the default), \`nix-daemon --stdio\` for
\`"ssh-ng"\`. Asked by the other scheme it answers something that the client cannot read: \`error: protocol mismatch\`, and every build of
the client fails unless \`fallback = true\`.`,
    bad: [
      {
        "flake.nix": FLAKE,
        "prod.nix": '{ nix.settings.substituters = [ "ssh-ng://nix-ssh@stage" ]; }',
      },
    ],
    good: [{ "flake.nix": FLAKE, "prod.nix": '{ nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }' }],
  },
};

export const sshCacheProtocol: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = servedCachesOf(ctx.fleet).flatMap(cache => {
      const { client, server, entry, url } = cache;
      const served = otherProtocol(cache);
      if (served === undefined) return [];
      return [
        {
          span: placeOf(cache),
          host: client,
          before: "",
          after: ` asks "${server.name}" by ${url.scheme}${whereClause(entry.conditions)}, but that one serves ${served}: "protocol mismatch" ends every build`,
          related: relatedHost(server, `"${server.name}" serves ${served}`),
          fixes: matchServer(ctx, cache, served),
        },
      ];
    });
    reportForHosts(found, report);
    for (const cache of flakeCachesOf(ctx.fleet)) {
      const served = otherProtocol(cache);
      if (served === undefined) continue;
      report({
        span: placeOf(cache),
        message: `this nixConfig asks "${cache.server.name}" by ${cache.url.scheme}, but that one serves ${served}: "protocol mismatch" ends every build of who accepts it`,
        related: relatedHost(cache.server, `"${cache.server.name}" serves ${served}`),
        fixes: matchServer(ctx, cache, served),
      });
    }
  },
};

/** The protocol that the host serves, if it certainly is another one than it is asked by. */
function otherProtocol({ server, url }: FlakeCache): string | undefined {
  const served = effectiveText(server, "nix.sshServe.protocol");
  if (url.user?.text !== SERVE_USER || booleanOption(server, "nix.sshServe.enable") === false)
    return undefined;
  return (served === "ssh" || served === "ssh-ng") && served !== url.scheme ? served : undefined;
}

function placeOf({ entry, url }: Pick<FlakeCache, "entry" | "url">): Span {
  const place = url.schemePart ?? { start: 0, end: entry.datum.text.length };
  return spanInText(entry.datum, place.start, place.end);
}

function matchServer(
  ctx: FleetContext,
  { entry, url }: Pick<FlakeCache, "entry" | "url">,
  served: string,
): readonly Fix[] {
  const edits =
    url.schemePart === undefined ? undefined : replaceInText(ctx, entry.datum, url.schemePart, served);
  return edits === undefined ? [] : [{ title: `Ask by ${served}`, safety: "review", edits }];
}
