// sshserve-disabled: keys that may log in to a store that is not served.

import type { OptionFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { setOption } from "./insertions";
import { entriesOf } from "./listEntries";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { booleanOption } from "./sshCaches";
import { isSshServeKeys } from "./sshServeKeys";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod";

const meta: RuleMeta = {
  code: "sshserve-disabled",
  category: "ssh",
  severity: "information",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "Keys are given for a store that is not served",
    why: `\`nix.sshServe.keys\` has an effect only together with \`nix.sshServe.enable = true\`. Where it is off for every host that reads the list, the
keys are left over, or the switch was forgotten.`,
    bad: [`{ nix.sshServe.keys = [ "${KEY}" ]; }`],
    good: [`{ nix.sshServe = { enable = true; keys = [ "${KEY}" ]; }; }`],
  },
};

export const sshserveDisabled: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host =>
      host.options
        .filter(fact => isSshServeKeys(fact) && entriesOf(fact).length > 0)
        .filter(fact => readersOf(ctx, fact).every(isOff))
        .map(
          (fact): HostFinding => ({
            span: fact.nameSpan,
            host,
            before: "these keys have no effect on ",
            after: ": nix.sshServe.enable is false there",
            fixes: enable(ctx, host),
          }),
        ),
    );
    reportForHosts(found, report);
  },
};

/** The hosts that read this very definition. */
function readersOf(ctx: FleetContext, { nameSpan }: OptionFact): readonly Host[] {
  return ctx.fleet.hosts.filter(host =>
    host.options.some(
      other => other.nameSpan.path === nameSpan.path && other.nameSpan.start === nameSpan.start,
    ),
  );
}

function isOff(host: Host): boolean {
  return booleanOption(host, "nix.sshServe.enable") === false;
}

function enable(ctx: FleetContext, host: Host): readonly Fix[] {
  const edits = setOption(ctx, host, ["nix", "sshServe", "enable"], "true");
  return edits === undefined ? [] : [{ title: "Enable nix.sshServe", safety: "review", edits }];
}
