// `if`, `assert` and the operators: what decides which expressions are evaluated at all.

import type { AssertExpr, BinaryExpr, Expr, IfExpr, UnaryExpr } from "../../syntax/expr";
import type { Span } from "../../text/span";
import { joinBranches } from "../alternatives";
import type { Condition } from "../datum";
import { equal, lessThan } from "../equality";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { arithmetic, isNumber } from "../numbers";
import { add, concatLists, negate, update } from "../operators";
import {
  boolValue,
  type Code,
  errorValue,
  type KnownValue,
  type Lazy,
  LIMIT,
  type UnknownValue,
  type Value,
} from "../value";
import { postponed, ready } from "./postponed";
import {
  type Compiled,
  delayed,
  type Env,
  findPlace,
  frameAt,
  type Scope,
  sourceText,
  spanIn,
  type Unit,
} from "./scope";

/** Which unknown truth value an expression stands for: the same variable is the same one. */
type Subject = (env: Env) => { readonly subject: object; readonly flipped: boolean };

function subjectOf(unit: Unit, scope: Scope | undefined, expr: Expr): Subject {
  if (expr.kind === "unary" && expr.operator === "!") {
    const inner = subjectOf(unit, scope, expr.operand);
    return env => {
      const { subject, flipped } = inner(env);
      return { subject, flipped: !flipped };
    };
  }
  if (expr.kind === "variable") {
    const place = findPlace(unit, scope, expr.name);
    if (place.kind === "slot") {
      return env => {
        const value = frameAt(env, place.up)?.slots[place.slot];
        // A value may stand for several things that are not known; a thunk is one computation.
        return { subject: value?.kind === "thunk" ? value : {}, flipped: false };
      };
    }
  }
  return () => ({ subject: {}, flipped: false });
}

interface Fork {
  readonly condition: Condition;
  readonly subject: Subject;
}

function forkOf(unit: Unit, scope: Scope | undefined, expr: Expr): Fork {
  const text = sourceText(unit, expr);
  return {
    condition: { text, negated: false, span: spanIn(unit, expr) },
    subject: subjectOf(unit, scope, expr),
  };
}

/** Both outcomes of a condition that is not known. */
function both(
  ctx: Evaluation,
  env: Env,
  fork: Fork,
  unknown: UnknownValue,
  outcomes: { readonly yes: () => Value; readonly no: () => Value },
): Value {
  if (!ctx.optimistic || unknown.reason === LIMIT || ctx.speculatesDeeply) return unknown;
  return ctx.speculate(() => {
    const { subject, flipped } = fork.subject(env);
    const { text, span } = fork.condition;
    // `if !c` and `if c` share a subject; the branch in which it holds is the same one.
    const holds = { text, span, subject, sense: !flipped, negated: false };
    const fails = { text, span, subject, sense: flipped, negated: true };
    return joinBranches(
      [
        { conditions: [holds], value: outcomes.yes() },
        { conditions: [fails], value: outcomes.no() },
      ],
      fork.condition.span,
    );
  });
}

export function compileIf(unit: Unit, scope: Scope | undefined, expr: IfExpr): Compiled {
  const condition = unit.compile(unit, scope, expr.condition);
  const yes = postponed(unit, scope, expr.thenBranch);
  const no = postponed(unit, scope, expr.elseBranch);
  const fork = forkOf(unit, scope, expr.condition);
  const span = spanIn(unit, expr.condition);
  return delayed((env, ctx) => {
    const value = condition.now(env, ctx);
    if (value.kind === "bool") return value.value ? ready(yes).now(env, ctx) : ready(no).now(env, ctx);
    const outcomes = { yes: () => ready(yes).now(env, ctx), no: () => ready(no).now(env, ctx) };
    return decide(ctx, value, span, outcomes, unknown => both(ctx, env, fork, unknown, outcomes));
  });
}

function decide(
  ctx: Evaluation,
  value: Value,
  span: Span,
  outcomes: { readonly yes: () => Value; readonly no: () => Value },
  unknown: (value: UnknownValue) => Value,
): Value {
  const choose = (known: KnownValue): Value => {
    if (known.kind !== "bool") return expected("a Boolean", known, span);
    return known.value ? outcomes.yes() : outcomes.no();
  };
  return ctx.use(value, choose, unknown);
}

export function compileAssert(unit: Unit, scope: Scope | undefined, expr: AssertExpr): Compiled {
  const condition = unit.compile(unit, scope, expr.condition);
  const body = unit.compile(unit, scope, expr.body);
  const fork = forkOf(unit, scope, expr.condition);
  const span = spanIn(unit, expr.condition);
  const message = `assertion '${fork.condition.text}' failed`;
  const failure = errorValue("assert", message, span);
  return delayed((env, ctx) => {
    const value = condition.now(env, ctx);
    if (value.kind === "bool") return value.value ? body.now(env, ctx) : failure;
    const outcomes = { yes: () => body.now(env, ctx), no: () => failure };
    return decide(ctx, value, span, outcomes, unknown => both(ctx, env, fork, unknown, outcomes));
  });
}

export function compileUnary(unit: Unit, scope: Scope | undefined, expr: UnaryExpr): Compiled {
  const operand = unit.compile(unit, scope, expr.operand);
  const span = spanIn(unit, expr);
  if (expr.operator === "-") return delayed((env, ctx) => negate(ctx, operand.now(env, ctx), span));
  return delayed((env, ctx) => ctx.useBool(operand.now(env, ctx), span, value => boolValue(!value, span)));
}

export function compileBinary(unit: Unit, scope: Scope | undefined, expr: BinaryExpr): Compiled {
  const left = unit.compile(unit, scope, expr.left);
  const right = unit.compile(unit, scope, expr.right);
  return delayed(binaryCode(unit, expr, left, right));
}

function binaryCode(unit: Unit, expr: BinaryExpr, left: Compiled, right: Compiled): Code<Env> {
  const span = spanIn(unit, expr);
  const rightSpan = spanIn(unit, expr.right);
  const logical = (decided: boolean, result: boolean): Code<Env> => {
    return (env, ctx) =>
      ctx.useBool(left.now(env, ctx), span, value =>
        value === decided
          ? boolValue(result, span)
          : ctx.useBool(right.now(env, ctx), rightSpan, other => boolValue(other, span)),
      );
  };
  const strict = (operate: (ctx: Evaluation, a: Value, b: Value) => Value): Code<Env> => {
    return (env, ctx) => {
      const a = left.now(env, ctx);
      return a.kind === "error" ? a : operate(ctx, a, right.now(env, ctx));
    };
  };
  const call = (fn: Compiled, arg: Compiled): Code<Env> => {
    return (env, ctx) => ctx.call(fn.now(env, ctx), [arg.later(env)], span);
  };
  switch (expr.operator) {
    case "&&":
      return logical(false, false);
    case "||":
      return logical(true, true);
    case "->":
      return logical(false, true);
    case "|>":
      return call(right, left);
    case "<|":
      return call(left, right);
    case "==":
      return strict((ctx, a, b) => equal(ctx, a, b, span));
    case "!=":
      return strict((ctx, a, b) => ctx.useBool(equal(ctx, a, b, span), span, same => boolValue(!same, span)));
    case "<":
      return strict((ctx, a, b) => lessThan(ctx, a, b, span));
    case ">":
      return strict((ctx, a, b) => lessThan(ctx, b, a, span));
    case "<=":
      return strict((ctx, a, b) =>
        ctx.useBool(lessThan(ctx, b, a, span), span, less => boolValue(!less, span)),
      );
    case ">=":
      return strict((ctx, a, b) =>
        ctx.useBool(lessThan(ctx, a, b, span), span, less => boolValue(!less, span)),
      );
    case "+":
      return strict((ctx, a, b) => add(ctx, a, b, span));
    case "-":
    case "*":
    case "/": {
      const { operator } = expr;
      return strict((ctx, a, b) => calculate(ctx, operator, a, b, span));
    }
    case "//": {
      const text = sourceText(unit, expr.right);
      return strict((ctx, a, b) => update(ctx, a, b, { span, text }));
    }
    case "++":
      return strict((ctx, a, b) => concatLists(ctx, a, b, span));
  }
}

function calculate(ctx: Evaluation, operator: "-" | "*" | "/", left: Lazy, right: Lazy, span: Span): Value {
  return ctx.use(left, a => {
    if (!isNumber(a)) return expected("an integer", a, span);
    return ctx.use(right, b =>
      isNumber(b) ? arithmetic(operator, a, b, span) : expected("an integer", b, span),
    );
  });
}
