// Builtins that test kinds, decide what is evaluated, or fail: typeOf, seq, tryEval, throw, trace, …

import type { Span } from "../../text/span";
import { joinBranches } from "../alternatives";
import { coerceToString, followed, INTERPOLATION } from "../coerce";
import { UNKNOWN_TEXT } from "../datum";
import { typeName } from "../describe";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import {
  attrsOf,
  boolValue,
  errorValue,
  type KnownValue,
  type Lazy,
  stringValue,
  unknownFrom,
  unknownValue,
  type Value,
} from "../value";
import { arg, type NativeBuiltin } from "./native";

function kindTest(name: string, kind: KnownValue["kind"]): NativeBuiltin {
  return [
    name,
    1,
    (ctx, args, site) =>
      ctx.use(
        arg(args, 0),
        value => boolValue(value.kind === kind, site),
        // a place in the store is a string, though not known which
        unknown =>
          followed(unknown) === undefined ? unknownFrom(unknown) : boolValue(kind === "string", site),
      ),
  ];
}

/** What follows if a value was evaluated first: nothing else where it fails. */
function after(ctx: Evaluation, first: Value, then: () => Value): Value {
  return ctx.use(first, then, unknown => (ctx.optimistic ? then() : unknownFrom(unknown)));
}

/** Forces everything inside; gives the first error or, where not optimistic, Unknown. */
function deepForce(ctx: Evaluation, lazy: Lazy, seen: Set<object>): Value {
  if (!ctx.enter()) return ctx.limit;
  const value = ctx.force(lazy);
  const result = forceParts(ctx, value, seen);
  ctx.leave();
  return result;
}

function forceParts(ctx: Evaluation, value: Value, seen: Set<object>): Value {
  if (value.kind === "alternatives") {
    return ctx.each(value, known => forceParts(ctx, known, seen));
  }
  if ((value.kind !== "list" && value.kind !== "attrs") || seen.has(value)) return value;
  seen.add(value);
  const parts = value.kind === "list" ? value.items : Array.from(value.attrs.values(), attr => attr.value);
  for (const part of parts) {
    const forced = deepForce(ctx, part, seen);
    if (forced.kind === "error" || forced === ctx.limit) return forced;
    if (!ctx.optimistic && (forced.kind === "unknown" || forced.kind === "alternatives")) return forced;
  }
  return value;
}

function tryEval(ctx: Evaluation, lazy: Lazy, site: Span | undefined): Value {
  const caught = attrsOf({ success: boolValue(false, site), value: boolValue(false, site) }, site);
  const outcome = (value: Value): Value => {
    if (value.kind === "unknown") return value;
    if (value.kind !== "error") return attrsOf({ success: boolValue(true, site), value }, site);
    return value.error === "throw" || value.error === "assert" ? caught : value;
  };
  const value = ctx.attempt(lazy);
  if (value.kind !== "alternatives") return outcome(value);
  return joinBranches(
    value.branches.map(branch => ({ conditions: branch.conditions, value: outcome(branch.value) })),
    value.span,
  );
}

function fail(ctx: Evaluation, kind: "throw" | "abort", message: Lazy, site: Span | undefined): Value {
  const text = coerceToString(ctx, message, INTERPOLATION, site);
  if (text.kind === "error") return text;
  const prefix = kind === "abort" ? "evaluation aborted with the following error message: " : "";
  if (text.kind === "string") return errorValue(kind, prefix + text.text, site);
  if (!ctx.optimistic) return unknownValue("an error whose message is not known", site);
  const partial = text.kind === "unknown" ? text.partial?.text : undefined;
  return errorValue(kind, prefix + (partial ?? UNKNOWN_TEXT).replaceAll(UNKNOWN_TEXT, "…"), site);
}

export const CONTROL_BUILTINS: readonly NativeBuiltin[] = [
  kindTest("isNull", "null"),
  kindTest("isBool", "bool"),
  kindTest("isInt", "int"),
  kindTest("isFloat", "float"),
  kindTest("isString", "string"),
  kindTest("isPath", "path"),
  kindTest("isList", "list"),
  kindTest("isAttrs", "attrs"),
  kindTest("isFunction", "function"),
  ["typeOf", 1, (ctx, args, site) => ctx.use(arg(args, 0), value => stringValue(typeName(value), site))],
  ["seq", 2, (ctx, args) => after(ctx, ctx.force(arg(args, 0)), () => ctx.force(arg(args, 1)))],
  [
    "deepSeq",
    2,
    (ctx, args) => after(ctx, deepForce(ctx, arg(args, 0), new Set()), () => ctx.force(arg(args, 1))),
  ],
  ["trace", 2, (ctx, args) => after(ctx, ctx.force(arg(args, 0)), () => ctx.force(arg(args, 1)))],
  ["traceVerbose", 2, (ctx, args) => ctx.force(arg(args, 1))],
  [
    "warn",
    2,
    (ctx, args, site) =>
      after(
        ctx,
        ctx.use(arg(args, 0), text => (text.kind === "string" ? text : expected("a string", text, site))),
        () => ctx.force(arg(args, 1)),
      ),
  ],
  ["break", 1, (ctx, args) => ctx.force(arg(args, 0))],
  ["addErrorContext", 2, (ctx, args) => ctx.force(arg(args, 1))],
  ["tryEval", 1, (ctx, args, site) => tryEval(ctx, arg(args, 0), site)],
  ["throw", 1, (ctx, args, site) => fail(ctx, "throw", arg(args, 0), site)],
  ["abort", 1, (ctx, args, site) => fail(ctx, "abort", arg(args, 0), site)],
];
