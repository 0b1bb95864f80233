// trusted-users-too-wide: everybody, or all ordinary users, are root for the Nix daemon.

import { spanInText } from "../eval/datum";
import { settingEntries, whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "trusted-users-too-wide",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "Everybody on the host is a trusted user of Nix",
    why: `A trusted user may add unsigned paths, set hooks and choose any cache: that is root without a password. To let users take a cache,
name it in \`substituters\` or \`trusted-substituters\` and its key in \`trusted-public-keys\` instead.`,
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
};
