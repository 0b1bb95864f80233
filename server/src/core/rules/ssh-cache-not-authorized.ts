// ssh-cache-not-authorized: the client's root may not log in where it asks for paths.

import { spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import { parameterOf } from "../formats/storeUrl";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { rootKeyOf } from "./hostObservations";
import { insertItem, setOption } from "./insertions";
import { entriesOf, whereClause } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { booleanOption, relatedHost, SERVE_USER, servedCachesOf } from "./sshCaches";
import { isSshServeKeys } from "./sshServeKeys";

const BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";
const OTHER = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const HIVE = `{
  stage.nix.sshServe = { enable = true; keys = [ "ssh-ed25519 ${BLOB} root@prod" ]; };
  prod.nix.settings.substituters = [ "ssh://nix-ssh@stage" ];
}`;

const meta: RuleMeta = {
  code: "ssh-cache-not-authorized",
  category: "ssh",
  severity: "information",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "The key of a client's root is not among the keys of the host that serves it",
    why: `On a host with several users it is the daemon, so root, that logs in for a cache over SSH. Its public key has to be in \`nix.sshServe.keys\` of
the serving host; the key of the person who deploys does not count. Else: \`nix-ssh@HOST: Permission denied (publickey)\`, and every build of the
client fails unless \`fallback = true\`.

Known once the client was asked for the public key of its root.`,
    bad: [
      {
        "hive.nix": HIVE,
        "observed.json": `[{ "host": "prod", "tier": "observed", "rootPublicKey": "ssh-ed25519 ${OTHER} root@prod" }]`,
      },
    ],
    good: [
      {
        "hive.nix": HIVE,
        "observed.json": `[{ "host": "prod", "tier": "observed", "rootPublicKey": "ssh-ed25519 ${BLOB} root@prod" }]`,
      },
    ],
  },
};

export const sshCacheNotAuthorized: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = servedCachesOf(ctx.fleet).flatMap(({ client, server, entry, url }): HostFinding[] => {
      const key = rootKeyOf(ctx, client);
      if (key === undefined || url.user?.text !== SERVE_USER) return [];
      // Another identity than root's own.
      if (parameterOf(url, "ssh-key") !== undefined) return [];
      if (booleanOption(server, "nix.sshServe.enable") !== true || mayAccept(server, key)) return [];
      return [
        {
          span: spanInText(entry.datum, 0, entry.datum.text.length),
          host: client,
          before: "the key of root on ",
          after: ` is not in nix.sshServe.keys of "${server.name}"${whereClause(entry.conditions)}, so that one refuses the login`,
          related: relatedHost(server, `"${server.name}" lists the keys that may log in`),
          fixes: authorize(ctx, server, `${key} root@${client.name}`),
        },
      ];
    });
    reportForHosts(found, report);
  },
};

/** Whether a key is, or may be, among those that may log in. */
function mayAccept(server: Host, key: string): boolean {
  const keys = server.effective.get("nix.sshServe.keys");
  if (keys === undefined) return true;
  if (keys.kind !== "list" || !keys.complete || keys.items.some(item => item.kind !== "text")) return true;
  const blob = key.split(" ")[1] ?? key;
  return entriesOf({ value: keys, conditions: [] }).some(
    ({ datum }) => datum.text.includes(blob) || datum.text.includes("\uFFFC"),
  );
}

function authorize(ctx: FleetContext, server: Host, line: string): readonly Fix[] {
  const list = server.options.find(fact => isSshServeKeys(fact) && fact.conditions.length === 0);
  const edits =
    list === undefined
      ? setOption(ctx, server, ["nix", "sshServe", "keys"], `[ "${line}" ]`)
      : insertItem(ctx, list.value.span, `"${line}"`);
  return edits === undefined ? [] : [{ title: `Let it log in to "${server.name}"`, safety: "review", edits }];
}
