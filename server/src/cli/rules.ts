// `nix-deploy rules`: the catalogue, or one rule's page.

import { RULES } from "../core/rules/index";
import { rulePage } from "../core/rules/rulePages";
import { readArguments } from "./arguments";
import type { Command } from "./command";
import { UserError } from "./userError";

const USAGE = "rules [CODE]";

export const rules: Command = {
  name: "rules",
  usage: USAGE,
  summary: "List the rules, or print the page of one",
  async run(given, output) {
    const { positionals } = readArguments(given, {}, USAGE);
    const [code, surplus] = positionals;
    if (surplus !== undefined) throw new UserError(`one rule at a time; usage: nix-deploy ${USAGE}`);
    output.print(code === undefined ? catalogue() : page(code));
    return 0;
  },
};

function catalogue(): string {
  const width = Math.max(...RULES.map(({ meta }) => meta.code.length));
  return RULES.map(
    ({ meta }) =>
      `${meta.code.padEnd(width)}  ${meta.severity.padEnd(11)}  ${meta.docs.summary.replaceAll("`", "")}\n`,
  ).join("");
}

function page(code: string): string {
  const rule = RULES.find(({ meta }) => meta.code === code);
  if (rule === undefined) throw new UserError(`there is no rule "${code}": nix-deploy rules lists them`);
  return rulePage(rule.meta);
}
