// ssh-cache-unsigned: a host serves paths that it does not sign to a host that wants signatures.

import { spanInText } from "../eval/datum";
import { settingsOfHost } from "./effectiveSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { setOption } from "./insertions";
import { whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { wantsSignatures } from "./signatures";
import { booleanOption, relatedHost, servedCachesOf } from "./sshCaches";

const meta: RuleMeta = {
  code: "ssh-cache-unsigned",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A host serves its store, but does not sign what it builds",
    why: `A client accepts a path only with a signature by a key that it trusts. Over SSH the signatures come from the server's database: what other
caches signed stays signed, what the server built itself has none unless \`secret-key-files\` was set when it was built. The client refuses those
paths (\`… is not signed by any of the keys in 'trusted-public-keys'\`) and builds them itself: the cache brings nothing.

Make a key pair on the server, set \`nix.settings.secret-key-files\` there, trust the public half on the clients, and sign what is there already
with \`nix store sign --all -k FILE\`.`,
    bad: [
      {
        "hive.nix": `{
  stage.nix.sshServe.enable = true;
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
}`,
      },
    ],
    good: [
      {
        "hive.nix": `{
  stage.nix = { sshServe.enable = true; settings.secret-key-files = [ "/etc/nix/stage-1.secret" ]; };
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
}`,
      },
    ],
  },
};

export const sshCacheUnsigned: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = servedCachesOf(ctx.fleet).flatMap(
      ({ client, settings, server, entry, url }): HostFinding[] => {
        if (booleanOption(server, "nix.sshServe.enable") !== true || !wantsSignatures(settings, url))
          return [];
        const theirs = settingsOfHost(server);
        // A hook may sign as well.
        if (!theirs.isUnset("secret-key-files") || !theirs.isUnset("post-build-hook")) return [];
        const edits = setOption(
          ctx,
          server,
          ["nix", "settings", "secret-key-files"],
          `[ "/etc/nix/${server.name}-1.secret" ]`,
        );
        return [
          {
            span: spanInText(entry.datum, 0, entry.datum.text.length),
            host: client,
            before: "",
            after: ` wants signatures${whereClause(entry.conditions)}, but "${server.name}" has no secret-key-files and signs nothing that it builds: those paths are refused and built again`,
            related: relatedHost(server, `"${server.name}" serves its store unsigned`),
            fixes:
              edits === undefined
                ? []
                : [
                    {
                      title: `Sign on "${server.name}"; its key must be made there`,
                      safety: "review",
                      edits,
                    },
                  ],
          },
        ];
      },
    );
    reportForHosts(found, report);
  },
};
