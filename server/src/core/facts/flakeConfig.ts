// The `nixConfig` of a flake.nix: its settings, and what in it Nix refuses because it is not made of literals. Nix reads
// nixConfig without evaluating, so a `let` or a `++` makes the whole flake unusable.

import { type AttrDatum, type Datum, unknownDatum } from "../eval/datum";
import type { LiteralContext } from "../eval/literalReader";
import { EMPTY_SCOPE, type LiteralScope, scopeOfBindings } from "../eval/literalScope";
import { readLiteral } from "../eval/literals";
import type { AttrBinding, Expr, InheritBinding, PathExpr, StringExpr } from "../syntax/expr";
import { type Span, spanOf } from "../text/span";
import type { ComputedFlakeConfig, InSet } from "./facts";
import { staticPath, takenNames } from "./takenNames";

/** One `NAME = value;` of nixConfig, before it is known which setting that is. */
export interface FlakeSetting extends AttrDatum {
  readonly written: string;
  readonly span: Span;
  readonly inSet: InSet;
}

export interface FlakeConfig {
  readonly settings: readonly FlakeSetting[];
  readonly computed: readonly ComputedFlakeConfig[];
}

interface Reading {
  readonly ctx: LiteralContext;
  readonly settings: FlakeSetting[];
  readonly computed: ComputedFlakeConfig[];
}

/** Reads the `nixConfig` of a flake's root expression; empty where there is none. */
export function readFlakeConfig(ctx: LiteralContext, root: Expr): FlakeConfig {
  const reading: Reading = { ctx, settings: [], computed: [] };
  if (root.kind !== "attrs") return reading;
  for (const binding of root.bindings) {
    if (binding.kind === "inherit") readInherited(reading, binding, name => name === "nixConfig");
    if (binding.kind !== "binding" || staticName(binding) !== "nixConfig") continue;
    if (binding.path.length === 1) readWhole(reading, binding.value);
    else
      readSetting(reading, { ...binding, path: binding.path.slice(1) }, EMPTY_SCOPE, {
        path: staticPath(binding) ?? [],
        taken: takenNames(root),
      });
  }
  return reading;
}

function readWhole(reading: Reading, value: Expr): void {
  if (value.kind === "missing") return;
  if (value.kind !== "attrs") {
    addComputed(reading, undefined, computedForm(value) ?? "not a set", value, EMPTY_SCOPE);
    return;
  }
  const scope = value.recursive ? scopeOfBindings(value.bindings, EMPTY_SCOPE) : EMPTY_SCOPE;
  const taken = takenNames(value);
  for (const binding of value.bindings) {
    if (binding.kind === "binding")
      readSetting(reading, binding, scope, {
        path: staticPath(binding) ?? [],
        taken,
        ...(value.recursive && { recursive: true }),
      });
    else readInherited(reading, binding, () => true);
  }
}

/** `inherit (set) name;` selects from a set, which Nix would have to evaluate. */
function readInherited(
  { ctx, computed }: Reading,
  { from, names }: InheritBinding,
  isWanted: (name: string) => boolean,
): void {
  for (const name of from === undefined ? [] : names) {
    if (name.kind !== "static" || !isWanted(name.name)) continue;
    const span = spanOf(ctx.path, name);
    const setting = name.name === "nixConfig" ? undefined : name.name;
    // the name alone is nothing that a value could be written over
    computed.push({ setting, what: "a selection", span, value: unknownDatum(span, "inherited") });
  }
}

function addComputed(
  { ctx, computed }: Reading,
  setting: string | undefined,
  what: string,
  expr: Expr,
  scope: LiteralScope,
): void {
  computed.push({ setting, what, span: spanOf(ctx.path, expr), value: readLiteral(ctx, expr, scope) });
}

function readSetting(reading: Reading, binding: AttrBinding, scope: LiteralScope, inSet: InSet): void {
  const { ctx } = reading;
  const [name, ...rest] = binding.path;
  const written = name?.kind === "static" ? name.name : undefined;
  if (name === undefined || written === undefined || rest.length > 0) return;
  const value = readLiteral(ctx, binding.value, scope);
  reading.settings.push({
    written,
    value,
    nameSpan: spanOf(ctx.path, name),
    span: spanOf(ctx.path, binding),
    inSet,
  });
  for (const [what, expr] of computedParts(binding.value, value)) {
    addComputed(reading, written, what, expr, scope);
  }
}

/** The parts of a value that Nix would find unevaluated, or of a type that it does not take. */
function computedParts(expr: Expr, value: Datum): readonly (readonly [string, Expr])[] {
  if (value.kind === "scalar" && value.value === null) return [["null", expr]];
  if (expr.kind === "float") return [["a floating-point number", expr]];
  if (expr.kind === "attrs") return [["a set", expr]];
  if (expr.kind === "list") {
    return expr.items.flatMap(item => {
      const what = noStringInWords(item) ?? computedForm(item);
      return what === undefined ? [] : [[what, item] as const];
    });
  }
  const what = computedForm(expr);
  return what === undefined ? [] : [[what, expr]];
}

/** In words, what stands in a list where only strings may, although it is a literal. */
function noStringInWords(item: Expr): string | undefined {
  switch (item.kind) {
    case "list":
      return "a list in a list";
    case "attrs":
      return "a set in a list";
    case "integer":
    case "float":
      return "a number in a list";
    case "path":
      return "a path in a list";
    default:
      return undefined;
  }
}

/** In words, if the form of an expression certainly needs evaluation. */
function computedForm(expr: Expr): string | undefined {
  switch (expr.kind) {
    case "let":
      return "a `let`";
    case "with":
      return "a `with`";
    case "if":
      return "an `if`";
    case "assert":
      return "an `assert`";
    case "apply":
      return "a function call";
    case "lambda":
      return "a function";
    case "binary":
      return `a \`${expr.operator}\``;
    case "select":
      return "a selection";
    case "hasAttr":
      return "a `?`";
    case "unary":
      return `a \`${expr.operator}\``;
    case "path":
      if (expr.flavour === "search") return "a search path";
      return hasInterpolation(expr) ? "an interpolation" : undefined;
    case "string":
      return hasInterpolation(expr) ? "an interpolation" : undefined;
    default:
      return undefined;
  }
}

function hasInterpolation({ parts }: StringExpr | PathExpr): boolean {
  return parts.some(part => part.kind === "interpolation");
}

function staticName(binding: AttrBinding): string | undefined {
  const first = binding.path[0];
  return first?.kind === "static" ? first.name : undefined;
}

/** Whether a path is that of a flake. */
export function isFlake(path: string): boolean {
  return path.endsWith("/flake.nix") || path === "flake.nix";
}
