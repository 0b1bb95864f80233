// `if` and the calls of nixpkgs' lib that wrap or choose values: mkIf, mkMerge, optionals and their like.

import type { ApplyExpr, Expr, IfExpr } from "../syntax/expr";
import type { Span } from "../text/span";
import { spanOf } from "../text/span";
import { alternativesDatum, branchCount, MAX_BRANCHES } from "./conditionalDatum";
import { type Condition, type Datum, type ListDatum, unknownDatum } from "./datum";
import { concatLists } from "./literalOperators";
import type { LiteralContext, Read } from "./literalReader";
import { joinTexts } from "./textDatum";

/** The condition of an `if` or `mkIf` in the words of its source; of `!c` it is `c`, negated. */
export function conditionOf(ctx: LiteralContext, expr: Expr, negated = false): Condition {
  if (expr.kind === "unary" && expr.operator === "!") return conditionOf(ctx, expr.operand, !negated);
  const text = ctx.text.slice(expr.start, expr.end).replace(/\s+/g, " ");
  return { text, negated, span: spanOf(ctx.path, expr) };
}

/** A call with all its arguments and the last name of what is called: `lib.mkIf c v` is mkIf of two. */
export interface Call {
  readonly name: string | undefined;
  readonly fn: Expr;
  readonly args: readonly Expr[];
}

export function callOf(expr: ApplyExpr): Call {
  const args: Expr[] = [];
  let fn: Expr = expr;
  while (fn.kind === "apply") {
    args.unshift(fn.arg);
    fn = fn.fn;
  }
  return { name: nameOfFunction(fn), fn, args };
}

function nameOfFunction(fn: Expr): string | undefined {
  if (fn.kind === "variable") return fn.name;
  if (fn.kind !== "select") return undefined;
  const last = fn.path.at(-1);
  return last?.kind === "static" ? last.name : undefined;
}

/** One side where the condition is known, else both with their conditions. */
export function readIf(ctx: LiteralContext, expr: IfExpr, read: Read): Datum {
  const condition = read(expr.condition);
  if (condition.kind === "scalar" && typeof condition.value === "boolean") {
    return read(condition.value ? expr.thenBranch : expr.elseBranch);
  }
  return hangingOn(ctx, expr, expr.condition, read(expr.thenBranch), read(expr.elseBranch));
}

function hangingOn(ctx: LiteralContext, whole: Expr, condition: Expr, yes: Datum, no: Datum): Datum {
  const span = spanOf(ctx.path, whole);
  if (branchCount(yes) + branchCount(no) > MAX_BRANCHES) return unknownDatum(span, "too many cases");
  return alternativesDatum(span, conditionOf(ctx, condition), yes, no);
}

/** What a call gives, of the functions known here. */
export function readApplication(ctx: LiteralContext, expr: ApplyExpr, read: Read): Datum {
  const span = spanOf(ctx.path, expr);
  const { name, args } = callOf(expr);
  const [first, second] = args;
  if (first === undefined) return unknownDatum(span, "a call");
  if (args.length === 1) {
    if (name === "mkForce" || name === "mkDefault" || name === "mkBefore" || name === "mkAfter")
      return read(first);
    if (name === "mkMerge") return mergeList(span, read(first));
  }
  if (args.length !== 2 || second === undefined) return unknownDatum(span, "a call");
  const optional = (value: Datum, otherwise: Datum): Datum => {
    const condition = read(first);
    if (condition.kind === "scalar" && typeof condition.value === "boolean") {
      return condition.value ? value : otherwise;
    }
    return hangingOn(ctx, expr, first, value, otherwise);
  };
  const nothing: ListDatum = { kind: "list", span, items: [], complete: true };
  switch (name) {
    case "mkOverride":
    case "mkOrder":
      return read(second);
    case "mkIf":
      return optional(read(second), unknownDatum(span, "not defined here"));
    case "optional":
      return optional({ ...nothing, items: [read(second)] }, nothing);
    case "optionals":
      return optional(read(second), nothing);
    case "optionalString":
      return optional(read(second), joinTexts(span, []));
    case "optionalAttrs":
      return optional(read(second), { kind: "attrs", span, entries: new Map(), complete: true });
    default:
      return unknownDatum(span, "a call");
  }
}

/** `mkMerge [ a b ]` of lists. */
function mergeList(span: Span, datum: Datum): Datum {
  if (datum.kind !== "list") return unknownDatum(span, "a call");
  const empty: Datum = { kind: "list", span, items: [], complete: datum.complete };
  return datum.items.reduce((whole, item) => concatLists(span, whole, item), empty);
}
