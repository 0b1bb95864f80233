// Reading names: variables, `with`, selection with and without a default, and `?`.

import type { AttrName, HasAttrExpr, SelectExpr, VariableExpr, WithExpr } from "../../syntax/expr";
import type { Span } from "../../text/span";
import { joinBranches } from "../alternatives";
import { expected, missingAttribute, traced } from "../errors";
import type { Evaluation } from "../evaluation";
import {
  boolValue,
  errorValue,
  type KnownValue,
  type Lazy,
  openFor,
  Thunk,
  unknownValue,
  type Value,
} from "../value";
import { staticName } from "./names";
import { postponed, ready } from "./postponed";
import {
  type Compiled,
  CURRENT_POSITION,
  constant,
  delayed,
  type Env,
  Frame,
  findPlace,
  frameAt,
  type Scope,
  sourceText,
  spanIn,
  type Unit,
  undefinedVariable,
} from "./scope";

export function compileVariable(unit: Unit, scope: Scope | undefined, expr: VariableExpr): Compiled {
  const { name } = expr;
  const span = spanIn(unit, expr);
  if (name === CURRENT_POSITION) return compilePosition(unit, span);
  const place = findPlace(unit, scope, name);
  switch (place.kind) {
    case "slot":
      return new SlotVariable(place.up, place.slot, span);
    case "global":
      return place.value.kind === "thunk"
        ? new GlobalVariable(place.value)
        : constant(typedAt(place.value, span));
    case "with":
      return withVariable(unit, place.frames, name, span);
    case "undefined":
      return constant(notDefined(name, span));
  }
}

function notDefined(name: string, span: Span): Value {
  return errorValue("undefined-variable", undefinedVariable(name), span, { name, candidates: [] });
}

/** `true`, `false` and `null` are literals to people: a value is where somebody wrote it, not where it is used. */
function typedAt(value: Value, span: Span): Value {
  return value.kind === "bool" || value.kind === "null" ? { ...value, span } : value;
}

function compilePosition(unit: Unit, span: Span): Compiled {
  return delayed((_env, ctx) => ctx.world.compiled.position(ctx, unit.source, span));
}

class SlotVariable implements Compiled {
  constructor(
    private readonly up: number,
    private readonly slot: number,
    private readonly span: Span,
  ) {}

  /** A recursion has no place of its own: it is where the value is asked for that is being computed. */
  now(env: Env, ctx: Evaluation): Value {
    const value = ctx.force(this.lookUp(env) ?? unset);
    return value.kind === "error" && value.span === undefined ? { ...value, span: this.span } : value;
  }

  /** In a recursive scope that is still being filled the slot may be empty yet. */
  later(env: Env): Lazy {
    return this.lookUp(env) ?? Thunk.of((of: Env, ctx) => this.now(of, ctx), env);
  }

  private lookUp(env: Env): Lazy | undefined {
    return frameAt(env, this.up)?.slots[this.slot];
  }
}

class GlobalVariable implements Compiled {
  constructor(private readonly value: Thunk) {}

  now(_env: Env, ctx: Evaluation): Value {
    return ctx.force(this.value);
  }

  later(): Lazy {
    return this.value;
  }
}

const unset: Value = errorValue("infinite-recursion", "infinite recursion encountered");

function withVariable(unit: Unit, frames: readonly number[], name: string, span: Span): Compiled {
  const fallback = unit.scoped ? unit.globals.get(name) : undefined;
  const look = (env: Env, ctx: Evaluation, index: number): Value => {
    const up = frames[index];
    if (up === undefined) {
      if (fallback !== undefined) return ctx.force(fallback);
      return notDefined(name, span);
    }
    return ctx.useAttrs(frameAt(env, up)?.slots[0] ?? unset, span, set => {
      const attr = set.attrs.get(name);
      if (attr !== undefined) return ctx.force(attr.value);
      const open = openFor(set, name);
      return open === undefined ? look(env, ctx, index + 1) : unknownValue(open, span);
    });
  };
  return delayed((env, ctx) => look(env, ctx, 0));
}

export function compileWith(unit: Unit, scope: Scope | undefined, expr: WithExpr): Compiled {
  const set = postponed(unit, scope, expr.scope);
  const body = postponed(unit, { names: undefined, up: scope }, expr.body);
  return {
    now: (env, ctx) => ready(body).now(new Frame([set.later(env)], env), ctx),
    later: env => body.later(new Frame([set.later(env)], env)),
  };
}

/** A name of a path at run time: known, or what evaluating it gave instead. */
type Name = string | Value;
type NameCode = (env: Env, ctx: Evaluation) => Name;

function compileNames(unit: Unit, scope: Scope | undefined, path: readonly AttrName[]): NameCode[] {
  return path.map((name): NameCode => {
    const known = staticName(name);
    if (known !== undefined) return () => known;
    if (name.kind !== "dynamic") return () => unknownValue("cannot be parsed");
    const code = unit.compile(unit, scope, name.expr);
    const span = spanIn(unit, name.expr);
    return (env, ctx) => {
      const value = code.now(env, ctx);
      if (value.kind === "string") return value.text;
      if (value.kind === "unknown" || value.kind === "error" || value.kind === "alternatives") return value;
      return expected("a string", value, span);
    };
  });
}

/** Follows the names from `target`. `found` gets the attribute's value; `absent` is asked where a name is missing. */
function follow(
  walk: { readonly names: readonly NameCode[]; readonly env: Env; readonly ctx: Evaluation },
  target: Value,
  from: number,
  end: (value: Lazy) => Value,
  absent: (value: KnownValue, name: string, index: number) => Value,
): Value {
  const { names, env, ctx } = walk;
  let value = target;
  for (let i = from; ; i++) {
    if (value.kind === "unknown" || value.kind === "error") return value;
    if (value.kind === "alternatives") {
      return ctx.each(value, known => follow(walk, known, i, end, absent));
    }
    const name = names[i]?.(env, ctx);
    if (name === undefined) return value;
    if (typeof name !== "string") {
      if (name.kind !== "alternatives") return name;
      return unknownValue("the attribute's name hangs on an unknown condition", name.span);
    }
    const attr = value.kind === "attrs" ? value.attrs.get(name) : undefined;
    if (attr === undefined) return absent(value, name, i);
    if (i === names.length - 1) return end(attr.value);
    value = ctx.force(attr.value);
  }
}

export function compileSelect(unit: Unit, scope: Scope | undefined, expr: SelectExpr): Compiled {
  const target = unit.compile(unit, scope, expr.target);
  const names = compileNames(unit, scope, expr.path);
  const spans = expr.path.map(name => spanIn(unit, name));
  const span = spanIn(unit, expr);
  const fallback = expr.fallback === undefined ? undefined : postponed(unit, scope, expr.fallback);
  const text =
    fallback === undefined ? "" : `${sourceText(unit, expr.target)} has ${pathText(unit, expr.path)}`;
  return delayed((env, ctx) => {
    const absent = (value: KnownValue, name: string, index: number): Value => {
      const open = value.kind === "attrs" ? openFor(value, name) : undefined;
      if (fallback === undefined) {
        if (value.kind !== "attrs") return expected("a set", value, span);
        return open === undefined ? missingAttribute(value, name, spans[index]) : unknownValue(open, span);
      }
      if (open === undefined) return ready(fallback).now(env, ctx);
      if (ctx.speculatesDeeply) return unknownValue(open, span);
      const condition = { text, span, subject: {} };
      return joinBranches(
        [
          { conditions: [{ ...condition, negated: false, sense: true }], value: unknownValue(open, span) },
          {
            conditions: [{ ...condition, negated: true, sense: false }],
            value: ctx.speculate(() => ready(fallback).now(env, ctx)),
          },
        ],
        span,
      );
    };
    const value = follow({ names, env, ctx }, target.now(env, ctx), 0, found => ctx.force(found), absent);
    return value.kind === "error" ? traced(value, span) : value;
  });
}

function pathText(unit: Unit, path: readonly AttrName[]): string {
  const first = path[0];
  const last = path.at(-1);
  return first === undefined || last === undefined
    ? ""
    : sourceText(unit, { start: first.start, end: last.end });
}

export function compileHasAttr(unit: Unit, scope: Scope | undefined, expr: HasAttrExpr): Compiled {
  const target = unit.compile(unit, scope, expr.target);
  const names = compileNames(unit, scope, expr.path);
  const span = spanIn(unit, expr);
  return delayed((env, ctx) =>
    follow(
      { names, env, ctx },
      target.now(env, ctx),
      0,
      () => boolValue(true, span),
      (value, name) => {
        const open = value.kind === "attrs" ? openFor(value, name) : undefined;
        return open === undefined ? boolValue(false, span) : unknownValue(open, span);
      },
    ),
  );
}
