// setting-ignored: a setting in a place where Nix does not look for it.

import type { SettingFact } from "../facts/facts";
import { reportForHosts } from "./hostFindings";
import { effectiveText } from "./hostNaming";
import { whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { booleanOption } from "./sshCaches";

const meta: RuleMeta = {
  code: "setting-ignored",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A setting stands where it can have no effect",
    why: `Whom the daemon trusts, whom it lets in and which caches users may choose is decided by the nix.conf of the machine alone. In a flake's
\`nixConfig\` or in a user's own nix.conf these settings are not even sent to the daemon, or it refuses them (\`ignoring the client-specified setting
'…', because it is a restricted setting and you are not a trusted user\`, since 2.22; before that without a word).

\`nix.sshServe.write\` belongs to \`protocol = "ssh"\`: with \`"ssh-ng"\` uploads are always taken, if they are signed.`,
    bad: [
      { "flake.nix": '{ nixConfig.trusted-users = [ "deploy" ]; outputs = { ... }: { }; }' },
      '{ nix.sshServe = { enable = true; protocol = "ssh-ng"; write = true; }; }',
    ],
    good: ['{ nix.settings.trusted-users = [ "deploy" ]; }'],
  },
};

/** What only the machine's own nix.conf decides. */
const MACHINE_ONLY: ReadonlySet<string> = new Set(["allowed-users", "trusted-substituters", "trusted-users"]);

export const settingIgnored: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.settings) {
      const where = MACHINE_ONLY.has(fact.name) ? placeWithoutEffect(fact) : undefined;
      if (where === undefined) continue;
      report({
        span: fact.nameSpan,
        message: `${fact.written} has no effect in ${where}: the daemon takes it from the nix.conf of its machine alone (nix.settings.${fact.name})`,
      });
    }
  },
  checkFleet(ctx, report) {
    const found = ctx.fleet.hosts.flatMap(host => {
      const write = host.options.find(({ option }) => option.join(".") === "nix.sshServe.write");
      const isNg = effectiveText(host, "nix.sshServe.protocol") === "ssh-ng";
      if (write === undefined || !isNg || booleanOption(host, "nix.sshServe.write") !== true) return [];
      return [
        {
          span: write.nameSpan,
          host,
          before: "write has no effect on ",
          after: `${whereClause(write.conditions)}: with protocol = "ssh-ng" the daemon decides by signatures and trust what it takes`,
        },
      ];
    });
    reportForHosts(found, report);
  },
};

function placeWithoutEffect({ surface, nameSpan }: SettingFact): string | undefined {
  if (surface === "flake") return "a flake's nixConfig";
  const isUsers = surface === "nix.conf" && /\/\.config\/nix\/nix\.conf$/.test(nameSpan.path);
  return isUsers ? "a user's own nix.conf" : undefined;
}
