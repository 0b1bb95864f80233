// Strings with interpolation, and path literals.

import type { PathExpr, StringExpr, StringPart } from "../../syntax/expr";
import {
  append,
  coerceToString,
  EMPTY_TEXT,
  finishText,
  followed,
  INTERPOLATION,
  PLAIN,
  type Text,
} from "../coerce";
import type { Evaluation } from "../evaluation";
import { canonicalPath, directoryOf, resolvePath } from "../paths";
import { exactly } from "../provenance";
import {
  errorValue,
  type KnownValue,
  pathValue,
  type StringValue,
  stringValue,
  type UnknownValue,
  unknownValue,
  type Value,
} from "../value";
import { type Compiled, constant, delayed, type Env, type Scope, spanIn, type Unit } from "./scope";

type Piece = StringValue | { readonly kind: "code"; readonly code: Compiled; readonly span: Value["span"] };

function compilePieces(unit: Unit, scope: Scope | undefined, parts: readonly StringPart[]): Piece[] {
  return parts.map((part): Piece => {
    const span = spanIn(unit, part);
    if (part.kind === "text")
      return stringValue(part.value, span, exactly(span, part.value.length, part.map));
    return { kind: "code", code: unit.compile(unit, scope, part.expr), span };
  });
}

export function compileString(unit: Unit, scope: Scope | undefined, expr: StringExpr): Compiled {
  const span = spanIn(unit, expr);
  const pieces = compilePieces(unit, scope, expr.parts);
  if (pieces.every(piece => piece.kind === "string")) {
    const text = pieces.reduce((so: Text, piece) => append(so, piece, span), EMPTY_TEXT);
    return constant(stringValue(text.text, span, text.pieces ?? exactly(inside(span), 0)));
  }
  const from = (env: Env, ctx: Evaluation, index: number, so: Text): Value => {
    let text = so;
    for (let i = index; i < pieces.length; i++) {
      const piece = pieces[i];
      if (piece === undefined) break;
      if (piece.kind === "string") text = append(text, piece, span);
      else {
        const value = coerceToString(ctx, piece.code.now(env, ctx), INTERPOLATION, piece.span);
        if (value.kind === "error") return value;
        const so = text;
        const rest = (one: Value) => from(env, ctx, i + 1, append(so, one, piece.span));
        if (value.kind === "alternatives") return ctx.each(value, rest, rest);
        text = append(text, value, piece.span);
      }
    }
    return finishText(ctx, text, span);
  };
  return delayed((env, ctx) => from(env, ctx, 0, EMPTY_TEXT));
}

/** Where text typed into an empty string would stand. */
function inside(span: { path: string; start: number; end: number }) {
  const at = Math.min(span.start + 1, span.end);
  return { path: span.path, start: at, end: at };
}

export function compilePath(unit: Unit, scope: Scope | undefined, expr: PathExpr): Compiled {
  const span = spanIn(unit, expr);
  const base = directoryOf(unit.source.path);
  const literal = expr.parts.length === 1 && expr.parts[0]?.kind === "text" ? expr.parts[0].value : undefined;
  switch (expr.flavour) {
    case "search":
      return delayed((_env, ctx) => {
        if (literal === undefined) return unknownValue("a search path", span);
        const found = ctx.world.options.searchPath?.(ctx, literal, span);
        return found === undefined ? unknownValue(`<${literal}> is not known here`, span) : ctx.force(found);
      });
    case "home":
      return compilePathPieces(unit, scope, expr, ctx => ctx.world.options.home);
    default:
      if (literal !== undefined) return constant(pathValue(resolvePath(base, literal), span));
      return compilePathPieces(unit, scope, expr, () => (expr.flavour === "absolute" ? "" : `${base}/`));
  }
}

/** Behind nothing else, the place of a path in the store leads to what was copied there: `/${./a}/b` is ./a/b. */
const ONLY_SLASHES = /^\/+$/;

function compilePathPieces(
  unit: Unit,
  scope: Scope | undefined,
  expr: PathExpr,
  prefix: (ctx: Evaluation) => string | undefined,
): Compiled {
  const span = spanIn(unit, expr);
  const pieces = compilePieces(unit, scope, expr.parts);
  const from = (env: Env, ctx: Evaluation, index: number, so: string): Value => {
    const piece = pieces[index];
    if (piece === undefined) return pathValue(canonicalPath(so), span);
    if (piece.kind === "string") return from(env, ctx, index + 1, so + piece.text);
    const known = (text: KnownValue): Value =>
      text.kind === "string"
        ? from(env, ctx, index + 1, so + text.text)
        : errorValue("type", "a path piece is no string", piece.span);
    const unknown = (text: UnknownValue): Value => {
      const copied = ONLY_SLASHES.test(so) ? followed(text) : undefined;
      return copied === undefined ? unknownValue(text.reason, text.span) : from(env, ctx, index + 1, copied);
    };
    return ctx.use(coerceToString(ctx, piece.code.now(env, ctx), PLAIN, piece.span), known, unknown);
  };
  return delayed((env, ctx) => {
    const start = prefix(ctx);
    return start === undefined
      ? unknownValue("the home directory is not known here", span)
      : from(env, ctx, 0, start);
  });
}
