// hive-key-source: a key of colmena without exactly one source, or with an owner that colmena refuses.

import { type AttrsDatum, knownText } from "../eval/datum";
import { isHiveKeyOwner, KEY_SOURCES } from "../knowledge/colmena";
import { type HiveOptions, hiveOptionSets } from "./hiveLevels";
import type { Report, Rule, RuleMeta } from "./rule";

function example(key: string) {
  return {
    "hive.nix": `{
  web = {
    deployment.keys."token" = {
      ${key}
    };
  };
}`,
  };
}

const meta: RuleMeta = {
  code: "hive-key-source",
  category: "colmena",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A key of colmena has no source, several, or an owner that colmena refuses",
    why: `Each key has exactly one of \`text\`, \`keyFile\` and \`keyCommand\`; otherwise colmena stops with \`Somehow 0 or more than 1 key source was
specified\`. User and group take lower-case letters, digits and \`-\`, beginning with a letter; \`_\` ends the deploy with just
\`Validation error\`, and so does a \`/\` in the key's name.`,
    bad: [example('user = "root";'), example('keyCommand = [ "pass" "token" ];\n      user = "my_user";')],
    good: [example('keyCommand = [ "pass" "token" ];\n      user = "root";')],
  },
};

export const hiveKeySource: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const options of hiveOptionSets(ctx.fleet)) {
      if (options.level !== "key") continue;
      checkSources(options, report);
      checkName(options, report);
      for (const name of ["user", "group"]) checkOwner(options, name, report);
    }
  },
};

function checkSources({ set, path, nameSpan }: HiveOptions, report: Report): void {
  const given = KEY_SOURCES.filter(name => set.entries.has(name));
  const values = given.map(name => set.entries.get(name)?.value);
  if (!set.complete || values.some(value => value?.kind === "unknown" || value?.kind === "alternatives"))
    return;
  const sources = given.filter((_, i) => {
    const value = values[i];
    return !(value?.kind === "scalar" && value.value === null);
  });
  if (sources.length === 1) {
    checkCommand(set, path, report);
    return;
  }
  const what =
    sources.length === 0
      ? "has none of text, keyFile and keyCommand"
      : `has ${sources.join(" and ")} at once`;
  report({
    span: nameSpan,
    message: `${path} ${what}: colmena stops with "Somehow 0 or more than 1 key source was specified"`,
  });
}

/** The option takes no empty list. */
function checkCommand(set: AttrsDatum, path: string, report: Report): void {
  const command = set.entries.get("keyCommand")?.value;
  if (command?.kind !== "list" || !command.complete || command.items.length > 0) return;
  report({
    span: command.span,
    message: `${path}.keyCommand names no program: evaluation stops, for the option takes no empty list`,
  });
}

function checkName({ set, path, nameSpan }: HiveOptions, report: Report): void {
  const own = set.entries.get("name");
  const name = own === undefined ? path.slice("deployment.keys.".length) : knownText(own.value);
  if (name?.includes("/") !== true) return;
  report({
    span: own?.value.span ?? nameSpan,
    message: `the key name "${name}" has a slash: colmena stops with "Validation error"; use destDir for the folder`,
  });
}

function checkOwner({ set, path }: HiveOptions, name: string, report: Report): void {
  const value = set.entries.get(name)?.value;
  const owner = value === undefined ? undefined : knownText(value);
  if (value === undefined || owner === undefined || isHiveKeyOwner(owner)) return;
  report({
    span: value.span,
    message: `${path}.${name} "${owner}" has other characters than a-z, 0-9 and "-": colmena stops with just "Validation error"`,
  });
}
