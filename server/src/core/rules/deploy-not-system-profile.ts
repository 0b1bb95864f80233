// deploy-not-system-profile: a NixOS system that is deployed into a profile from which the machine does not boot.

import { knownText } from "../eval/datum";
import type { Profile } from "../fleet/fleet";
import { addToSet, renameName, replaceTyped } from "./attributeFixes";
import { deployNodes } from "./deployLevels";
import { nodeFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-not-system-profile",
  category: "deploy-rs",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A NixOS system is deployed into another profile than the system profile",
    why: `Only root's profile \`system\` is \`/nix/var/nix/profiles/system\`. Under another name or user the system is activated once, but the boot
menu, \`nixos-rebuild list-generations\` and the rollbacks of other tools do not know it, and old generations are kept or collected
elsewhere. Set \`profilePath\` if that is meant.`,
    bad: [nodeFlake("", { name: "nixos" })],
    good: [nodeFlake("")],
  },
};

export const deployNotSystemProfile: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found: HostFinding[] = [];
    for (const { host } of deployNodes(ctx.fleet)) {
      for (const profile of host.profiles) {
        const why = whyNot(profile);
        if (why === undefined) continue;
        const user = profile.user;
        found.push({
          span: why === "name" || user?.known !== true ? profile.span : (user.span ?? profile.span),
          host,
          before: why === "name" ? `the profile "${profile.name}" of ` : `the system profile of `,
          after:
            why === "name"
              ? ' holds a NixOS system but is not called "system": it is activated, but the machine does not boot from it'
              : ` belongs to ${user?.known === true ? user.value : "another user"}, not to root: it is no system profile, and activating it fails without root's rights`,
          fixes: fixesOf(ctx, profile, why),
        });
      }
    }
    reportForHosts(found, report);
  },
};

/** Which part keeps it from being the system profile; undefined where nothing does, or nobody knows. */
function whyNot({ activation, value, name, user }: Profile): "name" | "user" | undefined {
  if (activation?.kind !== "nixos" || value.kind !== "attrs" || !value.complete) return undefined;
  if (value.entries.has("profilePath")) return undefined;
  if (user?.known === true && user.value !== "root") return name === "system" ? "user" : undefined;
  return name === "system" ? undefined : "name";
}

function fixesOf(
  ctx: FleetContext,
  { name, span, user, value }: Profile,
  why: "name" | "user",
): readonly Fix[] {
  const label = { title: 'Call it "system"', safety: "review" } as const;
  if (why === "name") return renameName(ctx, span, name, "system", label);
  const own = value.kind === "attrs" ? value.entries.get("user")?.value : undefined;
  if (value.kind !== "attrs" || user?.known !== true) return [];
  const typed = own === undefined ? undefined : knownText(own);
  const edits =
    own === undefined
      ? addToSet(ctx, value, "user", '"root"')
      : replaceTyped(ctx, own.span, JSON.stringify(typed), '"root"');
  return edits === undefined ? [] : [{ title: 'Set user = "root"', safety: "review", edits }];
}
