// deploy-timeout-range: a timeout that does not fit the 16 bits that deploy-rs has for it.

import { branchesOf } from "../eval/datum";
import { deploySettings } from "./deployLevels";
import { nodeFlake } from "./exampleFlakes";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "deploy-timeout-range",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A timeout of deploy-rs is not between 0 and 65535 seconds",
    why: `\`confirmTimeout\` and \`activationTimeout\` are unsigned 16-bit numbers. Anything else ends every deploy with
\`Error decoding the JSON from evaluation\`, while the check \`deploy-schema\` accepts it. The unit is seconds, not milliseconds.`,
    bad: [nodeFlake("confirmTimeout = 100000;")],
    good: [nodeFlake("confirmTimeout = 120;")],
  },
};

const TIMEOUTS = ["confirmTimeout", "activationTimeout"];

export const deployTimeoutRange: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { set } of deploySettings(ctx.fleet)) {
      for (const name of TIMEOUTS) {
        const attr = set.entries.get(name);
        if (attr === undefined) continue;
        for (const { value } of branchesOf(attr.value)) {
          if (value.kind !== "scalar" || typeof value.value === "boolean" || value.value === null) continue;
          if (value.value >= 0 && value.value <= 65535) continue;
          report({
            span: value.span,
            message: `${name} is ${value.value}, but deploy-rs takes 0 to 65535 seconds: "Error decoding the JSON from evaluation", nothing is deployed`,
          });
        }
      }
    }
  },
};
