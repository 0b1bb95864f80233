// hive-wrong-type: a value that an option of colmena cannot take.

import { type Datum, knownText } from "../eval/datum";
import { hiveOptions } from "../knowledge/colmena";
import { describeType, findWrongPart, type ValueType } from "../knowledge/valueType";
import { editsAt } from "./entryFixes";
import { hiveOptionSets, isProperty } from "./hiveLevels";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { valueInWords } from "./valueWording";

const meta: RuleMeta = {
  code: "hive-wrong-type",
  category: "colmena",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An option of colmena has a value of a type that it cannot take",
    why: `The module system stops with \`\`A definition for option \`deployment.targetPort' is not of type …\`\` and the node cannot be deployed. A port
is a number, tags and \`sshOptions\` are lists of strings.`,
    bad: [{ "hive.nix": '{\n  web = { deployment.targetPort = "2222"; };\n}' }],
    good: [{ "hive.nix": "{\n  web = { deployment.targetPort = 2222; };\n}" }],
  },
};

export const hiveWrongType: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { level, path, set } of hiveOptionSets(ctx.fleet)) {
      for (const { name, type } of hiveOptions(level)) {
        const value = set.entries.get(name)?.value;
        const wrong = value === undefined ? undefined : findWrongPart(type, value);
        if (wrong === undefined || isOpen(wrong) || isProperty(value)) continue;
        const what =
          wrong === value ? `not ${shown(wrong, type)}` : `and this part is ${valueInWords(wrong)}`;
        report({
          span: wrong.span,
          message: `${path}.${name} takes ${describeType(type)}, ${what}: the hive cannot be evaluated`,
          fixes: wrong === value ? fixesOf(ctx, wrong, type) : [],
        });
      }
    }
  },
};

/** A set of which only a part is known may be anything that behaves like another value. */
function isOpen(datum: Datum): boolean {
  return datum.kind === "attrs" && (isProperty(datum) || !datum.complete);
}

/** The value itself where its kind is right. */
function shown(datum: Datum, type: ValueType): string {
  const wanted = describeType(type);
  const text = knownText(datum);
  if (text !== undefined && wanted.includes("one of")) return JSON.stringify(text);
  const isNumber = datum.kind === "scalar" && typeof datum.value !== "boolean" && datum.value !== null;
  return isNumber && wanted.includes("integer") ? String(datum.value) : valueInWords(datum);
}

function fixesOf(ctx: FleetContext, { span, kind }: Datum, type: ValueType): readonly Fix[] {
  const typed = ctx.textOf(span.path)?.slice(span.start, span.end);
  const wanted = describeType(type);
  if (kind === "scalar" && typed !== undefined && /^\d+$/.test(typed) && /\bstring$/.test(wanted))
    return [{ title: `Write "${typed}"`, safety: "safe", edits: editsAt(span, `"${typed}"`) }];
  if (kind !== "text" || typed === undefined || !/^"[^"\\$]*"$/.test(typed)) return [];
  const text = typed.slice(1, -1).trim();
  const bare =
    (wanted.includes("boolean") && /^(true|false)$/.test(text)) ||
    (wanted.includes("integer") && /^\d+$/.test(text));
  if (bare) return [{ title: `Write ${text}`, safety: "safe", edits: editsAt(span, text) }];
  if (!wanted.includes("list of strings") || /\s/.test(text)) return [];
  return [{ title: "Put it in a list", safety: "safe", edits: editsAt(span, `[ ${typed} ]`) }];
}
