// The setting `nixDeploy.rules` as VS Code wants to be told about it: one severity a rule.

import type { Rule } from "./rule";

/** The property `nixDeploy.rules` of `contributes.configuration`. */
export function ruleSettingsSchema(rules: readonly Rule[]): object {
  const properties = rules.map(({ meta }) => [
    meta.code,
    {
      type: "string",
      enum: ["off", "hint", "information", "warning", "error"],
      default: meta.severity,
      markdownDescription: `${meta.docs.summary}.`,
    },
  ]);
  return {
    type: "object",
    scope: "resource",
    markdownDescription: "How much each rule weighs; `off` silences it.",
    additionalProperties: false,
    default: {},
    properties: Object.fromEntries(properties),
  };
}
