// ssh-cache-not-served: a host asks another one of the fleet for its store, and that one does not serve it.

import { spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import type { StoreUrl } from "../formats/storeUrl";
import { reportForHosts } from "./hostFindings";
import { setOption } from "./insertions";
import { whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import {
  booleanOption,
  filesOfHost,
  flakeCachesOf,
  relatedHost,
  SERVE_USER,
  SERVE_USER_DEFINED,
  servedCachesOf,
} from "./sshCaches";

const meta: RuleMeta = {
  code: "ssh-cache-not-served",
  category: "ssh",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A host substitutes from a host that does not serve its store",
    why: `\`ssh://nix-ssh@HOST\` needs \`nix.sshServe.enable = true\` on HOST: without it there is no user \`nix-ssh\`, ssh says
\`Permission denied\`, and Nix stops with \`failed to start SSH connection\`. An SSH cache that does not answer fails every build of the client,
unless \`fallback = true\`.

Serve the store there, with the public key of the client's root among \`nix.sshServe.keys\`, or take the cache out.`,
    bad: [
      {
        "flake.nix": `{ outputs = { nixpkgs, ... }: { nixosConfigurations = {
  stage = nixpkgs.lib.nixosSystem { modules = [ ./stage.nix ]; };
  prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
}; }; }`,
        "stage.nix": '{ networking.hostName = "stage"; }',
        "prod.nix": '{ nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }',
      },
    ],
    good: [
      {
        "flake.nix": `{ outputs = { nixpkgs, ... }: { nixosConfigurations = {
  stage = nixpkgs.lib.nixosSystem { modules = [ ./stage.nix ]; };
  prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
}; }; }`,
        "stage.nix": "{ nix.sshServe.enable = true; }",
        "prod.nix": '{ nix.settings.substituters = [ "ssh://nix-ssh@stage" ]; }',
      },
    ],
  },
};

export const sshCacheNotServed: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = servedCachesOf(ctx.fleet).flatMap(({ client, server, entry, url }) => {
      if (!isRefused(ctx, server, url)) return [];
      return [
        {
          span: spanInText(entry.datum, 0, entry.datum.text.length),
          host: client,
          before: "",
          after: ` substitutes from "${server.name}"${whereClause(entry.conditions)}, which does not serve its store (nix.sshServe.enable is false there): ssh is refused and every build fails`,
          related: relatedHost(server, `"${server.name}" does not enable nix.sshServe`),
          fixes: enable(ctx, server, url.scheme),
        },
      ];
    });
    reportForHosts(found, report);
    for (const { entry, url, server } of flakeCachesOf(ctx.fleet)) {
      if (!isRefused(ctx, server, url)) continue;
      report({
        span: spanInText(entry.datum, 0, entry.datum.text.length),
        message: `this nixConfig names "${server.name}" as a cache, which does not serve its store (nix.sshServe.enable is false there): ssh is refused and every build of who accepts it fails`,
        related: relatedHost(server, `"${server.name}" does not enable nix.sshServe`),
        fixes: enable(ctx, server, url.scheme),
      });
    }
  },
};

function isRefused(ctx: FleetContext, server: Host, url: StoreUrl): boolean {
  if (url.user?.text !== SERVE_USER || booleanOption(server, "nix.sshServe.enable") !== false) return false;
  // Somebody else may have set up that user there.
  return !filesOfHost(server).some(path => SERVE_USER_DEFINED.test(ctx.textOf(path) ?? ""));
}

/** In the protocol that the client speaks; `ssh` is what NixOS serves anyway. */
function enable(ctx: FleetContext, server: Host, scheme: string): readonly Fix[] {
  const isUnset = !server.options.some(({ option }) => option[0] === "nix" && option[1] === "sshServe");
  const edits =
    scheme === "ssh-ng" && isUnset
      ? setOption(ctx, server, ["nix", "sshServe"], '{ enable = true; protocol = "ssh-ng"; }')
      : setOption(ctx, server, ["nix", "sshServe", "enable"], "true");
  if (edits === undefined) return [];
  return [{ title: `Enable nix.sshServe on "${server.name}"`, safety: "review", edits }];
}
