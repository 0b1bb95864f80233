// nixconfig-not-literal: something computed in a flake's nixConfig.

import { type Datum, knownText } from "../eval/datum";
import type { ComputedFlakeConfig } from "../facts/facts";
import { editsAt, isPlain } from "./entryFixes";
import { holdsComment } from "./nixTokens";
import type { FileContext, Fix, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "nixconfig-not-literal",
  category: "settings",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A flake's `nixConfig` is not made of literals",
    why: `Nix reads \`nixConfig\` before it evaluates anything, so a \`let\`, \`++\`, \`if\`, interpolation, function call, \`null\` or set in it makes the
whole flake unusable: \`error: expected a set but got a thunk\`, \`flake configuration setting 'substituters' is a thunk\`. Write the values out.`,
    bad: [
      {
        "flake.nix":
          '{ nixConfig.extra-substituters = [ "https://a.example.org" ] ++ [ "https://b.example.org" ]; outputs = _: { }; }',
      },
    ],
    good: [
      { "flake.nix": '{ nixConfig.extra-substituters = [ "https://a.example.org" ]; outputs = _: { }; }' },
    ],
  },
};

export const nixconfigNotLiteral: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const computed of ctx.facts.computedFlakeConfig) {
      const { setting, what, span } = computed;
      const where = setting === undefined ? "nixConfig" : `nixConfig.${setting}`;
      const isTaken = !NEVER_TAKEN.test(what);
      report({
        span,
        message: `${where} holds ${what}, ${isTaken ? "but Nix reads it without evaluating" : "which Nix takes for no setting"}: the flake cannot be used at all`,
        fixes: isTaken ? inlined(ctx, computed) : [],
      });
    }
  },
};

/** Literals of a kind that no setting takes. */
const NEVER_TAKEN = /^(null|a floating-point number|a set)$|in a list$/;

/** The value written out, where the whole of it is known. */
function inlined({ textOf }: FileContext, { span, value }: ComputedFlakeConfig): readonly Fix[] {
  const literal = literalOf(value);
  const typed = textOf(span.path)?.slice(span.start, span.end) ?? "";
  if (literal === undefined || holdsComment(typed)) return [];
  return [{ title: "Write the value out", safety: "review", edits: editsAt(span, literal) }];
}

function literalOf(datum: Datum): string | undefined {
  const text = knownText(datum);
  if (text !== undefined) return isPlain(text) ? `"${text}"` : undefined;
  if (datum.kind === "scalar") return /^(true|false|\d+)$/.exec(String(datum.value))?.[0];
  if (datum.kind === "list" && datum.complete) {
    const items = datum.items.map(literalOf);
    return items.every(item => item !== undefined) ? ["[", ...items, "]"].join(" ") : undefined;
  }
  if (datum.kind !== "attrs" || !datum.complete) return undefined;
  const entries = [...datum.entries].map(([name, entry]) => {
    const value = /^[A-Za-z_][\w'-]*$/.test(name) ? literalOf(entry.value) : undefined;
    return value === undefined ? undefined : `${name} = ${value};`;
  });
  return entries.every(entry => entry !== undefined) ? ["{", ...entries, "}"].join(" ") : undefined;
}
