// setting-ignored: a setting in a place where Nix does not look for it.

import type { SettingFact } from "../facts/facts";
import type { Fleet } from "../fleet/fleet";
import { isManaged } from "./effectiveSettings";
import { isHomeManager } from "./homeManager";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { effectiveText } from "./hostNaming";
import { whereClause } from "./listEntries";
import type { FileContext, Rule, RuleMeta } from "./rule";
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

With \`nix.enable = false\`, as nix-darwin wants it beside Determinate Nix, nix.conf is not written at all.

\`nix.sshServe.write\` belongs to \`protocol = "ssh"\`: with \`"ssh-ng"\` uploads are always taken, if they are signed.`,
    bad: [
      { "flake.nix": '{ nixConfig.trusted-users = [ "deploy" ]; outputs = { ... }: { }; }' },
      '{ nix.sshServe = { enable = true; protocol = "ssh-ng"; write = true; }; }',
      "{ nix.enable = false; nix.settings.cores = 2; }",
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
      const where = MACHINE_ONLY.has(fact.name) ? placeWithoutEffect(ctx, fact) : undefined;
      if (where === undefined) continue;
      report({
        span: fact.nameSpan,
        message: `${fact.written} has no effect in ${where}: the daemon takes it from the nix.conf of its machine alone (nix.settings.${fact.name}${fact.surface === "option" ? " of NixOS or nix-darwin" : ""})`,
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
    reportForHosts(unmanaged(ctx.fleet), report);
  },
};

/** Settings of hosts whose nix.conf is left to others; not those of a module that another host takes them from too. */
function unmanaged(fleet: Fleet): readonly HostFinding[] {
  const managed = new Set(fleet.hosts.filter(isManaged).flatMap(host => host.settings.map(idOf)));
  return fleet.hosts.flatMap((host): HostFinding[] => {
    if (isManaged(host)) return [];
    const [first] = host.settings.filter(
      fact => fact.surface === "option" && fact.nameSpan.path !== "" && !managed.has(idOf(fact)),
    );
    if (first === undefined) return [];
    const enable = host.options.find(({ option }) => option.join(".") === "nix.enable");
    return [
      {
        span: first.nameSpan,
        host,
        before: "nix.settings has no effect on ",
        after: ": nix.enable = false leaves nix.conf to another tool",
        related: enable === undefined ? [] : [{ span: enable.nameSpan, message: "switched off here" }],
      },
    ];
  });
}

function idOf({ nameSpan }: SettingFact): string {
  return `${nameSpan.path}\0${nameSpan.start}`;
}

function placeWithoutEffect(ctx: FileContext, { surface, nameSpan }: SettingFact): string | undefined {
  if (surface === "flake") return "a flake's nixConfig";
  if (surface === "option" && isHomeManager(ctx, nameSpan))
    return "Home Manager, which writes a user's own nix.conf";
  const isUsers = surface === "nix.conf" && /\/\.config\/nix\/nix\.conf$/.test(nameSpan.path);
  return isUsers ? "a user's own nix.conf" : undefined;
}
