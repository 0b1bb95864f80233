// deploy-wrong-type: a value in the deploy output that deploy-rs cannot decode.

import type { Datum } from "../eval/datum";
import { deployOptions } from "../knowledge/deployRs";
import type { OptionDoc } from "../knowledge/optionDoc";
import { describeType, findWrongPart, type ValueType } from "../knowledge/valueType";
import { deploySettings } from "./deployLevels";
import { editsAt } from "./entryFixes";
import { nodeFlake } from "./exampleFlakes";
import type { Fix, FleetContext, Rule, RuleMeta } from "./rule";
import { valueInWords } from "./valueWording";

const meta: RuleMeta = {
  code: "deploy-wrong-type",
  category: "deploy-rs",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A setting of deploy-rs has a value of a type that it cannot take",
    why: `deploy-rs reads the output as JSON of fixed types and stops with \`Error decoding the JSON from evaluation\` before anything is built, for
all nodes. Its check \`deploy-schema\` does not look at \`sudo\` and \`remoteBuild\`. \`sshOpts\` is a list with one element for each argument of ssh.`,
    bad: [nodeFlake('sshOpts = "-p 2222";\nremoteBuild = "yes";')],
    good: [nodeFlake('sshOpts = [ "-p" "2222" ];\nremoteBuild = true;')],
  },
};

export const deployWrongType: Rule = {
  meta,
  checkFleet(ctx, report) {
    for (const { level, set } of deploySettings(ctx.fleet)) {
      for (const option of deployOptions(level)) {
        const value = set.entries.get(option.name)?.value;
        const type = typeOf(option);
        const wrong = value === undefined ? undefined : findWrongPart(type, value);
        if (wrong === undefined || becomesText(type, wrong)) continue;
        const what =
          wrong === value ? `not ${valueInWords(wrong)}` : `and this part is ${valueInWords(wrong)}`;
        report({
          span: wrong.span,
          message: `${option.name} of deploy-rs takes ${describeType(type)}, ${what}: "Error decoding the JSON from evaluation", nothing is deployed`,
          fixes: wrong === value ? fixesOf(ctx, wrong, type) : [],
        });
      }
    }
  },
};

/** As deploy-rs decodes it: what has a default may be null, and ranges are another rule's. */
function typeOf({ type, required }: OptionDoc): ValueType {
  const decoded: ValueType = type === "u16" ? "int" : type;
  return required === true ? decoded : { nullOr: decoded };
}

/** `nix eval --json` makes texts of paths, derivations and sets with __toString. */
function becomesText(type: ValueType, wrong: Datum): boolean {
  if (wrong.kind === "path") return true;
  const converted =
    wrong.kind === "attrs" &&
    (!wrong.complete || wrong.entries.has("outPath") || wrong.entries.has("__toString"));
  return converted && describeType(type).includes("string");
}

function fixesOf(ctx: FleetContext, { span, kind }: Datum, type: ValueType): readonly Fix[] {
  const typed = ctx.textOf(span.path)?.slice(span.start, span.end);
  if (kind !== "text" || typed === undefined || !/^"[^"\\$]*"$/.test(typed)) return [];
  const text = typed.slice(1, -1).trim();
  const wanted = describeType(type);
  if (wanted.includes("list of strings")) {
    if (/['`]/.test(text)) return [];
    const items = text.split(/\s+/).filter(word => word !== "");
    const list = ["[", ...items.map(item => `"${item}"`), "]"].join(" ");
    return [{ title: `Write ${list}`, safety: "safe", edits: editsAt(span, list) }];
  }
  const bare =
    (wanted.includes("boolean") && /^(true|false)$/.test(text)) ||
    (wanted.includes("integer") && /^\d+$/.test(text));
  return bare ? [{ title: `Write ${text}`, safety: "safe", edits: editsAt(span, text) }] : [];
}
