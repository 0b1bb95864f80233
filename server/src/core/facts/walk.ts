// Walks a whole file and finds option definitions wherever a module may stand: at the root, in `imports`, in functions,
// in flake outputs, in hives. Every expression is visited once; variables are followed only on the way to an option.

import { knownText, UNKNOWN_TEXT } from "../eval/datum";
import { callOf } from "../eval/literalCalls";
import type { LiteralContext } from "../eval/literalReader";
import { inherited, type LiteralScope, lookUp, scopeOfBindings, scopeOfLambda } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import { forEachChild } from "../syntax/children";
import type { AttrBinding, AttrName, AttrsExpr, Expr, InheritBinding } from "../syntax/expr";
import { bothBranches, type Placed, unwrap } from "./definitions";
import { type OptionFact, ORDINARY } from "./facts";
import { type FoundOptions, inSetOf, keepOption } from "./foundOptions";
import { matchOptionPath } from "./optionPaths";

const MAX_DEPTH = 400;

/** Calls whose arguments describe data or packages, never modules. */
const NO_MODULE_CALLS: ReadonlySet<string> = new Set([
  "mkOption",
  "mkEnableOption",
  "toJSON",
  "toYAML",
  "toTOML",
  "toINI",
  "generate",
  "mkDerivation",
  "mkShell",
  "fromJSON",
]);

/** Every option definition of a file, in the order in which they are met. */
export function findOptions(ctx: LiteralContext, root: Expr, scope: LiteralScope): readonly OptionFact[] {
  const walk: FoundOptions = { ctx, found: [], taken: new Map() };
  visit(walk, { expr: root, scope, conditions: [], priority: ORDINARY }, [], 0);
  return walk.found;
}

/** Visits what stands inside and is no module by its place. */
function visitPlain(
  walk: FoundOptions,
  around: Placed,
  expr: Expr,
  scope: LiteralScope,
  depth: number,
): void {
  if (LEAVES.has(expr.kind)) return;
  visit(walk, { expr, scope, conditions: around.conditions, priority: ORDINARY }, [], depth + 1);
}

/** Nothing stands in these, and outside of an option's path a variable is not followed. */
const LEAVES: ReadonlySet<Expr["kind"]> = new Set(["integer", "float", "uri", "variable", "missing"]);

function visit(walk: FoundOptions, placed: Placed, path: readonly string[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  const { expr, scope } = placed;
  switch (expr.kind) {
    case "attrs":
      visitAttrs(walk, placed, expr, path, depth);
      return;
    case "let": {
      const inner = scopeOfBindings(expr.bindings, scope);
      for (const binding of expr.bindings) {
        const value = binding.kind === "binding" ? binding.value : binding.from;
        if (value !== undefined) visitPlain(walk, placed, value, inner, depth);
      }
      visit(walk, { ...placed, expr: expr.body, scope: inner }, path, depth + 1);
      return;
    }
    case "with":
      visitPlain(walk, placed, expr.scope, scope, depth);
      visit(walk, { ...placed, expr: expr.body }, path, depth + 1);
      return;
    case "assert":
      visitPlain(walk, placed, expr.condition, scope, depth);
      visit(walk, { ...placed, expr: expr.body }, path, depth + 1);
      return;
    case "if":
      visitPlain(walk, placed, expr.condition, scope, depth);
      for (const branch of bothBranches(walk.ctx, placed, expr.condition, expr.thenBranch, expr.elseBranch)) {
        visit(walk, branch, path, depth + 1);
      }
      return;
    case "lambda": {
      const inner = scopeOfLambda(expr, scope);
      for (const { defaultValue } of expr.formals?.items ?? []) {
        if (defaultValue !== undefined) visitPlain(walk, placed, defaultValue, inner, depth);
      }
      visit(walk, { ...placed, expr: expr.body, scope: inner }, path, depth + 1);
      return;
    }
    case "apply":
      visitCall(walk, placed, path, depth);
      return;
    case "variable":
      followVariable(walk, placed, expr.name, path, depth);
      return;
    case "binary":
      if (expr.operator === "//") {
        visit(walk, { ...placed, expr: expr.left }, path, depth + 1);
        visit(walk, { ...placed, expr: expr.right }, path, depth + 1);
      } else {
        visitPlain(walk, placed, expr.left, scope, depth);
        visitPlain(walk, placed, expr.right, scope, depth);
      }
      return;
    default:
      forEachChild(expr, child => visitPlain(walk, placed, child, scope, depth));
  }
}

function visitAttrs(
  walk: FoundOptions,
  placed: Placed,
  expr: AttrsExpr,
  path: readonly string[],
  depth: number,
): void {
  const inner = expr.recursive ? scopeOfBindings(expr.bindings, placed.scope) : placed.scope;
  const around = inner === placed.scope ? placed : { ...placed, scope: inner };
  for (const binding of expr.bindings) {
    if (binding.kind === "inherit") visitInherit(walk, placed, binding, inner, path, depth);
    else visitBinding(walk, around, binding, path, depth, expr);
  }
}

function visitBinding(
  walk: FoundOptions,
  around: Placed,
  binding: AttrBinding,
  path: readonly string[],
  depth: number,
  set: AttrsExpr,
): void {
  const full = [...path, ...binding.path.map(name => nameOf(walk.ctx, name, around.scope))];
  const match = matchOptionPath(full);
  if (match === undefined && LEAVES.has(binding.value.kind)) return;
  const outermost =
    match && outermostOf(around, binding, path.length, full.length - match.option.length, set);
  const placed = { ...around, expr: binding.value, outermost };
  if (match?.kind !== "option") {
    visit(walk, placed, full, depth + 1);
    return;
  }
  const name = binding.path.at(-1) ?? binding;
  keepOption(walk, placed, match.option, { name, whole: binding, inSet: inSetOf(walk, { binding, set }) });
}

/** The binding with which an option's path begins: this one, or one around it; none where it begins amid a name. */
function outermostOf(
  around: Placed,
  binding: AttrBinding,
  from: number,
  begins: number,
  set: AttrsExpr,
): Placed["outermost"] {
  if (begins === from) return { binding, set };
  return begins < from ? around.outermost : undefined;
}

function visitInherit(
  walk: FoundOptions,
  placed: Placed,
  binding: InheritBinding,
  inner: LiteralScope,
  path: readonly string[],
  depth: number,
): void {
  for (const name of binding.names) {
    if (name.kind !== "static") continue;
    const full = [...path, name.name];
    const match = matchOptionPath(full);
    if (match === undefined) continue;
    const meaning = inherited(binding.from, name.name, name, placed.scope, inner);
    if (match.kind === "option")
      keepOption(walk, { ...placed, ...meaning }, match.option, { name, whole: name });
    else visit(walk, { ...placed, ...meaning }, full, depth + 1);
  }
}

function visitCall(walk: FoundOptions, placed: Placed, path: readonly string[], depth: number): void {
  const inner = unwrap(walk.ctx, placed);
  if (inner !== undefined) {
    for (const each of inner) visit(walk, each, path, depth + 1);
    return;
  }
  if (placed.expr.kind !== "apply") return;
  const { name, fn, args } = callOf(placed.expr);
  if (name !== undefined && NO_MODULE_CALLS.has(name)) return;
  for (const expr of [fn, ...args]) visit(walk, { ...placed, expr, priority: ORDINARY }, [], depth + 1);
}

/** Follows a variable only where a set of options belongs: `nix.settings = commonSettings;`. */
function followVariable(
  walk: FoundOptions,
  placed: Placed,
  name: string,
  path: readonly string[],
  depth: number,
): void {
  if (matchOptionPath(path)?.kind !== "prefix") return;
  const meaning = lookUp(placed.scope, name);
  if (meaning === undefined || meaning === "free") return;
  if (--walk.ctx.fuel.left < 0) return;
  visit(walk, { ...placed, ...meaning }, path, depth + 20);
}

/** A name of an attribute path; what cannot be read is a name that no option has. */
function nameOf(ctx: LiteralContext, name: AttrName, scope: LiteralScope): string {
  if (name.kind === "static") return name.name;
  return knownText(readLiteral(ctx, name.expr, scope)) ?? UNKNOWN_TEXT;
}
