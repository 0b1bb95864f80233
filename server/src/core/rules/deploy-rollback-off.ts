// deploy-rollback-off: what deploy-rs would do to save a host is turned off, or cannot work.

import { type AttrsDatum, branchesOf } from "../eval/datum";
import type { Fleet } from "../fleet/fleet";
import { type DeploySettings, deployNodes, deploySettings, setOf } from "./deployLevels";
import { nodeFlake } from "./exampleFlakes";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-rollback-off",
  category: "deploy-rs",
  severity: "information",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A rollback of deploy-rs is turned off",
    why: `\`magicRollback\` brings a host back that cannot be reached after activation, \`autoRollback\` one on which activation failed. Without
them the host stays as it is, and somebody has to reach it another way. \`interactiveSudo\` writes the password to \`sudo -S\`; with a
\`sudo\` of your own deploy-rs does not add \`-S\`, so nothing reads it.`,
    bad: [nodeFlake("magicRollback = false;"), nodeFlake('interactiveSudo = true;\nsudo = "doas -u";')],
    good: [nodeFlake("magicRollback = true;")],
  },
};

const CONSEQUENCES = {
  magicRollback: "a host that cannot be reached after activation stays so",
  autoRollback: "a host whose activation fails stays half activated",
} as const;

export const deployRollbackOff: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const settings of deploySettings(ctx.fleet)) {
      const { set } = settings;
      for (const name of ["magicRollback", "autoRollback"] as const) {
        const attr = set.entries.get(name);
        if (attr === undefined || isOverridden(ctx.fleet, settings, name)) continue;
        for (const { value } of branchesOf(attr.value)) {
          if (value.kind !== "scalar" || value.value !== false) continue;
          report({ span: attr.nameSpan, message: `${name} is off: ${CONSEQUENCES[name]}` });
        }
      }
      const asks = set.entries.get("interactiveSudo");
      const sudo = set.entries.get("sudo")?.value;
      if (asks?.value.kind !== "scalar" || asks.value.value !== true || sudo?.kind !== "text") continue;
      if (/^sudo(\s+-\w+)*\s+-u$/.test(sudo.text)) continue;
      report({
        span: asks.nameSpan,
        message: `interactiveSudo hands the password to sudo -S, but sudo = "${sudo.text}" is used as it is and does not read it`,
      });
    }
  },
};

/** Whether each profile below it, or its node, says something else: the innermost level counts. */
function isOverridden(fleet: Fleet, { level, set }: DeploySettings, name: string): boolean {
  if (level === "profile") return false;
  const says = (of: AttrsDatum | undefined): boolean => {
    const value = of?.entries.get(name)?.value;
    return value !== undefined && !(value.kind === "scalar" && value.value === null);
  };
  if (level === "deploy" && setOf(set.entries.get("nodes")?.value)?.complete !== true) return false;
  const nodes = deployNodes(fleet).filter(node => (level === "deploy" ? !says(node.set) : node.set === set));
  return nodes.every(node => {
    const profiles = setOf(node.set?.entries.get("profiles")?.value);
    const values = [...(profiles?.entries.values() ?? [])];
    return profiles?.complete && values.length > 0 && values.every(({ value }) => says(setOf(value)));
  });
}
