// Fixes of attributes in sets that evaluation found: another name, a further binding. Only where the text at the place
// is what it is taken for; what reached the set through a function or `inherit` is left alone.

import type { Span } from "../text/span";
import type { EditsByPath } from "../text/textEdit";
import { editsAt, type FixLabel } from "./entryFixes";
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

/** Replaces what stands at `span` if it is exactly `typed`. */
export function replaceTyped(
  ctx: Texts,
  span: Span,
  typed: string,
  newText: string,
): EditsByPath | undefined {
  return ctx.textOf(span.path)?.slice(span.start, span.end) === typed ? editsAt(span, newText) : undefined;
}

/** Nix source of an attribute name. */
export function quotedName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_'-]*$/.test(name) ? name : JSON.stringify(name);
}
