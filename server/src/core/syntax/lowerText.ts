// Strings, paths and URLs: the literals that consist of pieces of text and interpolations.

import { cookQuoted } from "./cookedText";
import type { InterpolationPart, PathExpr, StringExpr, StringPart, TextPart, UriExpr } from "./expr";
import { cookIndented, type IndentedPiece } from "./indentedText";
import { fitted, type Lowering, soleOperand, textOf } from "./lowering";

export function lowerQuotedString(ctx: Lowering, node: number): StringExpr {
  const parts: StringPart[] = [];
  for (const piece of pieces(ctx, node)) {
    const part = typeof piece === "number" ? interpolation(ctx, piece) : cookQuoted(ctx.text, piece);
    if (part !== undefined) parts.push(part);
  }
  return stringExpr(ctx, node, false, parts);
}

export function lowerIndentedString(ctx: Lowering, node: number): StringExpr {
  const interpolations: number[] = [];
  const cut = pieces(ctx, node).map((piece): IndentedPiece => {
    if (typeof piece !== "number") return piece;
    interpolations.push(piece);
    return "interpolation";
  });
  const parts: StringPart[] = [];
  let passed = 0;
  for (const piece of cookIndented(ctx.text, cut)) {
    if (piece === "interpolation") parts.push(interpolation(ctx, interpolations[passed++] ?? node));
    else if (piece !== undefined) parts.push(piece);
  }
  return stringExpr(ctx, node, true, parts);
}

export function lowerPath(ctx: Lowering, node: number): PathExpr {
  const { tree, text } = ctx;
  const home = tree.kind(node) === "hpath_expression";
  const parts: StringPart[] = [];
  for (const piece of pieces(ctx, node)) {
    if (typeof piece === "number") parts.push(interpolation(ctx, piece));
    else parts.push(plain(ctx, home && parts.length === 0 ? { ...piece, start: piece.start + 1 } : piece));
  }
  const start = tree.start(node);
  const end = tree.end(node);
  if (text.charAt(end - 1) === "/") {
    ctx.problems.push({ start: end - 1, end, message: "a path cannot end in '/'" });
  }
  const flavour = home ? "home" : text.charAt(start) === "/" ? "absolute" : "relative";
  return noted(ctx, { kind: "path", start, end, flavour, parts: fitted(parts) });
}

export function lowerSearchPath(ctx: Lowering, node: number): PathExpr {
  const start = ctx.tree.start(node);
  const end = ctx.tree.end(node);
  const parts = [plain(ctx, { start: start + 1, end: end - 1 })];
  return noted(ctx, { kind: "path", start, end, flavour: "search", parts });
}

export function lowerUri(ctx: Lowering, node: number): UriExpr {
  return { kind: "uri", start: ctx.tree.start(node), end: ctx.tree.end(node), value: textOf(ctx, node) };
}

/** An interpolation's own span is that of what stands between `${` and `}`; the `}` can be missing. */
export function interpolation(ctx: Lowering, node: number): InterpolationPart {
  const { tree } = ctx;
  const start = tree.end(node + 1);
  let end = tree.end(node);
  for (let each = tree.after(node + 1); each < tree.after(node); each = tree.after(each)) {
    if (tree.kind(each) === "token") end = tree.start(each);
  }
  return { kind: "interpolation", start, end, expr: soleOperand(ctx, node) };
}

/** Stretches of text and the nodes of interpolations, in order. */
function pieces(ctx: Lowering, node: number): ({ start: number; end: number } | number)[] {
  const { tree } = ctx;
  const result: ({ start: number; end: number } | number)[] = [];
  const end = tree.after(node);
  for (let each = node + 1; each < end; each = tree.after(each)) {
    const kind = tree.kind(each);
    if (kind === "interpolation") result.push(each);
    else if (kind === "string_fragment" || kind === "path_fragment") {
      result.push({ start: tree.start(each), end: tree.end(each) });
    }
  }
  return result;
}

function plain(ctx: Lowering, { start, end }: { start: number; end: number }): TextPart {
  return { kind: "text", start, end, value: ctx.text.slice(start, end) };
}

function stringExpr(ctx: Lowering, node: number, indented: boolean, parts: StringPart[]): StringExpr {
  const start = ctx.tree.start(node);
  const end = ctx.tree.end(node);
  return noted(ctx, { kind: "string", start, end, indented, parts: fitted(parts) });
}

function noted<T extends StringExpr | PathExpr>(ctx: Lowering, literal: T): T {
  ctx.literals.push(literal);
  return literal;
}
