// Option types of single values: booleans, numbers, strings, paths and the like.

import { equal } from "../../eval/equality";
import type { Evaluation } from "../../eval/evaluation";
import { join } from "../../eval/provenance";
import {
  type Attr,
  attrsValue,
  boolValue,
  errorValue,
  type KnownValue,
  type Lazy,
  listValue,
  stringValue,
  type Value,
} from "../../eval/value";
import { conflicting, type Loc, type OptionType, type Ready, showLoc } from "../optionType";

/** Takes exactly one definition. */
export function mergeOne(_ctx: Evaluation, loc: Loc, definitions: readonly Ready[]): Value {
  const [first, second] = definitions;
  if (first !== undefined && second === undefined) return first.value;
  const message = `The option \`${showLoc(loc)}' is defined multiple times while it's expected to be unique.`;
  return errorValue("throw", message, second?.span, { name: showLoc(loc), candidates: [] });
}

/** Takes several definitions if all are the same. */
export function mergeEqual(ctx: Evaluation, loc: Loc, definitions: readonly Ready[]): Value {
  const [first, ...others] = definitions;
  if (first === undefined) return mergeOne(ctx, loc, definitions);
  for (const other of others) {
    const same = equal(ctx, first.value, other.value, other.span);
    if (same.kind !== "bool") return same;
    if (!same.value) return conflicting(loc, definitions);
  }
  return first.value;
}

/** What an option without a type does with its definitions. */
export function mergeDefault(ctx: Evaluation, loc: Loc, definitions: readonly Ready[]): Value {
  const values = definitions.map(each => each.value);
  const [first] = values;
  if (first !== undefined && values.length === 1) return first;
  if (values.every(each => each.kind === "list")) return concatenated(values);
  if (values.every(each => each.kind === "attrs")) return updated(values);
  if (values.every(each => each.kind === "bool"))
    return boolValue(
      values.some(each => each.value),
      first?.span,
    );
  if (values.every(each => each.kind === "string")) return joined(values, "");
  if (values.every(each => each.kind === "int")) return mergeEqual(ctx, loc, definitions);
  return conflicting(loc, definitions);
}

export function concatenated(lists: readonly Extract<KnownValue, { kind: "list" }>[]): Value {
  const open = lists.find(list => list.open !== undefined)?.open;
  const list = listValue(
    lists.flatMap(list => list.items),
    lists[0]?.span,
  );
  return open === undefined ? list : { ...list, open };
}

function updated(sets: readonly Extract<KnownValue, { kind: "attrs" }>[]): Value {
  const attrs = new Map<string, Attr>();
  for (const set of sets) for (const [name, attr] of set.attrs) attrs.set(name, attr);
  const open = sets.find(set => set.open !== undefined)?.open;
  const set = attrsValue(attrs, sets[0]?.span);
  return open === undefined ? set : { ...set, open };
}

/** Strings with a separator between them; every piece keeps its place. */
export function joined(
  strings: readonly Extract<KnownValue, { kind: "string" }>[],
  separator: string,
): Value {
  const [first, ...others] = strings;
  if (first === undefined) return stringValue("");
  let { text, pieces } = first;
  const glue = stringValue(separator);
  for (const other of others) {
    pieces = both(both(pieces, glue.pieces), other.pieces);
    text += separator + other.text;
  }
  return stringValue(text, first.span, pieces?.length === text.length ? pieces : undefined);
}

function both(left: Parameters<typeof join>[0] | undefined, right: Parameters<typeof join>[0] | undefined) {
  return left === undefined || right === undefined ? undefined : join(left, right);
}

function simple(
  name: string,
  description: string,
  check: (value: KnownValue) => boolean,
  merge: OptionType["merge"] = mergeEqual,
): OptionType {
  return { name, description, check: (_ctx, value) => check(value), merge };
}

const anything = () => true;

export const UNSPECIFIED = simple("unspecified", "unspecified value", anything, mergeDefault);
export const RAW: OptionType = {
  ...simple("raw", "raw value", anything, mergeOne),
  single: true,
  takesCopies: true,
};
export const BOOL = simple("bool", "boolean", value => value.kind === "bool");
export const INT = simple("int", "signed integer", value => value.kind === "int");
export const FLOAT = simple("float", "floating point number", value => value.kind === "float");
export const NUMBER = simple(
  "number",
  "signed integer or floating point number",
  value => value.kind === "int" || value.kind === "float",
);
export const STR = simple("str", "string", value => value.kind === "string");

export function intBetween(
  name: string,
  description: string,
  low: bigint | undefined,
  high: bigint | undefined,
) {
  return simple(
    name,
    description,
    value =>
      value.kind === "int" &&
      (low === undefined || value.value >= low) &&
      (high === undefined || value.value <= high),
  );
}

export function numberBetween(low: number | undefined, high: number | undefined): OptionType {
  const within = (n: number) => (low === undefined || n >= low) && (high === undefined || n <= high);
  return simple("numberBetween", "number in a range", value =>
    value.kind === "int" ? within(Number(value.value)) : value.kind === "float" && within(value.value),
  );
}

export const PORT = intBetween(
  "unsignedInt16",
  "16 bit unsigned integer; between 0 and 65535 (both inclusive)",
  0n,
  65535n,
);

export const NON_EMPTY_STR = simple(
  "nonEmptyStr",
  "non-empty string",
  value => value.kind === "string" && /[^ \t\n]/.test(value.text),
);

/** A string whose final line break does not count. */
export const SINGLE_LINE_STR: OptionType = {
  name: "singleLineStr",
  description: "(optionally newline-terminated) single-line string",
  check: (_ctx, value) => value.kind === "string" && /^[^\n\r]*\n?$/.test(value.text),
  merge: (ctx, loc, definitions) => {
    const value = mergeEqual(ctx, loc, definitions);
    if (value.kind !== "string" || !value.text.endsWith("\n")) return value;
    return stringValue(value.text.slice(0, -1), value.span);
  },
};

export function separatedString(separator: string, name = "separatedString"): OptionType {
  return simple(
    name,
    `strings concatenated with ${JSON.stringify(separator)}`,
    value => value.kind === "string",
    (_ctx, _loc, definitions) =>
      joined(
        definitions.flatMap(each => (each.value.kind === "string" ? [each.value] : [])),
        separator,
      ),
  );
}

export const LINES = separatedString("\n");
export const COMMAS = separatedString(",");
export const ENV_VAR = separatedString(":");

export function enumOf(values: readonly Lazy[]): OptionType {
  return {
    name: "enum",
    description: "one of some values",
    check: (ctx, value) => {
      let certain = true;
      for (const each of values) {
        const same = equal(ctx, each, value, undefined);
        if (same.kind !== "bool") certain = false;
        else if (same.value) return true;
      }
      return certain ? false : undefined;
    },
    merge: mergeEqual,
  };
}

/** A path, or a string or string-like set that begins with a slash. */
export const PATH: OptionType = {
  name: "path",
  description: "absolute path",
  check: (_ctx, value) => {
    if (value.kind === "path") return true;
    if (value.kind === "string") return value.text.startsWith("/");
    return value.kind === "attrs" && (value.open !== undefined || value.attrs.has("outPath"))
      ? undefined
      : false;
  },
  merge: mergeEqual,
  takesCopies: true,
};

export const ATTRS: OptionType = {
  ...simple("attrs", "attribute set", value => value.kind === "attrs", mergeDefault),
  empty: attrsValue(new Map()),
};
export const BOOL_BY_OR = simple(
  "boolByOr",
  "boolean (merged using or)",
  value => value.kind === "bool",
  mergeDefault,
);

/** A package: nothing is built or looked into, so it is only told from what certainly is none. */
export const PACKAGE: OptionType = {
  name: "package",
  description: "package",
  check: (_ctx, value) =>
    value.kind === "attrs" ? undefined : value.kind === "path" || value.kind === "string" ? undefined : false,
  merge: mergeOne,
};

export const OPTION_TYPE: OptionType = {
  name: "optionType",
  description: "optionType",
  check: (_ctx, value) => value.kind === "attrs",
  merge: mergeOne,
};
