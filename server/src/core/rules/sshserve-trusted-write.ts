// sshserve-trusted-write: whoever holds one of the serving keys may put anything into the store.

import { spanInText } from "../eval/datum";
import type { Host } from "../fleet/fleet";
import type { Span } from "../text/span";
import { settingsOfHost } from "./effectiveSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { effectiveText } from "./hostNaming";
import type { Rule, RuleMeta } from "./rule";
import { booleanOption, SERVE_USER } from "./sshCaches";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod";

const meta: RuleMeta = {
  code: "sshserve-trusted-write",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "Whoever may read the store over SSH is root on the host",
    why: `With \`write\` (or \`protocol = "ssh-ng"\`, which always takes uploads) clients may add paths, but only signed ones. Once \`nix-ssh\` is a trusted
user too, by \`nix.sshServe.trusted\` or \`trusted-users\`, nothing is checked any more: each of the keys can put any path into the store and
change any setting of the daemon. That is root.

Leave \`nix-ssh\` untrusted, sign on the client, and trust its key on the server.`,
    bad: [`{ nix.sshServe = { enable = true; write = true; trusted = true; keys = [ "${KEY}" ]; }; }`],
    good: [`{ nix.sshServe = { enable = true; write = true; keys = [ "${KEY}" ]; }; }`],
  },
};

export const sshserveTrustedWrite: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap((host): HostFinding[] => {
      const how = takesUploads(host);
      if (how === undefined || booleanOption(host, "nix.sshServe.enable") !== true) return [];
      return trustPlaces(host).map(span => ({
        span,
        host,
        before: "",
        after: ` takes uploads over SSH (${how}) from ${SERVE_USER}, and ${SERVE_USER} is a trusted user: whoever holds one of nix.sshServe.keys is root there`,
      }));
    });
    reportForHosts(found, report);
  },
};

/** By which option the served store takes uploads; undefined if it certainly does not, or that is not known. */
export function takesUploads(host: Host): string | undefined {
  if (effectiveText(host, "nix.sshServe.protocol") === "ssh-ng") return 'protocol = "ssh-ng"';
  return booleanOption(host, "nix.sshServe.write") === true ? "write = true" : undefined;
}

/** Where the user is made a trusted one. */
function trustPlaces(host: Host): readonly Span[] {
  const trusted = host.options.find(({ option }) => option.join(".") === "nix.sshServe.trusted");
  const byOption =
    trusted !== undefined && booleanOption(host, "nix.sshServe.trusted") === true ? [trusted.nameSpan] : [];
  const byList = settingsOfHost(host)
    .list("trusted-users")
    .entries.filter(entry => entry.datum.text === SERVE_USER && entry.conditions.length === 0)
    .map(({ datum }) => spanInText(datum, 0, datum.text.length));
  // The option adds the user to the list itself, at a place that nobody wrote.
  return byOption.length > 0 ? byOption : byList;
}
