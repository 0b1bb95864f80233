// nixconfig-not-literal: something computed in a flake's nixConfig.

import { type Datum, knownText } from "../eval/datum";
import type { ComputedFlakeConfig, FileFacts } from "../facts/facts";
import { sameSpan } from "../text/span";
import { editsAt, isPlain } from "./entryFixes";
import type { Fix, Rule, RuleMeta } from "./rule";

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
      const where = computed.setting === undefined ? "nixConfig" : `nixConfig.${computed.setting}`;
      report({
        span: computed.span,
        message: `${where} holds ${computed.what}, ${reasonFor(computed.what)}: the flake cannot be used at all`,
        fixes: inlined(ctx.facts, computed),
      });
    }
  },
};

/** A literal may still be of a kind that no setting takes. */
function reasonFor(what: string): string {
  return /^(null|a floating-point number|a set)$|in a list$/.test(what)
    ? "which Nix takes for no setting"
    : "but Nix reads it without evaluating";
}

/** The value written out, where the whole of it is known. */
function inlined(facts: FileFacts, { setting, span }: ComputedFlakeConfig): readonly Fix[] {
  const fact = facts.settings.find(each => each.surface === "flake" && each.written === setting);
  if (fact === undefined || !sameSpan(fact.value.span, span)) return [];
  const literal = literalOf(fact.value);
  if (literal === undefined) return [];
  return [{ title: "Write the value out", safety: "review", edits: editsAt(span, literal) }];
}

function literalOf(datum: Datum): string | undefined {
  const text = knownText(datum);
  if (text !== undefined) return isPlain(text) ? `"${text}"` : undefined;
  if (datum.kind !== "list" || !datum.complete) return undefined;
  const items = datum.items.map(literalOf);
  return items.every(item => item !== undefined) ? `[ ${items.join(" ")} ]` : undefined;
}
