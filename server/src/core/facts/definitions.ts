// One option definition as it is written (`mkIf c (mkForce v)`, `mkMerge [ a b ]`, `if c then mkForce a else b`) taken
// apart into its values, each with its conditions and its priority.

import type { Condition } from "../eval/datum";
import { type Call, callOf, conditionOf } from "../eval/literalCalls";
import type { LiteralContext } from "../eval/literalReader";
import type { LiteralScope } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import type { AttrBinding, AttrsExpr, Expr } from "../syntax/expr";
import { spanOf } from "../text/span";
import { ORDINARY, type Priority } from "./facts";

/**
 * What the surroundings of an expression say about it: one object for all that stands beside it, made anew only where it
 * differs, as a file has thousands of expressions.
 */
export interface Around {
  readonly scope: LiteralScope;
  readonly conditions: readonly Condition[];
  readonly priority: Priority;
  /** The binding with which the path of the options in it begins, and its set; undefined where none does. */
  readonly outermost?: { readonly binding: AttrBinding; readonly set: AttrsExpr } | undefined;
}

export interface Placed extends Around {
  readonly expr: Expr;
}

/** The same names in sight and conditions, where no option is. */
export function plainly(around: Around): Around {
  const { scope, conditions, priority, outermost } = around;
  if (priority === ORDINARY && outermost === undefined) return around;
  return { scope, conditions, priority: ORDINARY, outermost: undefined };
}

export function inScope({ conditions, priority, outermost }: Around, scope: LiteralScope): Around {
  return { scope, conditions, priority, outermost };
}

const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ["mkForce", 50],
  ["mkImageMediaOverride", 60],
  ["mkVMOverride", 10],
  ["mkDefault", 1000],
  ["mkOptionDefault", 1500],
]);

/** What a wrapper of the module system holds; undefined if the call is none of such a wrapper. */
export function unwrapCall(
  ctx: LiteralContext,
  around: Around,
  { name, fn, args }: Call,
): readonly Placed[] | undefined {
  const [first, second] = args;
  if (name === undefined || first === undefined) return undefined;
  if (args.length === 1) {
    const level = PRIORITIES.get(name);
    if (level !== undefined) return [{ ...around, expr: first, priority: prioritised(ctx, fn, name, level) }];
    if (name === "mkBefore" || name === "mkAfter") return [{ ...around, expr: first }];
    if (name !== "mkMerge" || first.kind !== "list") return undefined;
    return first.items.map(item => ({ ...around, expr: item }));
  }
  if (args.length !== 2 || second === undefined) return undefined;
  if (name === "mkIf" || name === "optionalAttrs") return unwrapIf(ctx, around, first, second);
  if (name === "mkOrder") return [{ ...around, expr: second }];
  if (name !== "mkOverride") return undefined;
  const given = readLiteral(ctx, first, around.scope);
  if (given.kind !== "scalar" || typeof given.value !== "bigint") return [];
  return [{ ...around, expr: second, priority: prioritised(ctx, fn, name, Number(given.value)) }];
}

function unwrapIf(ctx: LiteralContext, around: Around, condition: Expr, value: Expr): readonly Placed[] {
  const given = readLiteral(ctx, condition, around.scope);
  if (given.kind === "scalar" && given.value === false) return [];
  if (given.kind === "scalar" && given.value === true) return [{ ...around, expr: value }];
  return [{ ...around, expr: value, conditions: [...around.conditions, conditionOf(ctx, condition)] }];
}

function prioritised({ path }: LiteralContext, fn: Expr, name: string, level: number): Priority {
  return { level, wrapper: { name, span: spanOf(path, fn) } };
}

/** The values of one option definition, without wrappers. */
export function valuesOf(ctx: LiteralContext, placed: Placed, depth = 0): readonly Placed[] {
  if (depth > 50) return [];
  const { expr } = placed;
  const inner = expr.kind === "apply" ? unwrapCall(ctx, placed, callOf(expr)) : undefined;
  if (inner !== undefined) return inner.flatMap(each => valuesOf(ctx, each, depth + 1));
  if (expr.kind === "if" && (isWrapped(expr.thenBranch) || isWrapped(expr.elseBranch))) {
    return bothBranches(ctx, placed, expr.condition, expr.thenBranch, expr.elseBranch).flatMap(each =>
      valuesOf(ctx, each, depth + 1),
    );
  }
  return [placed];
}

/** The branches of an `if`, each under its condition. */
export function bothBranches(
  ctx: LiteralContext,
  around: Around,
  condition: Expr,
  yes: Expr,
  no: Expr,
): readonly Placed[] {
  const given = readLiteral(ctx, condition, around.scope);
  if (given.kind === "scalar" && typeof given.value === "boolean") {
    return [{ ...around, expr: given.value ? yes : no }];
  }
  return [
    { ...around, expr: yes, conditions: [...around.conditions, conditionOf(ctx, condition)] },
    { ...around, expr: no, conditions: [...around.conditions, conditionOf(ctx, condition, true)] },
  ];
}

function isWrapped(expr: Expr): boolean {
  if (expr.kind !== "apply") return false;
  const { name } = callOf(expr);
  return (
    name !== undefined && /^mk(If|Merge|Force|Default|OptionDefault|Override|Before|After|Order)$/.test(name)
  );
}
