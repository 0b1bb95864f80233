// Walks a whole file and finds option definitions wherever a module may stand: at the root, in `imports`, in functions,
// in flake outputs, in hives. Every expression is visited once; variables are followed only on the way to an option.

import { knownText, UNKNOWN_TEXT } from "../eval/datum";
import { callOf } from "../eval/literalCalls";
import type { LiteralContext } from "../eval/literalReader";
import { inherited, type LiteralScope, lookUp, scopeOfBindings, scopeOfLambda } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import { childrenOf } from "../syntax/children";
import type { AttrBinding, AttrName, AttrsExpr, Expr, InheritBinding } from "../syntax/expr";
import { spanOf } from "../text/span";
import { bothBranches, type Placed, unwrap, valuesOf } from "./definitions";
import { type InSet, type OptionFact, ORDINARY } from "./facts";
import { matchOptionPath } from "./optionPaths";
import { staticPath, takenNames } from "./takenNames";

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

interface Walk {
  readonly ctx: LiteralContext;
  readonly found: OptionFact[];
  readonly taken: Map<AttrsExpr, InSet["taken"]>;
}

/** Every option definition of a file, in the order in which they are met. */
export function findOptions(ctx: LiteralContext, root: Expr, scope: LiteralScope): readonly OptionFact[] {
  const walk: Walk = { ctx, found: [], taken: new Map() };
  visit(walk, { expr: root, scope, conditions: [], priority: ORDINARY }, [], 0);
  return walk.found;
}

function visit(walk: Walk, placed: Placed, path: readonly string[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  const { expr, scope } = placed;
  const plain = (inner: Expr, innerScope = scope): void =>
    visit(walk, { ...placed, expr: inner, scope: innerScope, priority: ORDINARY }, [], depth + 1);
  const same = (inner: Expr, innerScope = scope): void =>
    visit(walk, { ...placed, expr: inner, scope: innerScope }, path, depth + 1);
  switch (expr.kind) {
    case "attrs":
      visitAttrs(walk, placed, expr, path, depth);
      return;
    case "let": {
      const inner = scopeOfBindings(expr.bindings, scope);
      for (const binding of expr.bindings) {
        if (binding.kind === "binding") plain(binding.value, inner);
        else if (binding.from !== undefined) plain(binding.from, inner);
      }
      same(expr.body, inner);
      return;
    }
    case "with":
      plain(expr.scope);
      same(expr.body);
      return;
    case "assert":
      plain(expr.condition);
      same(expr.body);
      return;
    case "if":
      plain(expr.condition);
      for (const branch of bothBranches(walk.ctx, placed, expr.condition, expr.thenBranch, expr.elseBranch)) {
        visit(walk, branch, path, depth + 1);
      }
      return;
    case "lambda": {
      const inner = scopeOfLambda(expr, scope);
      for (const formal of expr.formals?.items ?? []) {
        if (formal.defaultValue !== undefined) plain(formal.defaultValue, inner);
      }
      same(expr.body, inner);
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
        same(expr.left);
        same(expr.right);
      } else {
        plain(expr.left);
        plain(expr.right);
      }
      return;
    default:
      for (const child of childrenOf(expr)) plain(child);
  }
}

function visitAttrs(
  walk: Walk,
  placed: Placed,
  expr: AttrsExpr,
  path: readonly string[],
  depth: number,
): void {
  const inner = expr.recursive ? scopeOfBindings(expr.bindings, placed.scope) : placed.scope;
  for (const binding of expr.bindings) {
    if (binding.kind === "inherit") visitInherit(walk, placed, binding, inner, path, depth);
    else visitBinding(walk, { ...placed, scope: inner, expr: binding.value }, binding, path, depth, expr);
  }
}

function visitBinding(
  walk: Walk,
  placed: Placed,
  binding: AttrBinding,
  path: readonly string[],
  depth: number,
  set: AttrsExpr,
): void {
  const names = binding.path.map(name => nameOf(walk.ctx, name, placed.scope));
  const own = staticPath(binding);
  const inSet = own === undefined ? undefined : { path: own, taken: () => takenIn(walk, set) };
  define(
    walk,
    placed,
    [...path, ...names],
    { name: binding.path.at(-1) ?? binding, whole: binding, inSet },
    depth,
  );
}

function takenIn(walk: Walk, set: AttrsExpr): InSet["taken"] {
  const known = walk.taken.get(set);
  if (known !== undefined) return known;
  const taken = takenNames(set);
  walk.taken.set(set, taken);
  return taken;
}

function visitInherit(
  walk: Walk,
  placed: Placed,
  binding: InheritBinding,
  inner: LiteralScope,
  path: readonly string[],
  depth: number,
): void {
  for (const name of binding.names) {
    if (name.kind !== "static") continue;
    const full = [...path, name.name];
    if (matchOptionPath(full) === undefined) continue;
    const meaning = inherited(binding.from, name.name, name, placed.scope, inner);
    define(walk, { ...placed, ...meaning }, full, { name, whole: name }, depth);
  }
}

/** Where a value is bound: its name, the whole binding, and the set around it. */
interface Defined {
  readonly name: Range;
  readonly whole: Range;
  readonly inSet?: { readonly path: readonly string[]; readonly taken: () => InSet["taken"] } | undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A value under its full path: an option's definition, or something in which options may be. */
function define(walk: Walk, placed: Placed, path: readonly string[], at: Defined, depth: number): void {
  const match = matchOptionPath(path);
  if (match?.kind !== "option") {
    visit(walk, placed, path, depth + 1);
    return;
  }
  const inSet = at.inSet && { path: at.inSet.path, taken: at.inSet.taken() };
  for (const value of valuesOf(walk.ctx, placed)) {
    walk.found.push({
      option: match.option,
      value: readLiteral(walk.ctx, value.expr, value.scope),
      nameSpan: spanOf(walk.ctx.path, at.name),
      span: spanOf(walk.ctx.path, at.whole),
      priority: value.priority,
      conditions: value.conditions,
      ...(inSet === undefined ? {} : { inSet }),
    });
  }
}

function visitCall(walk: Walk, placed: Placed, path: readonly string[], depth: number): void {
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
  walk: Walk,
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
