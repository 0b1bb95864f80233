// Attribute sets, `let`, `inherit` and attribute paths. An unreadable member leaves its neighbours alone; in a set it
// is kept as an attribute of unknown name, so that nobody takes the set for complete.

import { cookQuoted } from "./cookedText";
import type { AttrBinding, AttrName, AttrsExpr, Binding, InheritBinding, LetExpr, SelectExpr } from "./expr";
import { expressionIn, fitted, type Lowering, missingAt, missingFor, operand, soleOperand } from "./lowering";
import { lowerQuotedString } from "./lowerText";
import { isExpression } from "./nodeKinds";

export function lowerAttrs(ctx: Lowering, node: number): AttrsExpr {
  const recursive = ctx.tree.kind(node) !== "attrset_expression";
  const bindings = members(ctx, node, unreadableMember);
  return { kind: "attrs", start: ctx.tree.start(node), end: ctx.tree.end(node), recursive, bindings };
}

/** `let { …; body = …; }` is `rec { … }.body`. */
export function lowerLetAttrs(ctx: Lowering, node: number): SelectExpr {
  const start = ctx.tree.start(node);
  const end = ctx.tree.end(node);
  const body: AttrName = { kind: "static", start, end: start + "let".length, name: "body", quoted: false };
  return { kind: "select", start, end, target: lowerAttrs(ctx, node), path: [body], fallback: undefined };
}

export function lowerLet(ctx: Lowering, node: number): LetExpr {
  const bindings = members(ctx, node, () => undefined);
  const body = operand(ctx, node, 0);
  return { kind: "let", start: ctx.tree.start(node), end: ctx.tree.end(node), bindings, body };
}

function members(
  ctx: Lowering,
  node: number,
  unreadable: (ctx: Lowering, member: number) => Binding | undefined,
): readonly Binding[] {
  const { tree } = ctx;
  const result: Binding[] = [];
  const end = tree.after(node);
  for (let each = node + 1; each < end; each = tree.after(each)) {
    const kind = tree.kind(each);
    let member: Binding | undefined;
    if (kind === "binding") member = lowerBinding(ctx, each);
    else if (kind === "ERROR") member = unreadable(ctx, each);
    else if (kind === "inherit" || kind === "inherit_from") {
      const readable = !tree.damaged || tree.child(each, "ERROR") === undefined;
      member = readable ? lowerInherit(ctx, each) : unreadable(ctx, each);
    }
    if (member !== undefined) result.push(member);
  }
  return fitted(result);
}

function unreadableMember(ctx: Lowering, node: number): AttrBinding {
  const start = ctx.tree.start(node);
  const end = ctx.tree.end(node);
  const name: AttrName = { kind: "dynamic", start, end, expr: missingFor(ctx.tree, node) };
  return { kind: "binding", start, end, path: [name], value: missingFor(ctx.tree, node) };
}

/** Where the value holds something unreadable, the name stays and the value is missing. */
function lowerBinding(ctx: Lowering, node: number): AttrBinding {
  const { tree } = ctx;
  const start = tree.start(node);
  const end = tree.end(node);
  const pathNode = tree.child(node, "attrpath") ?? node;
  const path = lowerAttrPath(ctx, pathNode);
  const unreadable = tree.damaged && tree.child(node, "ERROR") !== undefined;
  const value = unreadable ? undefined : expressionIn(ctx, node);
  if (value !== undefined) return { kind: "binding", start, end, path, value: ctx.expr(value) };
  if (!unreadable && tree.child(node, "missing_value") === undefined) {
    ctx.problems.push({ start, end: tree.end(pathNode), message: "missing value" });
  }
  return { kind: "binding", start, end, path, value: missingAt(tree.end(pathNode)) };
}

function lowerInherit(ctx: Lowering, node: number): InheritBinding {
  const { tree } = ctx;
  const from = tree.kind(node) === "inherit_from" ? operand(ctx, node, 0) : undefined;
  const end = tree.after(node);
  const names: AttrName[] = [];
  // The source in parentheses is an expression as well; names are what stands behind it.
  let behindSource = from === undefined;
  for (let each = node + 1; each < end; each = tree.after(each)) {
    if (!behindSource) behindSource = isExpression(tree.kind(each));
    else pushName(ctx, each, names);
  }
  return { kind: "inherit", start: tree.start(node), end: tree.end(node), from, names: fitted(names) };
}

/** The names of an attribute path; what cannot be read is a name that nobody knows. */
export function lowerAttrPath(ctx: Lowering, node: number): readonly AttrName[] {
  const { tree } = ctx;
  const end = tree.after(node);
  // most paths are one plain name, and an array that grows first is twice the work
  if (node + 1 < end && tree.after(node + 1) === end && tree.kind(node + 1) === "identifier") {
    return [identifier(ctx, node + 1)];
  }
  const names: AttrName[] = [];
  for (let each = node + 1; each < end; each = tree.after(each)) pushName(ctx, each, names);
  if (names.length === 0) names.push(unknownName(ctx, node));
  return fitted(names);
}

function pushName(ctx: Lowering, node: number, names: AttrName[]): void {
  switch (ctx.tree.kind(node)) {
    case "identifier":
      names.push(identifier(ctx, node));
      break;
    case "string_expression":
      names.push(quotedName(ctx, node));
      break;
    case "interpolation":
      names.push(interpolatedName(ctx, node));
      break;
    case "missing_name":
    case "ERROR":
      names.push(unknownName(ctx, node));
      break;
    default:
      break;
  }
}

function identifier(ctx: Lowering, node: number): AttrName {
  const { tree } = ctx;
  if (tree.missingToken(node) !== undefined) return unknownName(ctx, node);
  const name = ctx.name(node);
  return { kind: "static", start: tree.start(node), end: tree.end(node), name, quoted: false };
}

/** `${"a"}` with a plain string is the same to Nix as `"a"`. */
function interpolatedName(ctx: Lowering, node: number): AttrName {
  const start = ctx.tree.start(node);
  const end = ctx.tree.end(node);
  const expr = soleOperand(ctx, node);
  const text = expr.kind === "string" && expr.parts.length <= 1 ? expr.parts[0] : expr;
  if (text === undefined) return { kind: "static", start, end, name: "", quoted: true };
  if (text.kind === "text") return { kind: "static", start, end, name: text.value, quoted: true };
  return { kind: "dynamic", start, end, expr };
}

function quotedName(ctx: Lowering, node: number): AttrName {
  const { tree } = ctx;
  const start = tree.start(node);
  const end = tree.end(node);
  if (tree.child(node, "interpolation") !== undefined) {
    return { kind: "dynamic", start, end, expr: lowerQuotedString(ctx, node) };
  }
  const fragment = tree.child(node, "string_fragment");
  const text =
    fragment === undefined
      ? undefined
      : cookQuoted(ctx.text, { start: tree.start(fragment), end: tree.end(fragment) });
  return { kind: "static", start, end, name: text?.value ?? "", quoted: true };
}

function unknownName(ctx: Lowering, node: number): AttrName {
  const start = ctx.tree.start(node);
  const end = ctx.tree.end(node);
  return { kind: "dynamic", start, end, expr: missingFor(ctx.tree, node) };
}
