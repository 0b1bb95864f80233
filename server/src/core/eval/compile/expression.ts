// Compiles expressions to closures. This file knows every expression form and leaves all but the simple ones to
// its neighbours.

import type { FloatExpr, IntegerExpr, ListExpr, MissingExpr, UriExpr } from "../../syntax/expr";
import type { Span } from "../../text/span";
import { exactly } from "../provenance";
import {
  errorValue,
  floatValue,
  intValue,
  type Lazy,
  LIMIT,
  listValue,
  stringValue,
  unknownValue,
  type Value,
} from "../value";
import { compileHasAttr, compileSelect, compileVariable, compileWith } from "./access";
import { compileLet, compileSet } from "./bindings";
import { compileAssert, compileBinary, compileIf, compileUnary } from "./control";
import { compileApply, compileLambda } from "./functions";
import { type Content, planOfSet } from "./plan";
import { postponed } from "./postponed";
import {
  type Compiled,
  constant,
  constantsOf,
  delayed,
  MAX_NESTING,
  NOTHING,
  type Scope,
  spanIn,
  type Unit,
} from "./scope";
import { compilePath, compileString } from "./strings";

export function compile(unit: Unit, scope: Scope | undefined, content: Content): Compiled {
  if (unit.depth >= MAX_NESTING) return constant(unknownValue(LIMIT, spanIn(unit, content)));
  unit.depth++;
  const compiled = compileKind(unit, scope, content);
  unit.depth--;
  return compiled;
}

function compileKind(unit: Unit, scope: Scope | undefined, expr: Content): Compiled {
  switch (expr.kind) {
    case "integer":
    case "float":
    case "uri":
    case "missing":
      return constant(literalValue(expr, spanIn(unit, expr)));
    case "variable":
      return compileVariable(unit, scope, expr);
    case "string":
      return compileString(unit, scope, expr);
    case "path":
      return compilePath(unit, scope, expr);
    case "list":
      return compileList(unit, scope, expr);
    case "attrs":
      return compileSet(unit, scope, planOfSet(expr));
    case "plan":
      return compileSet(unit, scope, expr);
    case "let":
      return compileLet(unit, scope, expr);
    case "with":
      return compileWith(unit, scope, expr);
    case "assert":
      return compileAssert(unit, scope, expr);
    case "if":
      return compileIf(unit, scope, expr);
    case "lambda":
      return compileLambda(unit, scope, expr);
    case "apply":
      return compileApply(unit, scope, expr);
    case "select":
      return compileSelect(unit, scope, expr);
    case "hasAttr":
      return compileHasAttr(unit, scope, expr);
    case "unary":
      return compileUnary(unit, scope, expr);
    case "binary":
      return compileBinary(unit, scope, expr);
  }
}

function literalValue(expr: IntegerExpr | FloatExpr | UriExpr | MissingExpr, span: Span): Value {
  switch (expr.kind) {
    case "integer":
      if (BigInt.asIntN(64, expr.value) === expr.value) return intValue(expr.value, span);
      return errorValue("syntax", `invalid integer '${expr.value}'`, span);
    case "float":
      return floatValue(expr.value, span);
    case "uri":
      return { ...stringValue(expr.value, span, exactly(span, expr.value.length)), unquoted: true };
    case "missing":
      return unknownValue("cannot be parsed", span);
  }
}

function compileList(unit: Unit, scope: Scope | undefined, expr: ListExpr): Compiled {
  const span = spanIn(unit, expr);
  if (expr.items.length === 0) return constant(listValue([], span));
  const items = expr.items.map(item => postponed(unit, scope, item));
  const constants = constantsOf(items);
  if (constants !== undefined) return constant(listValue(constants, span));
  return delayed((env, ctx) => {
    const full = ctx.allocate(items.length);
    if (full !== undefined) return full;
    const values: Lazy[] = new Array(items.length);
    for (let i = 0; i < items.length; i++) values[i] = (items[i] ?? NOTHING).later(env);
    return listValue(values, span);
  });
}
