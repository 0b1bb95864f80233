// Types of options as data, how they read, and which part of a value certainly is not of its type.

import { type AlternativesDatum, type Datum, UNKNOWN_TEXT, type UnknownDatum } from "../eval/datum";

export type ValueType =
  | "bool"
  | "int"
  /** Not negative. */
  | "unsigned"
  /** 0 to 65535. */
  | "u16"
  | "str"
  /** Text that several modules may add lines to. */
  | "lines"
  | "path"
  | "package"
  | "attrs"
  | "function"
  | "any"
  | { readonly listOf: ValueType }
  | { readonly attrsOf: ValueType }
  | { readonly nullOr: ValueType }
  | { readonly oneOf: readonly ValueType[] }
  | { readonly values: readonly (string | boolean)[] };

/** The type in words: "list of strings". */
export function describeType(type: ValueType): string {
  if (typeof type === "string") return WORDS[type];
  if ("listOf" in type) return `list of ${PLURALS[describeType(type.listOf)] ?? describeType(type.listOf)}`;
  if ("attrsOf" in type)
    return `attribute set of ${PLURALS[describeType(type.attrsOf)] ?? describeType(type.attrsOf)}`;
  if ("nullOr" in type) return `null or ${describeType(type.nullOr)}`;
  if ("oneOf" in type) return type.oneOf.map(describeType).join(" or ");
  const values = type.values.map(value => JSON.stringify(value)).join(", ");
  return type.values.length === 1 ? values : `one of ${values}`;
}

const WORDS = {
  bool: "boolean",
  int: "integer",
  unsigned: "unsigned integer",
  u16: "integer from 0 to 65535",
  str: "string",
  lines: "text of lines",
  path: "path",
  package: "package",
  attrs: "attribute set",
  function: "function",
  any: "anything",
} as const;

const PLURALS: Readonly<Record<string, string>> = {
  string: "strings",
  path: "paths",
  package: "packages",
  integer: "integers",
  "attribute set": "attribute sets",
};

/**
 * The part of the value that certainly is not of the type: the value itself or an item deep inside. Undefined if all of
 * it fits, or might; unknown parts always might. Alternatives are searched branch by branch.
 */
export function findWrongPart(type: ValueType, datum: Datum): Datum | undefined {
  if (datum.kind === "unknown" || type === "any") return undefined;
  if (datum.kind === "alternatives") return firstWrong(datum.branches.map(branch => [type, branch.value]));
  if (typeof type === "string") return fits(type, datum) ? undefined : datum;
  if ("nullOr" in type) return isNull(datum) ? undefined : findWrongPart(type.nullOr, datum);
  if ("oneOf" in type)
    return type.oneOf.some(one => findWrongPart(one, datum) === undefined) ? undefined : datum;
  if ("values" in type) return isOneOf(type.values, datum) ? undefined : datum;
  if ("listOf" in type) {
    return datum.kind === "list" ? firstWrong(datum.items.map(item => [type.listOf, item])) : datum;
  }
  if (datum.kind !== "attrs") return datum;
  return firstWrong([...datum.entries.values()].map(entry => [type.attrsOf, entry.value]));
}

type Known = Exclude<Datum, UnknownDatum | AlternativesDatum>;

function firstWrong(pairs: readonly (readonly [ValueType, Datum])[]): Datum | undefined {
  for (const [type, datum] of pairs) {
    const wrong = findWrongPart(type, datum);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function fits(type: Exclude<ValueType, object>, datum: Known): boolean {
  switch (type) {
    case "bool":
      return datum.kind === "scalar" && typeof datum.value === "boolean";
    case "int":
      return isInteger(datum) !== undefined;
    case "unsigned":
      return (isInteger(datum) ?? -1) >= 0;
    case "u16":
      return inRange(isInteger(datum));
    case "str":
    case "lines":
      return datum.kind === "text";
    case "path":
      // To the module system strings are paths if they begin with a slash, and packages are paths too.
      if (datum.kind === "text") return datum.text.startsWith("/") || datum.text.startsWith(UNKNOWN_TEXT);
      return datum.kind === "path" || datum.kind === "attrs";
    case "package":
      return datum.kind === "attrs" || datum.kind === "path" || datum.kind === "text";
    case "attrs":
      return datum.kind === "attrs";
    case "function":
      // A set may be called if it has __functor.
      return datum.kind === "function" || datum.kind === "attrs";
    case "any":
      return true;
  }
}

function isInteger(datum: Known): number | undefined {
  if (datum.kind !== "scalar") return undefined;
  if (typeof datum.value === "bigint") return Number(datum.value);
  return typeof datum.value === "number" && Number.isInteger(datum.value) ? datum.value : undefined;
}

function inRange(value: number | undefined): boolean {
  return value !== undefined && value >= 0 && value <= 65535;
}

function isNull(datum: Known): boolean {
  return datum.kind === "scalar" && datum.value === null;
}

function isOneOf(values: readonly (string | boolean)[], datum: Known): boolean {
  if (datum.kind === "text") return datum.text.includes(UNKNOWN_TEXT) || values.includes(datum.text);
  return datum.kind === "scalar" && typeof datum.value === "boolean" && values.includes(datum.value);
}
