// One option definition as it is written (`mkIf c (mkForce v)`, `mkMerge [ a b ]`, `if c then mkForce a else b`) taken
// apart into its values, each with its conditions and its priority.

import type { Condition } from "../eval/datum";
import { callOf, conditionOf } from "../eval/literalCalls";
import type { LiteralContext } from "../eval/literalReader";
import type { LiteralScope } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import type { ApplyExpr, AttrBinding, AttrsExpr, Expr } from "../syntax/expr";
import { spanOf } from "../text/span";
import type { Priority } from "./facts";

/** An expression with what its surroundings say about it. */
export interface Placed {
  readonly expr: Expr;
  readonly scope: LiteralScope;
  readonly conditions: readonly Condition[];
  readonly priority: Priority;
  /** The binding with which the path of the options in it begins, and its set; undefined where none does. */
  readonly outermost?: { readonly binding: AttrBinding; readonly set: AttrsExpr } | undefined;
}

const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ["mkForce", 50],
  ["mkImageMediaOverride", 60],
  ["mkVMOverride", 10],
  ["mkDefault", 1000],
  ["mkOptionDefault", 1500],
]);

/** What a wrapper of the module system holds; undefined if the expression is no such wrapper. */
export function unwrap(ctx: LiteralContext, placed: Placed): readonly Placed[] | undefined {
  if (placed.expr.kind !== "apply") return undefined;
  const { name, args } = callOf(placed.expr);
  const [first, second] = args;
  if (name === undefined || first === undefined) return undefined;
  const level = PRIORITIES.get(name);
  if (args.length === 1) {
    if (level !== undefined)
      return [{ ...placed, expr: first, priority: prioritised(ctx, placed.expr, name, level) }];
    if (name === "mkBefore" || name === "mkAfter") return [{ ...placed, expr: first }];
    if (name !== "mkMerge" || first.kind !== "list") return undefined;
    return first.items.map(expr => ({ ...placed, expr }));
  }
  if (args.length !== 2 || second === undefined) return undefined;
  if (name === "mkIf" || name === "optionalAttrs") return unwrapIf(ctx, placed, first, second);
  if (name === "mkOrder") return [{ ...placed, expr: second }];
  if (name !== "mkOverride") return undefined;
  const given = readLiteral(ctx, first, placed.scope);
  if (given.kind !== "scalar" || typeof given.value !== "bigint") return [];
  return [{ ...placed, expr: second, priority: prioritised(ctx, placed.expr, name, Number(given.value)) }];
}

function unwrapIf(ctx: LiteralContext, placed: Placed, condition: Expr, value: Expr): readonly Placed[] {
  const given = readLiteral(ctx, condition, placed.scope);
  if (given.kind === "scalar" && given.value === false) return [];
  if (given.kind === "scalar" && given.value === true) return [{ ...placed, expr: value }];
  return [{ ...placed, expr: value, conditions: [...placed.conditions, conditionOf(ctx, condition)] }];
}

function prioritised(ctx: LiteralContext, expr: ApplyExpr, name: string, level: number): Priority {
  const { fn } = callOf(expr);
  return { level, wrapper: { name, span: spanOf(ctx.path, fn) } };
}

/** The values of one option definition, without wrappers. */
export function valuesOf(ctx: LiteralContext, placed: Placed, depth = 0): readonly Placed[] {
  if (depth > 50) return [];
  const inner = unwrap(ctx, placed);
  if (inner !== undefined) return inner.flatMap(each => valuesOf(ctx, each, depth + 1));
  const { expr } = placed;
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
  placed: Placed,
  condition: Expr,
  yes: Expr,
  no: Expr,
): readonly Placed[] {
  const given = readLiteral(ctx, condition, placed.scope);
  if (given.kind === "scalar" && typeof given.value === "boolean") {
    return [{ ...placed, expr: given.value ? yes : no }];
  }
  return [
    { ...placed, expr: yes, conditions: [...placed.conditions, conditionOf(ctx, condition)] },
    { ...placed, expr: no, conditions: [...placed.conditions, conditionOf(ctx, condition, true)] },
  ];
}

function isWrapped(expr: Expr): boolean {
  if (expr.kind !== "apply") return false;
  const { name } = callOf(expr);
  return (
    name !== undefined && /^mk(If|Merge|Force|Default|OptionDefault|Override|Before|After|Order)$/.test(name)
  );
}
