// sshserve-without-keys: a host serves its store over SSH to nobody.

import { branchesOf, type Datum } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { reportForHosts } from "./hostFindings";
import { rootKeyOf } from "./hostObservations";
import { setOption } from "./insertions";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { filesOfHost, SERVE_USER_DEFINED, servedCachesOf, whereTrue } from "./sshCaches";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod";

const meta: RuleMeta = {
  code: "sshserve-without-keys",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A host serves its store over SSH, but nobody may log in",
    why: `\`nix.sshServe.keys\` are the public keys that may log in as \`nix-ssh\`. Without any, every client is refused:
\`nix-ssh@HOST: Permission denied (publickey).\`

On the client the daemon logs in, so it is the public key of its root that belongs here (\`/root/.ssh/id_ed25519.pub\`).`,
    bad: ["{ nix.sshServe.enable = true; }"],
    good: [`{ nix.sshServe = { enable = true; keys = [ "${KEY}" ]; }; }`],
  },
};

export const sshserveWithoutKeys: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host => {
      const conditions = whereTrue(host.effective.get("nix.sshServe.enable"));
      const enable = host.options.find(({ option }) => option.join(".") === "nix.sshServe.enable");
      if (conditions === undefined || enable === undefined) return [];
      if (!isCertainlyEmpty(host.effective.get("nix.sshServe.keys")) || hasOtherKeys(ctx, host)) return [];
      return [
        {
          span: enable.nameSpan,
          host,
          before: "",
          after: ` serves its store over SSH${whereClause(conditions)}, but nix.sshServe.keys is empty: nobody can log in as nix-ssh`,
          fixes: keysOfClients(ctx, host),
        },
      ];
    });
    reportForHosts(found, report);
  },
};

function isCertainlyEmpty(keys: Datum | undefined): boolean {
  if (keys === undefined) return false;
  return branchesOf(keys).every(
    ({ value }) => value.kind === "list" && value.complete && value.items.length === 0,
  );
}

/** Keys may also be given to the user itself, or by a command or file that sshd is told to ask. */
function hasOtherKeys(ctx: FleetContext, host: Host): boolean {
  return filesOfHost(host).some(path => {
    const text = ctx.textOf(path) ?? "";
    return SERVE_USER_DEFINED.test(text) || /authorizedKeys(Command|Files)\b/i.test(text);
  });
}

/** The keys of root on the hosts that substitute from this one, as far as they were asked. */
function keysOfClients(ctx: FleetContext, server: Host): readonly Fix[] {
  const clients = servedCachesOf(ctx.fleet).filter(cache => cache.server === server);
  const keys = new Set(clients.flatMap(({ client }) => rootKeyOf(ctx, client) ?? []));
  if (keys.size === 0) return [];
  const items = [...keys].map(key => `"${key}"`).join(" ");
  const edits = setOption(ctx, server, ["nix", "sshServe", "keys"], `[ ${items} ]`);
  return edits === undefined
    ? []
    : [{ title: "Add the keys of the hosts that substitute from it", safety: "review", edits }];
}
