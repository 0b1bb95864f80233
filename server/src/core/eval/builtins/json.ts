// `toJSON`, `fromJSON`, `fromTOML`.

import type { Span } from "../../text/span";
import { describe } from "../describe";
import { compareText } from "../equality";
import type { Evaluation } from "../evaluation";
import { shortFloatText } from "../numbers";
import {
  attrsOf,
  boolValue,
  errorValue,
  floatValue,
  intValue,
  type KnownValue,
  type Lazy,
  listValue,
  nullValue,
  stringValue,
  unknownValue,
  type Value,
} from "../value";
import { parseJson } from "./jsonText";
import { arg, type NativeBuiltin } from "./native";

/** JSON text, or what stood in its way. */
type Json = string | Exclude<Value, KnownValue>;

/** The value as JSON text in Nix's form: names sorted, no blanks. */
function jsonOf(ctx: Evaluation, lazy: Lazy, site: Span | undefined): Json {
  if (!ctx.enter()) return ctx.limit;
  const json = jsonOfValue(ctx, ctx.force(lazy), site);
  ctx.leave();
  return json;
}

function jsonOfValue(ctx: Evaluation, value: Value, site: Span | undefined): Json {
  switch (value.kind) {
    case "null":
      return "null";
    case "bool":
      return value.value ? "true" : "false";
    case "int":
      return value.value.toString();
    case "float":
      return floatJson(value.value, site);
    case "string":
      return quoted(value.text, site);
    case "path":
      return unknownValue(`the store path of ${value.path}`, site);
    case "list":
      if (value.open !== undefined) return unknownValue(value.open, site);
      return joined(
        value.items.map(item => () => jsonOf(ctx, item, site)),
        "[]",
        ctx,
      );
    case "attrs":
      return setJson(ctx, value, site);
    case "function":
      return errorValue("type", `cannot convert ${describe(value)} to JSON`, site);
    default:
      return value;
  }
}

function joined(parts: readonly (() => Json)[], brackets: "[]" | "{}", ctx: Evaluation): Json {
  const texts: string[] = [];
  for (const part of parts) {
    const json = part();
    if (typeof json !== "string") return json;
    const full = ctx.allocate(1 + (json.length >> 2));
    if (full !== undefined) return full;
    texts.push(json);
  }
  return brackets.charAt(0) + texts.join(",") + brackets.charAt(1);
}

function setJson(ctx: Evaluation, set: KnownValue & { kind: "attrs" }, site: Span | undefined): Json {
  const method = set.attrs.get("__toString");
  if (method !== undefined) return jsonOf(ctx, ctx.call(method.value, [set], site), site);
  if (set.open !== undefined) return unknownValue(set.open, site);
  const outPath = set.attrs.get("outPath");
  if (outPath !== undefined) return jsonOf(ctx, outPath.value, site);
  const sorted = [...set.attrs].sort(([a], [b]) => compareText(a, b));
  return joined(
    sorted.map(([name, attr]) => () => {
      const key = quoted(name, site);
      const json = jsonOf(ctx, attr.value, site);
      if (typeof key !== "string") return key;
      return typeof json === "string" ? `${key}:${json}` : json;
    }),
    "{}",
    ctx,
  );
}

/** Versions of Nix print different numbers of digits; only what all print alike is certain. */
function floatJson(value: number, site: Span | undefined): Json {
  const short = shortFloatText(value);
  const whole = Number.isInteger(value);
  if (short === String(value) && !whole && Number.isFinite(value)) return short;
  return unknownValue("a float as JSON", site);
}

function quoted(text: string, site: Span | undefined): Json {
  if (/[\b\f\x7f]/.test(text)) return unknownValue("a character that is escaped differently", site);
  return JSON.stringify(text);
}

function toJson(ctx: Evaluation, lazy: Lazy, site: Span | undefined): Value {
  const json = jsonOf(ctx, lazy, site);
  if (typeof json === "string") return ctx.allocate(json.length >> 2) ?? stringValue(json, site);
  return json.kind === "alternatives" ? unknownValue("hangs on an unknown condition", site) : json;
}

function fromJson(ctx: Evaluation, text: string, site: Span | undefined): Value {
  const full = ctx.allocate(text.length);
  if (full !== undefined) return full;
  const parsed = parseJson(text);
  if (parsed.kind === "invalid")
    return errorValue("evaluation", `failed to parse JSON: ${parsed.message}`, site);
  return parsed.kind === "uncertain"
    ? unknownValue(parsed.message, site)
    : plainValue(ctx, parsed.value, site);
}

/** Plain data as a value; bigint is an integer, number a float. */
export function plainValue(ctx: Evaluation, data: unknown, site: Span | undefined): Value {
  if (!ctx.enter()) return ctx.limit;
  const value = plainKnown(ctx, data, site);
  ctx.leave();
  return value;
}

function plainKnown(ctx: Evaluation, data: unknown, site: Span | undefined): Value {
  if (data === null) return nullValue(site);
  if (typeof data === "boolean") return boolValue(data, site);
  if (typeof data === "string") return stringValue(data, site);
  if (typeof data === "number") return floatValue(data, site);
  if (typeof data === "bigint") {
    if (BigInt.asIntN(64, data) !== data) return unknownValue("an integer beyond 64 bits", site);
    return intValue(data, site);
  }
  if (Array.isArray(data)) {
    return listValue(
      data.map((item: unknown) => plainValue(ctx, item, site)),
      site,
    );
  }
  if (data instanceof Map) {
    const entries = Array.from(data, ([name, item]: [unknown, unknown]) => [
      String(name),
      plainValue(ctx, item, site),
    ]);
    return attrsOf(Object.fromEntries(entries), site);
  }
  if (typeof data === "object" && isPlain(data)) {
    const entries = Object.entries(data).map(([name, item]) => [name, plainValue(ctx, item, site)]);
    return attrsOf(Object.fromEntries(entries), site);
  }
  return unknownValue("a date or another value that Nix has not", site);
}

function isPlain(data: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === null || prototype === Object.prototype;
}

function fromToml(ctx: Evaluation, text: string, site: Span | undefined): Value {
  const full = ctx.allocate(text.length);
  if (full !== undefined) return full;
  const parsed = ctx.world.ports.parseToml(text);
  if (!parsed.ok) return errorValue("evaluation", `while parsing TOML: ${parsed.message}`, site);
  return plainValue(ctx, parsed.value, site);
}

export const JSON_BUILTINS: readonly NativeBuiltin[] = [
  ["toJSON", 1, (ctx, args, site) => toJson(ctx, arg(args, 0), site)],
  [
    "fromJSON",
    1,
    (ctx, args, site) => ctx.useString(arg(args, 0), site, ({ text }) => fromJson(ctx, text, site)),
  ],
  [
    "fromTOML",
    1,
    (ctx, args, site) => ctx.useString(arg(args, 0), site, ({ text }) => fromToml(ctx, text, site)),
  ],
];
