// deploy-profile-order: profilesOrder names a profile that does not exist, or one twice.

import { knownText, type ListDatum } from "../eval/datum";
import type { DeployNode } from "./deployLevels";
import { deployNodes, setOf } from "./deployLevels";
import { removeEntry } from "./entryFixes";
import { nodeFlake } from "./exampleFlakes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import type { ListEntry } from "./listEntries";
import type { FleetContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-profile-order",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "`profilesOrder` names a profile that the node does not have, or one twice",
    why: `A name without a profile ends the deploy of that node with \`No profile named \\\`X\\\` was found\`, after everything was built. A name that
is there twice is refused by the check \`deploy-schema\`. Profiles that are not named follow in any order.`,
    bad: [nodeFlake('profilesOrder = [ "system" "home" ];')],
    good: [nodeFlake('profilesOrder = [ "system" ];')],
  },
};

export const deployProfileOrder: Rule = {
  meta,
  checkFleet(ctx, report) {
    const found = deployNodes(ctx.fleet).flatMap(node => {
      const order = node.set?.entries.get("profilesOrder")?.value;
      return order?.kind === "list" ? wrongNames(ctx, node, order) : [];
    });
    reportForHosts(found, report);
  },
};

function wrongNames(ctx: FleetContext, { host, set }: DeployNode, order: ListDatum): HostFinding[] {
  const profiles = setOf(set?.entries.get("profiles")?.value);
  const seen = new Set<string>();
  const found: HostFinding[] = [];
  for (const item of order.items) {
    const name = knownText(item);
    if (name === undefined || item.kind !== "text") continue;
    const isTwice = seen.has(name);
    seen.add(name);
    const isMissing = profiles?.complete === true && !profiles.entries.has(name);
    if (!isTwice && !isMissing) continue;
    const entry: ListEntry = { datum: item, conditions: [], form: "item", holder: order.span };
    found.push({
      span: item.span,
      host,
      before: isTwice ? `profilesOrder of ` : `no profile "${name}" on `,
      after: isTwice
        ? ` names "${name}" twice, which the check deploy-schema refuses`
        : `: the deploy ends with "No profile named \`${name}\` was found"`,
      fixes: removeEntry(ctx, entry, { title: `Remove "${name}"`, safety: "safe" }),
    });
  }
  return found;
}
