// Reads an expression as a value where that needs no evaluation: literals, lists, sets, `if`, `++`, local variables that
// are plainly literal, and the wrappers of nixpkgs' lib. Everything else is Unknown. The evaluator does the rest.

import type { Expr, PathExpr, SelectExpr } from "../syntax/expr";
import type { Span } from "../text/span";
import { spanOf } from "../text/span";
import { type Datum, knownText, unknownDatum } from "./datum";
import { readApplication, readIf } from "./literalCalls";
import { readBinary, readUnary } from "./literalOperators";
import type { LiteralContext, Read } from "./literalReader";
import { type LiteralScope, lookUp, scopeOfBindings } from "./literalScope";
import { readAttrs } from "./literalSets";
import { readString } from "./literalTexts";
import { plainText } from "./textDatum";

const MAX_DEPTH = 200;

/** The value of an expression as far as it stands on the page. Total: gives Unknown where it does not. */
export function readLiteral(ctx: LiteralContext, expr: Expr, scope: LiteralScope, depth = 0): Datum {
  const span = spanOf(ctx.path, expr);
  if (--ctx.fuel.left < 0 || depth > MAX_DEPTH) return unknownDatum(span, "limit");
  const read = (inner: Expr, innerScope = scope): Datum => readLiteral(ctx, inner, innerScope, depth + 1);
  switch (expr.kind) {
    case "variable":
      return readVariable(expr.name, span, scope, read);
    case "integer":
    case "float":
      return { kind: "scalar", span, value: expr.value };
    case "string":
      return readString(ctx, expr, read);
    case "uri":
      return { ...plainText(expr.value, span), unquoted: true };
    case "path":
      return readPath(ctx, expr);
    case "list":
      return { kind: "list", span, items: expr.items.map(item => read(item)), complete: true };
    case "attrs":
      return readAttrs(ctx, expr, scope, read);
    case "let":
      return read(expr.body, scopeOfBindings(expr.bindings, scope));
    case "with":
    case "assert":
      return read(expr.body);
    case "if":
      return readIf(ctx, expr, read);
    case "apply":
      return readApplication(ctx, expr, read);
    case "select":
      return readSelection(ctx, expr, read);
    case "unary":
      return readUnary(span, expr.operator, read(expr.operand));
    case "binary":
      return readBinary(span, expr, read);
    case "lambda":
      return { kind: "function", span };
    case "hasAttr":
    case "missing":
      return unknownDatum(span, "not a literal");
  }
}

const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

function readVariable(name: string, span: Span, scope: LiteralScope, read: Read): Datum {
  const meaning = lookUp(scope, name);
  if (meaning === "free") {
    const value = CONSTANTS.get(name);
    return value === undefined
      ? unknownDatum(span, `${name} is not defined here`)
      : { kind: "scalar", span, value };
  }
  if (meaning === undefined) return unknownDatum(span, `${name} is an argument`);
  return read(meaning.expr, meaning.scope);
}

function readPath(ctx: LiteralContext, expr: PathExpr): Datum {
  const span = spanOf(ctx.path, expr);
  const [part, ...more] = expr.parts;
  if (part?.kind !== "text" || more.length > 0) return unknownDatum(span, "a computed path");
  if (expr.flavour === "absolute") return { kind: "path", span, path: part.value };
  if (expr.flavour !== "relative") return unknownDatum(span, "a path outside the repository");
  return { kind: "path", span, path: resolvePath(ctx.path, part.value) };
}

function resolvePath(file: string, relative: string): string {
  const names = file.split("/").slice(0, -1);
  for (const name of relative.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "." && name !== "") names.push(name);
  }
  return names.join("/");
}

function readSelection(ctx: LiteralContext, expr: SelectExpr, read: Read): Datum {
  const span = spanOf(ctx.path, expr);
  let at = read(expr.target);
  for (const part of expr.path) {
    const name = part.kind === "static" ? part.name : knownText(read(part.expr));
    if (at.kind !== "attrs" || name === undefined) return unknownDatum(span, "not a literal");
    const entry = at.entries.get(name);
    if (entry === undefined) {
      return at.complete && expr.fallback !== undefined
        ? read(expr.fallback)
        : unknownDatum(span, "not a literal");
    }
    at = entry.value;
  }
  return at;
}
