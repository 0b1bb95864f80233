// Walks a whole file and finds option definitions wherever a module may stand: at the root, in `imports`, in functions,
// in flake outputs, in hives. Every expression is visited once; variables are followed only on the way to an option.

import { knownText, UNKNOWN_TEXT } from "../eval/datum";
import { callOf } from "../eval/literalCalls";
import type { LiteralContext } from "../eval/literalReader";
import { inherited, type LiteralScope, lookUp, scopeOfBindings, scopeOfLambda } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import { forEachChild } from "../syntax/children";
import type { ApplyExpr, AttrBinding, AttrName, AttrsExpr, Expr, InheritBinding } from "../syntax/expr";
import { type Around, bothBranches, inScope, plainly, unwrapCall } from "./definitions";
import { type OptionFact, ORDINARY } from "./facts";
import { type FoundOptions, inSetOf, keepOption } from "./foundOptions";
import { isWhole, mayNameOption, NO_NAMES, type OptionPath, pathWith } from "./optionPaths";

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
  if (!mayNameOption(ctx.text)) return [];
  const walk: FoundOptions = { ctx, found: [], taken: new Map() };
  visit(walk, { scope, conditions: [], priority: ORDINARY, outermost: undefined }, root, NO_NAMES, 0);
  return walk.found;
}

/** Visits what stands inside and is no module by its place. */
function visitPlain(walk: FoundOptions, around: Around, expr: Expr, depth: number): void {
  visit(walk, plainly(around), expr, NO_NAMES, depth + 1);
}

function visit(walk: FoundOptions, around: Around, expr: Expr, path: OptionPath, depth: number): void {
  if (depth > MAX_DEPTH) return;
  switch (expr.kind) {
    case "attrs":
      visitAttrs(walk, around, expr, path, depth);
      return;
    case "let": {
      const inner = inScope(around, scopeOfBindings(expr.bindings, around.scope));
      for (const binding of expr.bindings) {
        const value = binding.kind === "binding" ? binding.value : binding.from;
        if (value !== undefined) visitPlain(walk, inner, value, depth);
      }
      visit(walk, inner, expr.body, path, depth + 1);
      return;
    }
    case "with":
      visitPlain(walk, around, expr.scope, depth);
      visit(walk, around, expr.body, path, depth + 1);
      return;
    case "assert":
      visitPlain(walk, around, expr.condition, depth);
      visit(walk, around, expr.body, path, depth + 1);
      return;
    case "if":
      visitPlain(walk, around, expr.condition, depth);
      for (const branch of bothBranches(walk.ctx, around, expr.condition, expr.thenBranch, expr.elseBranch)) {
        visit(walk, branch, branch.expr, path, depth + 1);
      }
      return;
    case "lambda": {
      const inner = inScope(around, scopeOfLambda(expr, around.scope));
      for (const { defaultValue } of expr.formals?.items ?? []) {
        if (defaultValue !== undefined) visitPlain(walk, inner, defaultValue, depth);
      }
      visit(walk, inner, expr.body, path, depth + 1);
      return;
    }
    case "apply":
      visitCall(walk, around, expr, path, depth);
      return;
    case "variable":
      followVariable(walk, around, expr.name, path, depth);
      return;
    case "binary":
      if (expr.operator === "//") {
        visit(walk, around, expr.left, path, depth + 1);
        visit(walk, around, expr.right, path, depth + 1);
      } else {
        visitPlain(walk, around, expr.left, depth);
        visitPlain(walk, around, expr.right, depth);
      }
      return;
    case "list":
      for (const item of expr.items) visitPlain(walk, around, item, depth);
      return;
    default:
      visitParts(walk, around, expr, depth);
  }
}

/** Apart from the rest, which needs no function made for every expression. */
function visitParts(walk: FoundOptions, around: Around, expr: Expr, depth: number): void {
  forEachChild(expr, child => visitPlain(walk, around, child, depth));
}

function visitAttrs(
  walk: FoundOptions,
  around: Around,
  set: AttrsExpr,
  path: OptionPath,
  depth: number,
): void {
  const inside = set.recursive ? inScope(around, scopeOfBindings(set.bindings, around.scope)) : around;
  for (const binding of set.bindings) {
    if (binding.kind === "inherit") visitInherit(walk, around, binding, inside.scope, path, depth);
    else visitBinding(walk, inside, binding, set, path, depth);
  }
}

function visitBinding(
  walk: FoundOptions,
  around: Around,
  binding: AttrBinding,
  set: AttrsExpr,
  path: OptionPath,
  depth: number,
): void {
  let full = path;
  for (const name of binding.path) full = pathWith(full, nameOf(walk.ctx, name, around.scope));
  const [begun] = full.begun;
  const outermost = begun && outermostOf(around, binding, begun.option.length, set);
  const inside = outermost === around.outermost ? around : { ...around, outermost };
  if (begun === undefined || !isWhole(begun)) {
    visit(walk, inside, binding.value, full, depth + 1);
    return;
  }
  const name = binding.path.at(-1) ?? binding;
  const placed = { ...inside, expr: binding.value };
  keepOption(walk, placed, begun.option, { name, whole: binding, inSet: inSetOf(walk, { binding, set }) });
}

/** The binding with which an option's path begins: this one, or one around it; none where it begins amid a name. */
function outermostOf(
  around: Around,
  binding: AttrBinding,
  names: number,
  set: AttrsExpr,
): Around["outermost"] {
  if (names === binding.path.length) return { binding, set };
  return names > binding.path.length ? around.outermost : undefined;
}

function visitInherit(
  walk: FoundOptions,
  around: Around,
  binding: InheritBinding,
  inner: LiteralScope,
  path: OptionPath,
  depth: number,
): void {
  for (const name of binding.names) {
    if (name.kind !== "static") continue;
    const full = pathWith(path, name.name);
    const [begun] = full.begun;
    if (begun === undefined) continue;
    const { expr, scope } = inherited(binding.from, name.name, name, around.scope, inner);
    const meaning = inScope(around, scope);
    if (isWhole(begun)) keepOption(walk, { ...meaning, expr }, begun.option, { name, whole: name });
    else visit(walk, meaning, expr, full, depth + 1);
  }
}

function visitCall(
  walk: FoundOptions,
  around: Around,
  expr: ApplyExpr,
  path: OptionPath,
  depth: number,
): void {
  const call = callOf(expr);
  const inner = unwrapCall(walk.ctx, around, call);
  if (inner !== undefined) {
    for (const each of inner) visit(walk, each, each.expr, path, depth + 1);
    return;
  }
  if (call.name !== undefined && NO_MODULE_CALLS.has(call.name)) return;
  const inside = around.priority === ORDINARY ? around : { ...around, priority: ORDINARY };
  visit(walk, inside, call.fn, NO_NAMES, depth + 1);
  for (const arg of call.args) visit(walk, inside, arg, NO_NAMES, depth + 1);
}

/** Follows a variable only where a set of options belongs: `nix.settings = commonSettings;`. */
function followVariable(
  walk: FoundOptions,
  around: Around,
  name: string,
  path: OptionPath,
  depth: number,
): void {
  const [begun] = path.begun;
  if (begun === undefined || isWhole(begun)) return;
  const meaning = lookUp(around.scope, name);
  if (meaning === undefined || meaning === "free") return;
  if (--walk.ctx.fuel.left < 0) return;
  visit(walk, inScope(around, meaning.scope), meaning.expr, path, depth + 20);
}

/** A name of an attribute path; what cannot be read is a name that no option has. */
function nameOf(ctx: LiteralContext, name: AttrName, scope: LiteralScope): string {
  if (name.kind === "static") return name.name;
  return knownText(readLiteral(ctx, name.expr, scope)) ?? UNKNOWN_TEXT;
}
