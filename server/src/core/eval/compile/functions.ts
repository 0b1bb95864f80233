// Functions: `x: …`, `{ a, b ? 1, ... }@args: …`, and their application.

import type { ApplyExpr, Expr, LambdaExpr, StaticName } from "../../syntax/expr";
import type { Span } from "../../text/span";
import { joinBranches } from "../alternatives";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import {
  type AttrsValue,
  type ErrorSubject,
  errorValue,
  type FunctionValue,
  type KnownValue,
  type Lazy,
  lazily,
  type NativeCode,
  openAttrs,
  unknownValue,
  type Value,
} from "../value";
import { note, type Problems } from "./plan";
import { postponed, ready } from "./postponed";
import { type Compiled, delayed, type Env, Frame, immediate, type Scope, spanIn, type Unit } from "./scope";

export function compileLambda(unit: Unit, scope: Scope | undefined, expr: LambdaExpr): Compiled {
  return expr.formals === undefined ? compileSimple(unit, scope, expr) : compileFormals(unit, scope, expr);
}

function closure(
  span: Span,
  run: (env: Env) => NativeCode,
  formals?: ReadonlyMap<string, boolean>,
): Compiled {
  return immediate((env): FunctionValue => {
    return {
      kind: "function",
      name: undefined,
      builtin: false,
      arity: 1,
      bound: [],
      formals,
      run: run(env),
      span,
    };
  });
}

/** Name → slot, in the scope of a function's body. */
export function argumentNames(expr: LambdaExpr, problems?: Problems): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const { name } of expr.formals?.items ?? []) defineArgument(names, name, problems);
  if (expr.param !== undefined) defineArgument(names, expr.param, problems);
  return names;
}

function defineArgument(names: Map<string, number>, arg: StaticName, problems: Problems | undefined): void {
  const { name } = arg;
  if (names.has(name)) {
    const message = `duplicate formal function argument '${name}'`;
    note(problems, arg, { kind: "syntax", message, name });
  } else names.set(name, names.size);
}

function compileSimple(unit: Unit, scope: Scope | undefined, expr: LambdaExpr): Compiled {
  const body = postponed(unit, { names: argumentNames(expr), up: scope }, expr.body);
  return closure(spanIn(unit, expr), env => (ctx, args) => ready(body).now(new Frame([args[0]], env), ctx));
}

interface CompiledFormal {
  readonly name: string;
  readonly fallback: Compiled | undefined;
}

function compileFormals(unit: Unit, scope: Scope | undefined, expr: LambdaExpr): Compiled {
  const items = expr.formals?.items ?? [];
  const inner: Scope = { names: argumentNames(expr), up: scope };
  const signature = new Map<string, boolean>();
  const formals = items.map(({ name: { name }, defaultValue }): CompiledFormal => {
    signature.set(name, defaultValue !== undefined);
    return {
      name,
      fallback: defaultValue === undefined ? undefined : postponed(unit, inner, defaultValue),
    };
  });
  const lambda: Lambda = {
    formals,
    signature,
    ellipsis: expr.formals?.ellipsis ?? true,
    keepsArgs: expr.param !== undefined,
    body: postponed(unit, inner, expr.body),
    span: spanIn(unit, expr),
  };
  return closure(
    lambda.span,
    env => (ctx, args, site) => enter(ctx, lambda, env, args[0] ?? NO_ARGUMENT, site),
    signature,
  );
}

const NO_ARGUMENT: Value = unknownValue("no argument");

interface Lambda {
  readonly formals: readonly CompiledFormal[];
  /** Its arguments, and which of them have a default. */
  readonly signature: ReadonlyMap<string, boolean>;
  readonly ellipsis: boolean;
  readonly keepsArgs: boolean;
  readonly body: Compiled;
  readonly span: Span;
}

function enter(ctx: Evaluation, lambda: Lambda, env: Env, arg: Lazy, site: Span | undefined): Value {
  const value = ctx.force(arg);
  if (value.kind === "unknown" && ctx.optimistic) {
    // If evaluation succeeds at all, the argument is a set, and the body is what it is.
    return bind(ctx, lambda, env, openAttrs(new Map(), value.reason, value.span), arg, site);
  }
  return ctx.use(value, (known: KnownValue) =>
    known.kind === "attrs"
      ? bind(ctx, lambda, env, known, value.kind === "alternatives" ? known : arg, site)
      : expected("a set", known, site),
  );
}

function bind(
  ctx: Evaluation,
  lambda: Lambda,
  env: Env,
  set: AttrsValue,
  arg: Lazy,
  site: Span | undefined,
): Value {
  const { formals, span } = lambda;
  const frame = new Frame(new Array<Lazy | undefined>(formals.length), env);
  let taken = 0;
  for (let i = 0; i < formals.length; i++) {
    const formal = formals[i];
    if (formal === undefined) continue;
    const attr = set.attrs.get(formal.name);
    if (attr !== undefined) {
      frame.slots[i] = attr.value;
      taken++;
    } else if (set.open !== undefined) frame.slots[i] = notKnown(formal, frame, set.open, span);
    else if (formal.fallback !== undefined) frame.slots[i] = formal.fallback.later(frame);
    else {
      const message = `function 'anonymous lambda' called without required argument '${formal.name}'`;
      return errorValue(
        "missing-argument",
        message,
        site ?? span,
        subjectOf(
          formal.name,
          [...set.attrs.keys()].filter(name => !lambda.signature.has(name)),
          span,
          set.span,
        ),
      );
    }
  }
  if (!lambda.ellipsis && taken < set.attrs.size) {
    const extra = [...set.attrs.keys()].find(name => !lambda.signature.has(name)) ?? "";
    const message = `function 'anonymous lambda' called with unexpected argument '${extra}'`;
    return errorValue(
      "unexpected-argument",
      message,
      site ?? span,
      subjectOf(
        extra,
        [...lambda.signature.keys()].filter(name => !set.attrs.has(name)),
        span,
        set.attrs.get(extra)?.nameSpan,
      ),
    );
  }
  if (lambda.keepsArgs) frame.slots.push(arg);
  return ready(lambda.body).now(frame, ctx);
}

/** `candidates`: names that are left over on the other side. */
function subjectOf(
  name: string,
  candidates: readonly string[],
  declared: Span,
  given: Span | undefined,
): ErrorSubject {
  return given === undefined ? { name, candidates, declared } : { name, candidates, declared, given };
}

/** An argument that an open set may or may not give. */
function notKnown(formal: CompiledFormal, frame: Frame, why: string, span: Span): Lazy {
  const { fallback, name } = formal;
  const unknown = unknownValue(why, span);
  if (fallback === undefined) return unknown;
  return lazily(ctx => {
    if (ctx.speculatesDeeply) return unknown;
    const condition = { text: `argument ${name} is given`, span, subject: {} };
    return joinBranches(
      [
        { conditions: [{ ...condition, negated: false, sense: true }], value: unknown },
        {
          conditions: [{ ...condition, negated: true, sense: false }],
          value: ctx.speculate(() => ready(fallback).now(frame, ctx)),
        },
      ],
      span,
    );
  });
}

/** `f a b` is one call with two arguments. */
export function callOf(expr: ApplyExpr): { readonly callee: Expr; readonly args: readonly Expr[] } {
  const args: Expr[] = [];
  let callee: Expr = expr;
  while (callee.kind === "apply") {
    args.push(callee.arg);
    callee = callee.fn;
  }
  return { callee, args: args.reverse() };
}

export function compileApply(unit: Unit, scope: Scope | undefined, expr: ApplyExpr): Compiled {
  const { callee, args } = callOf(expr);
  const span = spanIn(unit, expr);
  const fn = unit.compile(unit, scope, callee);
  const operands = args.map(arg => postponed(unit, scope, arg));
  const [only] = operands;
  if (operands.length === 1 && only !== undefined) {
    return delayed((env, ctx) => ctx.call(fn.now(env, ctx), [only.later(env)], span));
  }
  return delayed((env, ctx) =>
    ctx.call(
      fn.now(env, ctx),
      operands.map(operand => operand.later(env)),
      span,
    ),
  );
}
