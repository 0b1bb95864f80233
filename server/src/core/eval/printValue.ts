// A value in Nix's own syntax, as `nix-instantiate --eval --strict` prints it; undefined as soon as anything in it is
// not known.

import { compareText } from "./equality";
import type { Evaluation } from "./evaluation";
import { shortFloatText } from "./numbers";
import { type KnownValue, type Lazy, unknownValue, type Value } from "./value";

/** The text, or the Unknown, alternatives or error that it ran into. */
export type Printed = string | Exclude<Value, KnownValue>;

export function printValue(ctx: Evaluation, lazy: Lazy): Printed {
  return print(ctx, lazy, new Set());
}

function print(ctx: Evaluation, lazy: Lazy, seen: Set<Value>): Printed {
  if (!ctx.enter()) return ctx.limit;
  const printed = printForced(ctx, ctx.force(lazy), seen);
  ctx.leave();
  return printed;
}

function printForced(ctx: Evaluation, value: Value, seen: Set<Value>): Printed {
  switch (value.kind) {
    case "null":
      return "null";
    case "bool":
      return value.value ? "true" : "false";
    case "int":
      return value.value.toString();
    case "float":
      return shortFloatText(value.value);
    case "string":
      return quote(value.text);
    case "path":
      return value.path;
    case "function":
      if (!value.builtin) return "<LAMBDA>";
      return value.bound.length === 0 ? "<PRIMOP>" : "<PRIMOP-APP>";
    case "list":
    case "attrs":
      return printParts(ctx, value, seen);
    default:
      return value;
  }
}

function printParts(
  ctx: Evaluation,
  value: KnownValue & { kind: "list" | "attrs" },
  seen: Set<Value>,
): Printed {
  if (value.open !== undefined) {
    return unknownValue(value.open, value.span);
  }
  const empty = value.kind === "list" ? value.items.length === 0 : value.attrs.size === 0;
  if (empty) return value.kind === "list" ? "[ ]" : "{ }";
  // Nix prints «repeated» where it stores two values as one, which cannot be told here.
  if (seen.has(value)) return unknownValue("occurs twice", value.span);
  seen.add(value);
  const texts: string[] = [];
  for (const [name, part] of partsOf(value)) {
    const text = print(ctx, part, seen);
    if (typeof text !== "string") return text;
    texts.push(name === undefined ? text : `${printName(name)} = ${text};`);
  }
  return value.kind === "list" ? `[ ${texts.join(" ")} ]` : `{ ${texts.join(" ")} }`;
}

function partsOf(value: KnownValue & { kind: "list" | "attrs" }): [string | undefined, Lazy][] {
  if (value.kind === "list") return value.items.map(item => [undefined, item]);
  return [...value.attrs].sort(([a], [b]) => compareText(a, b)).map(([name, attr]) => [name, attr.value]);
}

const KEYWORDS = new Set(["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit"]);

function printName(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_'-]*$/.test(name) && !KEYWORDS.has(name) ? name : quote(name);
}

function quote(text: string): string {
  const escaped = text.replace(/["\\\n\r\t]|\$\{/g, found => ESCAPES[found] ?? found);
  return `"${escaped}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "${": "\\${",
};
