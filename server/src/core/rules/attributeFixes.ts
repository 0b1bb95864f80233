// Fixes of attributes in sets that evaluation found: another name, a further binding. Only where the text at the place
// is what it is taken for; what reached the set through a function or `inherit` is left alone.

import type { AttrDatum, AttrsDatum } from "../eval/datum";
import type { Span } from "../text/span";
import type { EditsByPath } from "../text/textEdit";
import { editsAt, type FixLabel } from "./entryFixes";
import { insertBeside } from "./insertions";
import type { FileContext, Fix } from "./rule";

type Texts = Pick<FileContext, "textOf">;

/** Gives the attribute whose name stands at `nameSpan` another name. */
export function renameName(
  ctx: Texts,
  nameSpan: Span,
  from: string,
  to: string,
  label: FixLabel,
): readonly Fix[] {
  const text = ctx.textOf(nameSpan.path);
  const typed = text?.slice(nameSpan.start, nameSpan.end);
  if (text === undefined || (typed !== from && typed !== `"${from}"`)) return [];
  const isDefined = /^\s*(?:=(?!=)|\.)/.test(text.slice(nameSpan.end, nameSpan.end + 200));
  return isDefined ? [{ ...label, edits: editsAt(nameSpan, to) }] : [];
}

/** Adds a binding at the beginning of the set literal that stands at `set`. */
export function insertBinding(ctx: Texts, set: Span, binding: string): EditsByPath | undefined {
  const text = ctx.textOf(set.path);
  const source = text?.slice(set.start, set.end) ?? "";
  const opening = /^(?:rec\s*)?\{/.exec(source)?.[0];
  if (text === undefined || opening === undefined || !source.endsWith("}")) return undefined;
  const at = { path: set.path, start: set.start + opening.length, end: set.start + opening.length };
  const inside = source.slice(opening.length, -1);
  if (inside.trim() === "")
    return editsAt({ ...set, start: at.start, end: set.end - 1 }, ` ${binding.replace(/\n\s*/g, " ")} `);
  const firstLine = /^[ \t]*\n(?:[ \t]*\n)*([ \t]*)/.exec(inside);
  return firstLine === null
    ? editsAt(at, ` ${binding.replace(/\n\s*/g, " ")}`)
    : editsAt(at, `\n${firstLine[1] ?? ""}${binding.replaceAll("\n", `\n${firstLine[1] ?? ""}`)}`);
}

/** Adds `name = value;` to a set: into its literal, or behind the last of bindings that are written one by one. */
export function addToSet(ctx: Texts, set: AttrsDatum, name: string, value: string): EditsByPath | undefined {
  const written = [...set.entries.values()];
  return written.every(({ nameSpan }) => coversSpan(set.span, nameSpan))
    ? insertBinding(ctx, set.span, `${name} = ${value};`)
    : besideLast(ctx, written, name, value);
}

/** As `deploy.nodes.web = { … };`, where the set that holds `web` has no literal of its own. */
function besideLast(
  ctx: Texts,
  bindings: readonly AttrDatum[],
  name: string,
  value: string,
): EditsByPath | undefined {
  const last = bindings.at(-1);
  const { nameSpan } = last ?? {};
  const text = nameSpan === undefined ? undefined : ctx.textOf(nameSpan.path);
  if (last === undefined || nameSpan === undefined || text === undefined) return undefined;
  const before = /[\w.'"-]*$/.exec(text.slice(0, nameSpan.start))?.[0] ?? "";
  const between = text.slice(nameSpan.end, last.value.span.start);
  const rest = /^\s*;/.exec(text.slice(last.value.span.end))?.[0];
  const isBinding = last.value.span.path === nameSpan.path && /^(\.[\w'"-]+)*\s*=\s*$/.test(between);
  if (!isBinding || rest === undefined) return undefined;
  const start = nameSpan.start - before.length;
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start) + 1))?.[0] ?? "";
  const span = { path: nameSpan.path, start, end: last.value.span.end + rest.length };
  return insertBeside(ctx, { span, nameSpan }, name, value.replaceAll("\n", `\n${indent}`));
}

export function coversSpan(outer: Span, inner: Span): boolean {
  return outer.path === inner.path && outer.start <= inner.start && inner.end <= outer.end;
}

/** Replaces what stands at `span` if it is exactly `typed`. */
export function replaceTyped(
  ctx: Texts,
  span: Span,
  typed: string,
  newText: string,
): EditsByPath | undefined {
  return ctx.textOf(span.path)?.slice(span.start, span.end) === typed ? editsAt(span, newText) : undefined;
}

/** Replaces an attribute name, with or without quotes, by another. */
export function replaceName(ctx: Texts, span: Span, name: string, other: string): EditsByPath | undefined {
  return (
    replaceTyped(ctx, span, name, quotedName(other)) ??
    replaceTyped(ctx, span, JSON.stringify(name), quotedName(other))
  );
}

/** Nix source of an attribute name. */
export function quotedName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_'-]*$/.test(name) ? name : JSON.stringify(name);
}
