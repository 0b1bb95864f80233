// Conditions of the module system that are not known: in which cases they hold, and what they are called.

import { joinBranches, type LooseBranch } from "../eval/alternatives";
import type { Evaluation } from "../eval/evaluation";
import type { BranchCondition, ErrorValue, Lazy, Value } from "../eval/value";
import type { Span } from "../text/span";
import { wordsOf } from "./callSite";

export interface Verdict {
  /** The cases in which the condition holds; one empty case: it certainly holds; none: it certainly does not. */
  readonly holds: readonly (readonly BranchCondition[])[];
  readonly error: ErrorValue | undefined;
}

const subjects = new WeakMap<object, object>();

/** One unknown truth value for one unevaluated condition, however often it is looked at. */
function subjectOf(condition: Lazy): object {
  const known = subjects.get(condition);
  if (known !== undefined) return known;
  const subject = {};
  subjects.set(condition, subject);
  return subject;
}

export function conditionBranches(ctx: Evaluation, condition: Lazy, site: Span | undefined): Verdict {
  const value = ctx.force(condition);
  switch (value.kind) {
    case "bool":
      return { holds: value.value ? [[]] : [], error: undefined };
    case "unknown":
      return { holds: [[unknownCondition(ctx, condition, site ?? value.span)]], error: undefined };
    case "error":
      return { holds: [], error: value };
    case "alternatives": {
      const holds: (readonly BranchCondition[])[] = [];
      for (const branch of value.branches) {
        if (branch.value.kind === "bool" && branch.value.value) holds.push(branch.conditions);
        else if (branch.value.kind === "unknown") {
          holds.push([...branch.conditions, unknownCondition(ctx, condition, site ?? value.span)]);
        }
      }
      return { holds, error: undefined };
    }
    default:
      return { holds: [[unknownCondition(ctx, condition, site)]], error: undefined };
  }
}

function unknownCondition(ctx: Evaluation, condition: Lazy, site: Span | undefined): BranchCondition {
  const words = wordsOf(ctx, site);
  return {
    text: words?.text ?? "a condition",
    span: words?.span ?? site ?? NOWHERE,
    negated: false,
    sense: true,
    subject: subjectOf(condition),
  };
}

const NOWHERE: Span = { path: "", start: 0, end: 0 };

/** So many conditions are told apart for one value; 2^n cases. */
const MAX_CONDITIONS = 4;

/** Something that hangs on conditions. */
interface Conditional {
  readonly conditions: readonly BranchCondition[];
}

/**
 * `value` for every combination of the conditions of `items`, with the items that are there then, joined; undefined
 * where there are too many.
 */
export function inEachCase<T extends Conditional>(
  ctx: Evaluation,
  items: readonly T[],
  span: Span | undefined,
  value: (active: readonly T[]) => Value,
): Value | undefined {
  const bySubject = new Map<object, BranchCondition>();
  for (const each of items.flatMap(item => item.conditions)) bySubject.set(each.subject, each);
  const conditions = [...bySubject.values()];
  if (conditions.length > MAX_CONDITIONS) return undefined;
  return ctx.speculate(() => {
    const branches: LooseBranch[] = [];
    for (let bits = 0; bits < 2 ** conditions.length; bits++) {
      const given = conditions.map((each, i) => ((bits >> i) % 2 === 0 ? each : opposite(each)));
      const holds = (one: BranchCondition) =>
        given.some(each => each.subject === one.subject && each.sense === one.sense);
      branches.push({ conditions: given, value: value(items.filter(item => item.conditions.every(holds))) });
    }
    return joinBranches(branches, span);
  });
}

function opposite(condition: BranchCondition): BranchCondition {
  return { ...condition, sense: !condition.sense, negated: !condition.negated };
}

/**
 * `then` where a condition holds, `otherwise` where it does not; both, with the words of the condition, where that is
 * not known. For `optionals c …` and the like, whose condition is an argument of the call.
 */
export function conditional(
  call: { readonly ctx: Evaluation; readonly site: Span | undefined },
  condition: Lazy,
  then: (ctx: Evaluation) => Value,
  otherwise: Value,
): Value {
  const { ctx, site } = call;
  const known = ctx.force(condition);
  if (known.kind !== "unknown") {
    return ctx.useBool(known, site, holds => (holds ? then(ctx) : otherwise));
  }
  if (ctx.speculatesDeeply) return known;
  const holds = unknownCondition(ctx, condition, site);
  const value = ctx.speculate(() => then(ctx));
  return joinBranches(
    [
      { conditions: [holds], value },
      { conditions: [opposite(holds)], value: otherwise },
    ],
    site,
  );
}
