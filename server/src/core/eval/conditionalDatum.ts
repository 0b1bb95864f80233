// Combining data of which one or both hang on a condition: the result hangs on the same conditions, contradictions
// (`c` and `!c` at once) are left out. For the literal reader; the evaluator has alternatives of its own values.

import type { AlternativesDatum, Condition, Datum } from "./datum";

type Certain = Exclude<Datum, AlternativesDatum>;

/** More branches than these are never worth telling apart. */
export const MAX_BRANCHES = 32;

export function alternativesDatum(
  span: Datum["span"],
  condition: Condition,
  whenTrue: Datum,
  whenFalse: Datum,
): AlternativesDatum {
  const opposite = { ...condition, negated: !condition.negated };
  return {
    kind: "alternatives",
    span,
    branches: [
      { condition, value: assume(whenTrue, condition) },
      { condition: opposite, value: assume(whenFalse, opposite) },
    ],
  };
}

/** `f` over every combination of the two values that can occur. */
export function combine(a: Datum, b: Datum, f: (a: Certain, b: Certain) => Datum): Datum {
  if (a.kind === "alternatives") {
    const branches = a.branches.map(({ condition, value }) => ({
      condition,
      value: combine(value, assume(b, condition), f),
    }));
    return { ...a, branches };
  }
  if (b.kind === "alternatives") {
    const branches = b.branches.map(({ condition, value }) => ({ condition, value: combine(a, value, f) }));
    return { ...b, branches };
  }
  return f(a, b);
}

/** The value once a condition is taken for granted. */
function assume(datum: Datum, condition: Condition): Datum {
  if (datum.kind !== "alternatives") return datum;
  const same = datum.branches.find(
    branch => branch.condition.text === condition.text && branch.condition.negated === condition.negated,
  );
  if (same !== undefined) return assume(same.value, condition);
  const branches = datum.branches.map(branch => ({ ...branch, value: assume(branch.value, condition) }));
  return { ...datum, branches };
}

export function branchCount(datum: Datum): number {
  if (datum.kind !== "alternatives") return 1;
  return datum.branches.reduce((sum, branch) => sum + branchCount(branch.value), 0);
}
