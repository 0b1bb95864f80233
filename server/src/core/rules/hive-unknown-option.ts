// hive-unknown-option: a misspelt option of colmena.

import { hiveOptions } from "../knowledge/colmena";
import { nearest } from "../knowledge/editDistance";
import { renameName } from "./attributeFixes";
import { hiveOptionSets } from "./hiveLevels";
import type { Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "hive-unknown-option",
  category: "colmena",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An option of colmena does not exist under this name",
    why: `\`meta\`, \`deployment\` and \`deployment.keys.NAME\` are checked by the module system: \`\`The option \`deployment.targetHosts' does not exist\`\`,
and no node of the hive can be evaluated. Under \`deployment\` only names close to a real option are reported, since modules of your own
may declare others.`,
    bad: [{ "hive.nix": '{\n  web = { deployment.targetHots = "web.example.org"; };\n}' }],
    good: [{ "hive.nix": '{\n  web = { deployment.targetHost = "web.example.org"; };\n}' }],
  },
};

/** What other tools call it. */
const CALLED: Readonly<Record<string, string>> = { mode: "permissions", owner: "user" };

export const hiveUnknownOption: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { level, path, set } of hiveOptionSets(ctx.fleet)) {
      const known = hiveOptions(level).map(option => option.name);
      for (const [name, { nameSpan }] of set.entries) {
        if (known.includes(name) || name.startsWith("_")) continue;
        const near = nearest(name, known) ?? known.find(each => each === CALLED[name]);
        if (near === undefined && level === "deployment") continue;
        const isSure = near !== CALLED[name] && !set.entries.has(near ?? "");
        const label = { title: `Rename to ${near}`, safety: isSure ? "safe" : "review" } as const;
        report({
          span: nameSpan,
          message: `colmena has no option ${path}.${name}, so the hive cannot be evaluated${near === undefined ? "" : `; did you mean ${near}?`}`,
          fixes: near === undefined ? [] : renameName(ctx, nameSpan, name, near, label),
        });
      }
    }
  },
};
