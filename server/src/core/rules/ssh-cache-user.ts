// ssh-cache-user: a host that serves its store to `nix-ssh` is asked as another user.

import { spanInText } from "../eval/datum";
import { replaceInText } from "./entryFixes";
import { reportForHosts } from "./hostFindings";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { booleanOption, relatedHost, SERVE_USER, type SshCache, servedCachesOf } from "./sshCaches";

const FLAKE = `{ outputs = { nixpkgs, ... }: { nixosConfigurations = {
  stage = nixpkgs.lib.nixosSystem { modules = [ { nix.sshServe.enable = true; } ]; };
  prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
}; }; }`;

const meta: RuleMeta = {
  code: "ssh-cache-user",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A cache over SSH is asked as another user than the one it is served to",
    why: `\`nix.sshServe\` serves the store to the user \`nix-ssh\`, whose keys are \`nix.sshServe.keys\`. Without a user in the URL ssh logs in under
the name of who runs it, root for the daemon: \`Permission denied (publickey)\`, or, if that login works, a full shell account where a read-only
one was meant.`,
    bad: [
      { "flake.nix": FLAKE, "prod.nix": '{ nix.settings.substituters = [ "ssh://stage" ]; }' },
      { "flake.nix": FLAKE, "prod.nix": '{ nix.settings.substituters = [ "ssh://deploy@stage" ]; }' },
    ],
    good: [{ "flake.nix": FLAKE, "prod.nix": '{ nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }' }],
  },
};

export const sshCacheUser: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = servedCachesOf(ctx.fleet).flatMap(cache => {
      const { client, server, entry, url } = cache;
      const user = url.user?.text;
      if (user === SERVE_USER || user?.includes("\uFFFC") === true) return [];
      if (booleanOption(server, "nix.sshServe.enable") !== true) return [];
      const place = url.user ?? url.host ?? { start: 0, end: entry.datum.text.length };
      const who = user === undefined ? "as root, for no user is named" : `as "${user}"`;
      return [
        {
          span: spanInText(entry.datum, place.start, place.end),
          host: client,
          before: "",
          after: ` asks "${server.name}" ${who}${whereClause(entry.conditions)}, but that one serves its store to ${SERVE_USER}: the login is refused, or is more than a cache needs`,
          related: relatedHost(server, `"${server.name}" serves its store to ${SERVE_USER}`),
          fixes: askAsServeUser(ctx, cache),
        },
      ];
    });
    reportForHosts(found, report);
  },
};

function askAsServeUser(ctx: FleetContext, { entry, url }: SshCache): readonly Fix[] {
  const { user, host } = url;
  const edits =
    user !== undefined
      ? replaceInText(ctx, entry.datum, user, SERVE_USER)
      : host === undefined
        ? undefined
        : replaceInText(ctx, entry.datum, host, `${SERVE_USER}@${host.text}`);
  return edits === undefined ? [] : [{ title: `Ask as ${SERVE_USER}`, safety: "review", edits }];
}
