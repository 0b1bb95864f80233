// Builtins on strings. Nix counts bytes; an answer that would cut a character in two is Unknown.

import type { Span } from "../../text/span";
import {
  append,
  type Coercion,
  coerceToString,
  derived,
  EMPTY_TEXT,
  finishText,
  INTERPOLATION,
  PLAIN,
  piecesOf,
  type Text,
  TO_STRING,
} from "../coerce";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { slice } from "../provenance";
import {
  errorValue,
  intValue,
  type Lazy,
  pathValue,
  type StringValue,
  stringValue,
  unknownValue,
  type Value,
} from "../value";
import { byteLength, isAscii, unitAtByte } from "./bytes";
import { arg, type NativeBuiltin } from "./native";

/** A part of a string that still points at where it was typed. */
export function part(of: StringValue, from: number, to: number): StringValue {
  const pieces = piecesOf(of);
  return stringValue(of.text.slice(from, to), of.span, pieces && slice(pieces, from, to - from));
}

/** Gives `use` the coerced string. */
export function useText(
  ctx: Evaluation,
  lazy: Lazy,
  how: Coercion,
  site: Span | undefined,
  use: (text: StringValue) => Value,
): Value {
  return ctx.useString(coerceToString(ctx, lazy, how, site), site, use);
}

function substring(
  ctx: Evaluation,
  start: bigint,
  length: bigint,
  of: StringValue,
  site: Span | undefined,
): Value {
  if (start < 0n) return errorValue("evaluation", "negative start position in 'substring'", site);
  const { text } = of;
  if (!ctx.spend(1 + (text.length >> 6))) return ctx.limit;
  const bytes = BigInt(byteLength(text));
  const from = start > bytes ? bytes : start;
  const to = length < 0n || start + length > bytes ? bytes : start + length;
  if (isAscii(text)) return part(of, Number(from), Number(to));
  const first = unitAtByte(text, Number(from));
  const last = unitAtByte(text, Number(to));
  return first === undefined || last === undefined
    ? unknownValue("cuts a character in two", site)
    : part(of, first, last);
}

function concatStringsSep(
  ctx: Evaluation,
  separator: StringValue,
  list: Lazy,
  site: Span | undefined,
): Value {
  return ctx.useList(list, site, ({ items, open }) => {
    if (open !== undefined) return unknownValue(open, site);
    const from = (start: number, so: Text): Value => {
      let text = so;
      for (let i = start; i < items.length; i++) {
        const value = coerceToString(ctx, items[i] ?? ctx.limit, INTERPOLATION, site);
        if (value.kind === "error") return value;
        const before = i === 0 ? text : append(text, separator, site);
        if (value.kind === "alternatives") {
          const rest = (one: Value) => from(i + 1, append(before, one, site));
          return ctx.each(value, rest, rest);
        }
        text = append(before, value, site);
        if (!ctx.spend(1)) return ctx.limit;
      }
      return finishText(ctx, text, site);
    };
    return from(0, EMPTY_TEXT);
  });
}

function replaceStrings(ctx: Evaluation, from: Lazy, to: Lazy, of: Lazy, site: Span | undefined): Value {
  return useStrings(ctx, from, site, patterns =>
    ctx.useList(to, site, ({ items, open }) => {
      if (open !== undefined) return unknownValue(open, site);
      if (items.length !== patterns.length) {
        const message = "'from' and 'to' arguments passed to builtins.replaceStrings have different lengths";
        return errorValue("evaluation", message, site);
      }
      return ctx.useString(of, site, text => {
        const replaced = replace(ctx, patterns, items, text, site);
        if (replaced.kind === "error") return replaced;
        // Older versions of Nix evaluate the replacements that are not used, too.
        const failing = items.some(item => ctx.attempt(item).kind !== "string");
        return failing ? unknownValue("a replacement that is no string", site) : replaced;
      });
    }),
  );
}

function useStrings(
  ctx: Evaluation,
  list: Lazy,
  site: Span | undefined,
  use: (texts: readonly StringValue[]) => Value,
): Value {
  return ctx.useList(list, site, ({ items, open }) => {
    if (open !== undefined) return unknownValue(open, site);
    const from = (texts: readonly StringValue[]): Value => {
      const next = items[texts.length];
      if (next === undefined) return use(texts);
      const value = ctx.force(next);
      if (value.kind === "string") return from([...texts, value]);
      return ctx.useString(value, site, text => from([...texts, text]));
    };
    return items.length > 200 ? unknownValue("too many strings to replace", site) : from([]);
  });
}

function replace(
  ctx: Evaluation,
  from: readonly StringValue[],
  to: readonly Lazy[],
  of: StringValue,
  site: Span | undefined,
): Value {
  const { text } = of;
  if (from.some(pattern => pattern.text === "") && !isAscii(text)) {
    return unknownValue("an empty pattern between the bytes of a character", site);
  }
  let result: Text = EMPTY_TEXT;
  let copied = 0;
  const copy = (until: number) => {
    if (until > copied) result = append(result, part(of, copied, until), site);
    copied = until;
  };
  for (let at = 0; at <= text.length; ) {
    if (!ctx.spend(from.length)) return ctx.limit;
    const found = from.findIndex(pattern => text.startsWith(pattern.text, at));
    const pattern = from[found];
    const replacement = to[found];
    if (pattern === undefined || replacement === undefined) {
      at++;
      continue;
    }
    copy(at);
    const inserted = ctx.force(replacement);
    if (inserted.kind === "error" || inserted.kind === "unknown") return inserted;
    if (inserted.kind === "alternatives")
      return unknownValue("a replacement hangs on an unknown condition", site);
    if (inserted.kind !== "string") return expected("a string", inserted, site);
    result = append(result, inserted, site);
    if (pattern.text === "") at++;
    else {
      at += pattern.text.length;
      copied = at;
    }
  }
  copy(text.length);
  return finishText(ctx, result, of.span ?? site);
}

/** Everything after the last slash; one trailing slash does not count. */
function baseName(of: StringValue): StringValue {
  const { text } = of;
  if (text === "") return of;
  const last = text.endsWith("/") && text.length > 1 ? text.length - 2 : text.length - 1;
  return part(of, text.lastIndexOf("/", last) + 1, last + 1);
}

function directoryName(of: StringValue): StringValue {
  const cut = of.text.lastIndexOf("/");
  if (cut === -1) return derived(".", of.span);
  return part(of, 0, cut === 0 ? 1 : cut);
}

function baseNameOf(ctx: Evaluation, lazy: Lazy, site: Span | undefined): Value {
  return ctx.use(lazy, value => {
    if (value.kind === "path") {
      const { inStore } = ctx.world.options;
      const parent = value.path.slice(0, Math.max(1, value.path.lastIndexOf("/")));
      const root = (inStore?.(value.path) ?? false) && !(inStore?.(parent) ?? false);
      if (root) return unknownValue(`the store path of ${value.path}`, value.span);
      return baseName(derived(value.path, value.span ?? site));
    }
    return useText(ctx, value, PLAIN, site, baseName);
  });
}

function dirOf(ctx: Evaluation, lazy: Lazy, site: Span | undefined): Value {
  return ctx.use(lazy, value => {
    if (value.kind !== "path") return useText(ctx, value, PLAIN, site, directoryName);
    return pathValue(directoryName(stringValue(value.path)).text, value.span ?? site);
  });
}

export const STRING_BUILTINS: readonly NativeBuiltin[] = [
  ["toString", 1, (ctx, args, site) => coerceToString(ctx, arg(args, 0), TO_STRING, site)],
  [
    "stringLength",
    1,
    (ctx, args, site) =>
      useText(ctx, arg(args, 0), INTERPOLATION, site, ({ text }) =>
        ctx.spend(text.length >> 6) ? intValue(byteLength(text), site) : ctx.limit,
      ),
  ],
  [
    "substring",
    3,
    (ctx, args, site) =>
      ctx.useInt(arg(args, 0), site, start =>
        ctx.useInt(arg(args, 1), site, length =>
          useText(ctx, arg(args, 2), INTERPOLATION, site, text => substring(ctx, start, length, text, site)),
        ),
      ),
  ],
  [
    "concatStringsSep",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, separator => concatStringsSep(ctx, separator, arg(args, 1), site)),
  ],
  [
    "replaceStrings",
    3,
    (ctx, args, site) => replaceStrings(ctx, arg(args, 0), arg(args, 1), arg(args, 2), site),
  ],
  ["baseNameOf", 1, (ctx, args, site) => baseNameOf(ctx, arg(args, 0), site)],
  ["dirOf", 1, (ctx, args, site) => dirOf(ctx, arg(args, 0), site)],
];
