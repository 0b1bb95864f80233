// trusted-users-too-wide: everybody, all ordinary users, or who only reads the store, are root for the Nix daemon.

import { spanInText } from "../eval/datum";
import type { OptionFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { asEvaluated, bestSettingsOfHost } from "./evaluatedSettings";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { effectiveText } from "./hostNaming";
import { settingEntries, whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { booleanOption, SERVE_USER } from "./sshCaches";

const meta: RuleMeta = {
  code: "trusted-users-too-wide",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  ofEffect: true,
  docs: {
    summary: "Everybody on the host is a trusted user of Nix",
    why: `A trusted user may add unsigned paths, set hooks and choose any cache: that is root without a password. To let users take a cache,
name it in \`substituters\` or \`trusted-substituters\` and its key in \`trusted-public-keys\` instead. \`nix-ssh\`, as whom clients of
\`nix.sshServe\` log in, needs no trust to read the store.`,
    bad: [
      '{ nix.settings.trusted-users = [ "*" ]; }',
      '{ nix.settings.trusted-users = [ "root" "@users" ]; }',
    ],
    good: ['{ nix.settings.trusted-users = [ "root" "deploy" ]; }'],
  },
};

export const trustedUsersTooWide: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { datum, conditions } of settingEntries(ctx.facts, "trusted-users")) {
      if (datum.text !== "*" && datum.text !== "@users") continue;
      const who = datum.text === "*" ? "everybody on the host" : "every ordinary user (group users)";
      report({
        span: spanInText(datum, 0, datum.text.length),
        message: `${who} is a trusted user of Nix${whereClause(conditions)}, which is the same as root`,
      });
    }
  },
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.filter(trustsReaders).flatMap(host =>
      bestSettingsOfHost(host)
        .list("trusted-users")
        .entries.filter(({ datum }) => datum.text === SERVE_USER)
        .map(({ datum, conditions }): HostFinding => {
          const span = spanInText(datum, 0, datum.text.length);
          const isTyped = ctx.textOf(span.path)?.slice(span.start, span.end) === SERVE_USER;
          const option = isTyped ? undefined : trustingOption(host);
          return {
            span: option?.nameSpan ?? span,
            host,
            before: `${option === undefined ? `${SERVE_USER} is` : `nix.sshServe.trusted makes ${SERVE_USER}`} a trusted user on `,
            after: `${whereClause(conditions)}${asEvaluated(host, "trusted-users")}, which is the same as root, but the store there is only read over SSH and needs no trust`,
          };
        }),
    );
    reportForHosts(found, report);
  },
};

/** Where the option stands by which NixOS adds the user. */
function trustingOption(host: Host): OptionFact | undefined {
  return host.options.find(({ option }) => option.join(".") === "nix.sshServe.trusted");
}

/** Whether the served store certainly takes no uploads, or is not served. */
function trustsReaders(host: Host): boolean {
  if (booleanOption(host, "nix.sshServe.enable") === false) return true;
  const reads = effectiveText(host, "nix.sshServe.protocol") === "ssh";
  return reads && booleanOption(host, "nix.sshServe.write") === false;
}
