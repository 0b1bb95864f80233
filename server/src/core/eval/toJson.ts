// What `nix-deploy eval` prints: a value as JSON, with what is not known marked in place, or the first error.

import { compareText } from "./equality";
import type { Evaluation } from "./evaluation";
import { type ErrorValue, type Lazy, LIMIT, unknownValue, type Value } from "./value";

/** JSON data, or the error that evaluating it ran into. */
export type JsonOutcome =
  | { readonly kind: "json"; readonly json: Json }
  | { readonly kind: "error"; readonly error: ErrorValue };

export type Json = null | boolean | number | string | RawNumber | readonly Json[] | ReadonlyMap<string, Json>;

/** An integer that JavaScript's numbers cannot hold. */
export interface RawNumber {
  readonly digits: string;
}

export interface JsonOptions {
  /** false: what is nested in the value and not needed to know its kind is shown too, but its errors become marks. */
  readonly strict: boolean;
}

/** Thrown inside to leave the walk with the first error. */
class Failed extends Error {
  constructor(readonly value: ErrorValue) {
    super(value.message);
  }
}

export function toJson(ctx: Evaluation, lazy: Lazy, options: JsonOptions): JsonOutcome {
  try {
    const top = ctx.force(lazy);
    if (top.kind === "error") return { kind: "error", error: top };
    return { kind: "json", json: jsonOf(ctx, top, options, new Set()) };
  } catch (stop) {
    if (stop instanceof Failed) return { kind: "error", error: stop.value };
    throw stop;
  }
}

function mark(reason: string): Json {
  return new Map([["$unknown", reason]]);
}

function jsonOf(ctx: Evaluation, lazy: Lazy, options: JsonOptions, above: ReadonlySet<Value>): Json {
  if (!ctx.enter()) return mark(LIMIT);
  const value = ctx.force(lazy);
  const json = jsonOfValue(ctx, value, options, above);
  ctx.leave();
  return json;
}

function jsonOfValue(ctx: Evaluation, value: Value, options: JsonOptions, above: ReadonlySet<Value>): Json {
  switch (value.kind) {
    case "null":
      return null;
    case "bool":
    case "float":
      return value.value;
    case "int": {
      const number = Number(value.value);
      return Number.isSafeInteger(number) ? number : { digits: value.value.toString() };
    }
    case "string":
      return value.text;
    case "path":
      return ctx.world.options.inStore?.(value.path) ? mark(`the store path of ${value.path}`) : value.path;
    case "unknown":
      return mark(value.reason);
    case "alternatives":
      return mark(
        `hangs on ${[...new Set(value.branches.flatMap(b => b.conditions.map(c => c.text)))].join(", ")}`,
      );
    case "function":
      return mark("a function");
    case "error":
      if (options.strict) throw new Failed(value);
      return mark(`error: ${value.message}`);
    default:
      return above.has(value)
        ? mark("contains itself")
        : nested(ctx, value, options, new Set(above).add(value));
  }
}

function nested(
  ctx: Evaluation,
  value: Value & { kind: "list" | "attrs" },
  options: JsonOptions,
  above: ReadonlySet<Value>,
): Json {
  if (value.kind === "list") {
    const items = value.items.map(item => jsonOf(ctx, item, options, above));
    return value.open === undefined ? items : [...items, mark(value.open)];
  }
  const text = setText(ctx, value);
  if (text !== undefined) return jsonOf(ctx, text, options, above);
  const result = new Map<string, Json>();
  for (const [name, attr] of [...value.attrs].sort(([a], [b]) => compareText(a, b))) {
    result.set(name, jsonOf(ctx, attr.value, options, above));
  }
  if (value.open !== undefined) result.set("$unknown", value.open);
  return result;
}

/** Nix prints a set with `__toString` or `outPath` as that text. */
function setText(ctx: Evaluation, value: Value & { kind: "attrs" }): Lazy | undefined {
  const method = value.attrs.get("__toString");
  if (method !== undefined) return ctx.call(method.value, [value], value.span);
  const outPath = value.attrs.get("outPath");
  if (outPath === undefined || value.open === undefined) return outPath?.value;
  return unknownValue(value.open, value.span);
}

/** The JSON as text, indented by two blanks. */
export function printJson(json: Json, indent = ""): string {
  if (Object.is(json, -0)) return "-0";
  if (json === null || typeof json !== "object") return JSON.stringify(json) ?? "null";
  const inner = `${indent}  `;
  if (json instanceof Map) {
    if (json.size === 0) return "{}";
    const entries = Array.from(
      json as ReadonlyMap<string, Json>,
      ([name, value]) => `${inner}${JSON.stringify(name)}: ${printJson(value, inner)}`,
    );
    return `{\n${entries.join(",\n")}\n${indent}}`;
  }
  if ("digits" in json) return json.digits;
  if (!Array.isArray(json) || json.length === 0) return "[]";
  const items = Array.from(json as readonly Json[], value => inner + printJson(value, inner));
  return `[\n${items.join(",\n")}\n${indent}]`;
}
