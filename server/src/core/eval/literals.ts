// Reads an expression as a value where that needs no evaluation: literals, lists, sets, `if`, `++`, local variables that
// are plainly literal, and the wrappers of nixpkgs' lib. Everything else is Unknown. The evaluator does the rest.

import type {
  ApplyExpr,
  AttrsExpr,
  BinaryExpr,
  Expr,
  IfExpr,
  PathExpr,
  SelectExpr,
  StringExpr,
  TextPart,
} from "../syntax/expr";
import type { Span } from "../text/span";
import { spanOf } from "../text/span";
import { alternativesDatum, branchCount, combine, MAX_BRANCHES } from "./conditionalDatum";
import {
  type AttrDatum,
  type AttrsDatum,
  type Condition,
  type Datum,
  knownText,
  type ListDatum,
  type TextDatum,
  UNKNOWN_TEXT,
  unknownDatum,
} from "./datum";
import { inherited, type LiteralScope, lookUp, scopeOfBindings } from "./literalScope";
import { joinTexts, plainText, unknownTextAt } from "./textDatum";

/** What reading needs besides the expression. `fuel` bounds all reading of one file. */
export interface LiteralContext {
  readonly path: string;
  readonly text: string;
  readonly fuel: { left: number };
}

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

/** The condition of an `if` or `mkIf` in the words of its source; of `!c` it is `c`, negated. */
export function conditionOf(ctx: LiteralContext, expr: Expr, negated = false): Condition {
  if (expr.kind === "unary" && expr.operator === "!") return conditionOf(ctx, expr.operand, !negated);
  const text = ctx.text.slice(expr.start, expr.end).replace(/\s+/g, " ");
  return { text, negated, span: spanOf(ctx.path, expr) };
}

/** A call with all its arguments and the last name of what is called: `lib.mkIf c v` is mkIf of two. */
export interface Call {
  readonly name: string | undefined;
  readonly fn: Expr;
  readonly args: readonly Expr[];
}

export function callOf(expr: ApplyExpr): Call {
  const args: Expr[] = [];
  let fn: Expr = expr;
  while (fn.kind === "apply") {
    args.unshift(fn.arg);
    fn = fn.fn;
  }
  return { name: nameOfFunction(fn), fn, args };
}

function nameOfFunction(fn: Expr): string | undefined {
  if (fn.kind === "variable") return fn.name;
  if (fn.kind !== "select") return undefined;
  const last = fn.path.at(-1);
  return last?.kind === "static" ? last.name : undefined;
}

/** A string literal without looking at what is interpolated. */
export function literalText(path: string, expr: StringExpr): TextDatum {
  const parts = expr.parts.map(part =>
    part.kind === "text" ? textOfPart(path, part) : unknownTextAt(spanOf(path, part)),
  );
  return joinTexts(spanOf(path, expr), parts);
}

type Read = (expr: Expr, scope?: LiteralScope) => Datum;

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

function readString(ctx: LiteralContext, expr: StringExpr, read: Read): Datum {
  const span = spanOf(ctx.path, expr);
  let whole: Datum = joinTexts(span, []);
  for (const part of expr.parts) {
    const piece =
      part.kind === "text"
        ? textOfPart(ctx.path, part)
        : interpolated(read(part.expr), spanOf(ctx.path, part));
    whole =
      branchCount(whole) * branchCount(piece) > MAX_BRANCHES
        ? append(span, whole, unknownTextAt(spanOf(ctx.path, part)))
        : append(span, whole, piece);
  }
  return whole;
}

function append(span: Span, whole: Datum, piece: Datum): Datum {
  return combine(whole, piece, (a, b) =>
    a.kind !== "text" || b.kind !== "text"
      ? unknownDatum(span, "not a text")
      : a.text === ""
        ? { ...b, span }
        : joinTexts(span, [a, b]),
  );
}

/** What `${…}` adds to a text; what is no text is an unknown piece of it. */
function interpolated(datum: Datum, place: Span): Datum {
  if (datum.kind === "text") return datum;
  if (datum.kind === "path") return storePath(datum.path, place);
  if (datum.kind !== "alternatives") return unknownTextAt(place);
  const branches = datum.branches.map(branch => ({ ...branch, value: interpolated(branch.value, place) }));
  return { ...datum, branches };
}

/** A path in a string is copied to the store; only the hash in the name of the copy is not known. */
function storePath(path: string, place: Span): TextDatum {
  const text = `/nix/store/${UNKNOWN_TEXT}-${path.slice(path.lastIndexOf("/") + 1)}`;
  return { kind: "text", span: place, text, pieces: [{ at: 0, span: place, exact: false }] };
}

function textOfPart(path: string, part: TextPart): TextDatum {
  const span = spanOf(path, part);
  const map = part.map ?? [0, part.start];
  const pieces = [];
  for (let i = 0; i + 1 < map.length; i += 2) {
    const start = map[i + 1] ?? part.start;
    const nextStart = map[i + 3] ?? part.end;
    pieces.push({ at: map[i] ?? 0, span: { path, start, end: nextStart }, exact: true });
  }
  return { kind: "text", span, text: part.value, pieces };
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

function readAttrs(ctx: LiteralContext, expr: AttrsExpr, scope: LiteralScope, read: Read): AttrsDatum {
  const inner = expr.recursive ? scopeOfBindings(expr.bindings, scope) : scope;
  const entries = new Map<string, AttrDatum>();
  let complete = true;
  for (const binding of expr.bindings) {
    if (binding.kind === "inherit") {
      for (const name of binding.names) {
        if (name.kind !== "static") continue;
        const meaning = inherited(binding.from, name.name, name, scope, inner);
        entries.set(name.name, {
          value: read(meaning.expr, meaning.scope),
          nameSpan: spanOf(ctx.path, name),
        });
      }
      continue;
    }
    const names: { name: string; span: Span }[] = [];
    for (const part of binding.path) {
      const name = part.kind === "static" ? part.name : knownText(read(part.expr, inner));
      if (name !== undefined) names.push({ name, span: spanOf(ctx.path, part) });
    }
    if (names.length < binding.path.length) complete = false;
    else put(entries, names, read(binding.value, inner), spanOf(ctx.path, binding));
  }
  return { kind: "attrs", span: spanOf(ctx.path, expr), entries, complete };
}

/** Sets `a.b.c` in nested sets; two sets under one name become one, as in Nix. */
function put(
  entries: Map<string, AttrDatum>,
  names: readonly { name: string; span: Span }[],
  value: Datum,
  span: Span,
): void {
  const [first, ...rest] = names;
  if (first === undefined) return;
  const before = entries.get(first.name)?.value;
  const inner = new Map(before?.kind === "attrs" ? before.entries : []);
  if (rest.length > 0) {
    put(inner, rest, value, span);
    const complete = before?.kind === "attrs" ? before.complete : true;
    entries.set(first.name, {
      value: { kind: "attrs", span, entries: inner, complete },
      nameSpan: first.span,
    });
    return;
  }
  if (value.kind === "attrs") {
    for (const [name, entry] of value.entries) inner.set(name, entry);
    entries.set(first.name, { value: { ...value, entries: inner }, nameSpan: first.span });
    return;
  }
  entries.set(first.name, { value, nameSpan: first.span });
}

function readIf(ctx: LiteralContext, expr: IfExpr, read: Read): Datum {
  const condition = read(expr.condition);
  if (condition.kind === "scalar" && typeof condition.value === "boolean") {
    return read(condition.value ? expr.thenBranch : expr.elseBranch);
  }
  return hangingOn(ctx, expr, expr.condition, read(expr.thenBranch), read(expr.elseBranch));
}

function hangingOn(ctx: LiteralContext, whole: Expr, condition: Expr, yes: Datum, no: Datum): Datum {
  const span = spanOf(ctx.path, whole);
  if (branchCount(yes) + branchCount(no) > MAX_BRANCHES) return unknownDatum(span, "too many cases");
  return alternativesDatum(span, conditionOf(ctx, condition), yes, no);
}

function readApplication(ctx: LiteralContext, expr: ApplyExpr, read: Read): Datum {
  const span = spanOf(ctx.path, expr);
  const { name, args } = callOf(expr);
  const [first, second] = args;
  if (first === undefined) return unknownDatum(span, "a call");
  if (args.length === 1) {
    if (name === "mkForce" || name === "mkDefault" || name === "mkBefore" || name === "mkAfter")
      return read(first);
    if (name === "mkMerge") return mergeList(span, read(first));
  }
  if (args.length !== 2 || second === undefined) return unknownDatum(span, "a call");
  const optional = (value: Datum, otherwise: Datum): Datum => {
    const condition = read(first);
    if (condition.kind === "scalar" && typeof condition.value === "boolean") {
      return condition.value ? value : otherwise;
    }
    return hangingOn(ctx, expr, first, value, otherwise);
  };
  const nothing: ListDatum = { kind: "list", span, items: [], complete: true };
  switch (name) {
    case "mkOverride":
    case "mkOrder":
      return read(second);
    case "mkIf":
      return optional(read(second), unknownDatum(span, "not defined here"));
    case "optional":
      return optional({ ...nothing, items: [read(second)] }, nothing);
    case "optionals":
      return optional(read(second), nothing);
    case "optionalString":
      return optional(read(second), joinTexts(span, []));
    case "optionalAttrs":
      return optional(read(second), { kind: "attrs", span, entries: new Map(), complete: true });
    default:
      return unknownDatum(span, "a call");
  }
}

/** `mkMerge [ a b ]` of lists. */
function mergeList(span: Span, datum: Datum): Datum {
  if (datum.kind !== "list") return unknownDatum(span, "a call");
  const empty: Datum = { kind: "list", span, items: [], complete: datum.complete };
  return datum.items.reduce((whole, item) => concatLists(span, whole, item), empty);
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

function readUnary(span: Span, operator: "!" | "-", operand: Datum): Datum {
  if (operand.kind !== "scalar") return unknownDatum(span, "computed");
  const { value } = operand;
  if (operator === "!" && typeof value === "boolean") return { ...operand, span, value: !value };
  if (operator === "-" && (typeof value === "number" || typeof value === "bigint"))
    return { ...operand, span, value: -value };
  return unknownDatum(span, "computed");
}

function readBinary(span: Span, expr: BinaryExpr, read: Read): Datum {
  switch (expr.operator) {
    case "++":
      return concatLists(span, read(expr.left), read(expr.right));
    case "+":
      return concatTexts(span, read(expr.left), read(expr.right));
    case "//":
      return combine(read(expr.left), read(expr.right), (a, b) => updateAttrs(span, a, b));
    default:
      return unknownDatum(span, "computed");
  }
}

/** `a ++ b`. An unknown side leaves a list of the other's items and perhaps more. */
function concatLists(span: Span, a: Datum, b: Datum): Datum {
  if (branchCount(a) * branchCount(b) > MAX_BRANCHES) {
    return { kind: "list", span, items: [...perhaps(a), ...perhaps(b)], complete: false };
  }
  return combine(a, b, (left, right) => {
    if (left.kind !== "list" && right.kind !== "list") return unknownDatum(span, "computed");
    const items = [
      ...(left.kind === "list" ? left.items : []),
      ...(right.kind === "list" ? right.items : []),
    ];
    const complete = left.kind === "list" && left.complete && right.kind === "list" && right.complete;
    return { kind: "list", span, items, complete };
  });
}

/** The items of a list that may or may not be there, each with its condition. */
function perhaps(datum: Datum): readonly Datum[] {
  if (datum.kind === "list") return datum.items;
  if (datum.kind !== "alternatives") return [];
  return datum.branches.flatMap(({ condition, value }) =>
    perhaps(value).map(item =>
      alternativesDatum(item.span, condition, item, unknownDatum(item.span, "not in the list then")),
    ),
  );
}

function concatTexts(span: Span, a: Datum, b: Datum): Datum {
  if (branchCount(a) * branchCount(b) > MAX_BRANCHES) return unknownDatum(span, "too many cases");
  return combine(a, b, (left, right) => {
    if (left.kind !== "text" && right.kind !== "text") return unknownDatum(span, "computed");
    if (left.kind === "path" || right.kind === "path") return unknownDatum(span, "computed");
    const text = (datum: Datum): TextDatum => (datum.kind === "text" ? datum : unknownTextAt(datum.span));
    return joinTexts(span, [text(left), text(right)]);
  });
}

function updateAttrs(span: Span, a: Datum, b: Datum): Datum {
  if (a.kind !== "attrs" || b.kind !== "attrs") return unknownDatum(span, "computed");
  return {
    kind: "attrs",
    span,
    entries: new Map([...a.entries, ...b.entries]),
    complete: a.complete && b.complete,
  };
}
