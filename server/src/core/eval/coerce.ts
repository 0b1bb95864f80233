// Turning values into strings the way Nix does: interpolation, `+` and `toString` differ in what they take. Text that
// is only partly known is Unknown with its known pieces.

import type { Span } from "../text/span";
import { UNKNOWN_TEXT } from "./datum";
import { describe } from "./describe";
import type { Evaluation } from "./evaluation";
import { floatText } from "./numbers";
import { join, type Provenance, roughly } from "./provenance";
import {
  type AttrsValue,
  errorValue,
  type KnownValue,
  type Lazy,
  type ListValue,
  type StringValue,
  stringValue,
  type UnknownValue,
  unknownValue,
  type Value,
} from "./value";

export interface Coercion {
  /** Numbers, booleans, null and lists too, as `toString` does. */
  readonly lenient: boolean;
  /** A path becomes its copy in the store (whose name is not known here), as in interpolation. */
  readonly copies: boolean;
}

export const INTERPOLATION: Coercion = { lenient: false, copies: true };
export const TO_STRING: Coercion = { lenient: true, copies: false };
export const PLAIN: Coercion = { lenient: false, copies: false };

/** A string, or Unknown (with `partial` where some of the text is known), or an error, or alternatives of these. */
export function coerceToString(ctx: Evaluation, lazy: Lazy, how: Coercion, site: Span | undefined): Value {
  return ctx.use(
    lazy,
    value => coerceKnown(ctx, value, how, site),
    text => text,
  );
}

function coerceKnown(ctx: Evaluation, value: KnownValue, how: Coercion, site: Span | undefined): Value {
  switch (value.kind) {
    case "string":
      return value;
    case "path":
      if (how.copies) return storePath(value.path, value.span ?? site);
      return pathText(ctx, value.path, value.span ?? site);
    case "attrs":
      return coerceSet(ctx, value, how, site);
    default:
      if (how.lenient) return coerceLeniently(ctx, value, how, site);
      return errorValue("type", `cannot coerce ${describe(value)} to a string`, site);
  }
}

/** The text of a path's copy in the store: not known, but it can be followed like the path itself. */
export function storePath(path: string, span: Span | undefined): UnknownValue {
  const pieces = span === undefined ? undefined : roughly(span, UNKNOWN_TEXT.length);
  const partial = { text: UNKNOWN_TEXT, pieces, copyOf: path };
  return { kind: "unknown", reason: `the store path of ${path}`, span, partial };
}

/** The path that a text names which begins with the store path of something that can be followed. */
export function followed(value: Value): string | undefined {
  if (value.kind !== "unknown" || value.partial?.copyOf === undefined) return undefined;
  const rest = value.partial.text.slice(UNKNOWN_TEXT.length);
  if (rest.includes(UNKNOWN_TEXT) || (rest !== "" && !rest.startsWith("/"))) return undefined;
  return value.partial.copyOf + rest;
}

function coerceLeniently(ctx: Evaluation, value: KnownValue, how: Coercion, site: Span | undefined): Value {
  const span = value.span ?? site;
  switch (value.kind) {
    case "null":
      return derived("", span);
    case "bool":
      return derived(value.value ? "1" : "", span);
    case "int":
      return derived(value.value.toString(), span);
    case "float":
      return derived(floatText(value.value), span);
    case "list":
      return coerceList(ctx, value, how, site);
    default:
      return errorValue("type", `cannot coerce ${describe(value)} to a string`, site);
  }
}

/** A path's own text; not known for what Nix would have copied to the store first. */
export function pathText(ctx: Evaluation, path: string, span: Span | undefined): Value {
  if (ctx.world.options.inStore?.(path)) return storePath(path, span);
  return derived(path, span);
}

function coerceSet(ctx: Evaluation, set: AttrsValue, how: Coercion, site: Span | undefined): Value {
  const method = set.attrs.get("__toString");
  if (method !== undefined) {
    const text = ctx.call(method.value, [set], site);
    return coerceToString(ctx, text, how, site);
  }
  const outPath = set.attrs.get("outPath");
  if (set.open !== undefined && outPath === undefined) return unknownText(set.open, set.span ?? site);
  if (outPath !== undefined) return coerceToString(ctx, outPath.value, how, site);
  return errorValue("type", "cannot coerce a set to a string", site);
}

function coerceList(ctx: Evaluation, list: ListValue, how: Coercion, site: Span | undefined): Value {
  if (list.open !== undefined) return unknownText(list.open, list.span ?? site);
  const span = list.span ?? site;
  const from = (index: number, so: Text): Value => {
    let text = so;
    for (let i = index; i < list.items.length; i++) {
      const item = ctx.force(list.items[i] ?? NULL);
      const last = i === list.items.length - 1;
      const isEmptyList = item.kind === "list" && item.items.length === 0 && item.open === undefined;
      const separator = last || isEmptyList ? "" : " ";
      const piece = coerceToString(ctx, item, how, site);
      if (piece.kind === "error") return piece;
      const next = (one: Value) => append(append(text, one, span), derived(separator, span), span);
      if (piece.kind === "alternatives") {
        return ctx.each(
          piece,
          known => from(i + 1, next(known)),
          unknown => from(i + 1, next(unknown)),
        );
      }
      text = next(piece);
    }
    return finishText(ctx, text, span);
  };
  return from(0, EMPTY_TEXT);
}

const NULL: Value = { kind: "null", span: undefined };

/** A text being put together. */
export interface Text {
  readonly text: string;
  readonly pieces: Provenance | undefined;
  /** Why some of it is not known. */
  readonly unknown: string | undefined;
  /** See PartialText. */
  readonly copyOf?: string;
  /** Characters added to the first piece: what it costs, since JavaScript shares the text of both. */
  readonly added: number;
}

export const EMPTY_TEXT: Text = { text: "", pieces: undefined, unknown: undefined, added: 0 };

/** Appends a string or an Unknown; anything else leaves a piece that is not known. */
export function append(to: Text, value: Value, site: Span | undefined): Text {
  const from = value.kind === "string" ? value : value.kind === "unknown" ? value.partial : undefined;
  const text = from?.text ?? UNKNOWN_TEXT;
  const span = value.span ?? site;
  const pieces = from?.pieces ?? (span === undefined ? undefined : roughly(span, text.length));
  const known = value.kind === "string" ? to.unknown : (to.unknown ?? reasonOf(value));
  const copyOf = to.text === "" && value.kind === "unknown" ? value.partial?.copyOf : to.copyOf;
  const copied = copyOf === undefined ? {} : { copyOf };
  if (to.text === "") return { text, pieces, unknown: known, ...copied, added: to.added };
  const joined = to.pieces === undefined || pieces === undefined ? undefined : join(to.pieces, pieces);
  const added = to.added + text.length;
  return { text: to.text + text, pieces: joined, unknown: known, ...copied, added };
}

function reasonOf(value: Value): string {
  return value.kind === "unknown" ? value.reason : "hangs on an unknown condition";
}

/** The text as a value: a string, or an Unknown that keeps the known pieces. */
export function finishText(ctx: Evaluation, text: Text, span: Span | undefined): Value {
  const full = ctx.allocate(text.added >> 2);
  if (full !== undefined) return full;
  if (text.unknown === undefined) return stringValue(text.text, span, text.pieces);
  const copied = text.copyOf === undefined ? {} : { copyOf: text.copyOf };
  const partial = { text: text.text, pieces: text.pieces, ...copied };
  return { kind: "unknown", reason: text.unknown, span, partial };
}

function unknownText(reason: string, span: Span | undefined): UnknownValue {
  return unknownValue(reason, span);
}

/** A string that was not typed as such but comes from what stands at `span`. */
export function derived(text: string, span: Span | undefined): StringValue {
  return stringValue(text, span, span === undefined ? undefined : roughly(span, text.length));
}

/** The provenance of a string, made up from its span where it has none. */
export function piecesOf(value: StringValue): Provenance | undefined {
  return value.pieces ?? (value.span === undefined ? undefined : roughly(value.span, value.text.length));
}
