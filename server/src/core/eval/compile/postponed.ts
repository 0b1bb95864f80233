// Most of what a file says is never evaluated, so an expression that may not be is compiled when it is first needed.

import type { AttrName, Binding, StringPart } from "../../syntax/expr";
import type { Evaluation } from "../evaluation";
import { type Lazy, Thunk, type Value } from "../value";
import { staticName } from "./names";
import type { Content, Plan } from "./plan";
import { type Compiled, type Env, findPlace, MAX_NESTING, NOTHING, type Scope, type Unit } from "./scope";

/** Compiled at once where that shows a constant or costs nothing, otherwise when it is needed. */
export function postponed(unit: Unit, scope: Scope | undefined, content: Content): Compiled {
  const { kind } = content;
  const now = kind === "variable" || kind === "lambda" || kind === "with" || unit.depth >= MAX_NESTING;
  if (now || isConstant(unit, scope, content)) return unit.compile(unit, scope, content);
  return new Postponed(unit, scope, content, unit.depth);
}

/** What is postponed, compiled: spares the stack of a deep recursion one level. */
export function ready(compiled: Compiled): Compiled {
  return compiled instanceof Postponed ? compiled.ready() : compiled;
}

class Postponed implements Compiled {
  private code: Compiled = NOTHING;

  constructor(
    private readonly unit: Unit,
    private scope: Scope | undefined,
    /** Undefined once it is compiled, so that nothing keeps the tree. */
    private content: Content | undefined,
    private readonly depth: number,
  ) {}

  now(env: Env, ctx: Evaluation): Value {
    return this.ready().now(env, ctx);
  }

  later(env: Env): Lazy {
    return this.content === undefined ? this.code.later(env) : Thunk.of(RUN, { postponed: this, env });
  }

  ready(): Compiled {
    const { unit, scope, content, depth } = this;
    if (content === undefined) return this.code;
    unit.depth = depth;
    this.code = unit.compile(unit, scope, content);
    this.scope = undefined;
    this.content = undefined;
    return this.code;
  }
}

const RUN = (
  { postponed, env }: { readonly postponed: Postponed; readonly env: Env },
  ctx: Evaluation,
): Value => postponed.ready().now(env, ctx);

/**
 * Whether it has the same value in every environment, told without compiling it. Where this is said of too little, the
 * value is the same one, but has to be asked for.
 */
export function isConstant(unit: Unit, scope: Scope | undefined, content: Content): boolean {
  switch (content.kind) {
    case "integer":
    case "float":
    case "uri":
    case "missing":
      return true;
    case "variable":
      return isConstantName(unit, scope, content.name);
    case "string":
      return content.parts.every(isText);
    case "path":
      return content.flavour !== "search" && content.flavour !== "home" && content.parts.every(isText);
    case "list":
      return content.items.every(item => isConstant(unit, scope, item));
    case "attrs":
      if (content.recursive) return content.bindings.length === 0;
      return content.bindings.every(binding => isConstantBinding(unit, scope, binding));
    case "plan":
      return isConstantPlan(unit, scope, content);
    default:
      return false;
  }
}

function isConstantName(unit: Unit, scope: Scope | undefined, name: string): boolean {
  const place = findPlace(unit, scope, name);
  return place.kind === "undefined" || (place.kind === "global" && place.value.kind !== "thunk");
}

function isText(part: StringPart): boolean {
  return part.kind === "text";
}

function isStatic(name: AttrName): boolean {
  return staticName(name) !== undefined;
}

function isConstantPlan(unit: Unit, scope: Scope | undefined, plan: Plan): boolean {
  if (plan.recursive || plan.dynamic.length > 0 || plan.sources.length > 0) return false;
  for (const { content } of plan.entries.values()) {
    if (!isConstant(unit, scope, content.kind === "inherit" ? content.name : content)) return false;
  }
  return true;
}

function isConstantBinding(unit: Unit, scope: Scope | undefined, binding: Binding): boolean {
  if (binding.kind === "binding") {
    return binding.path.every(isStatic) && isConstant(unit, scope, binding.value);
  }
  return (
    binding.from === undefined &&
    binding.names.every(name => isConstantName(unit, scope, staticName(name) ?? ""))
  );
}
