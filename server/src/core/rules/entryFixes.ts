// Fixes of values and list entries as text edits. A fix is only made where the text certainly stands there to be replaced:
// not behind an interpolation, not where a literal is an argument of a function.

import { spanInText, type TextDatum } from "../eval/datum";
import type { InSet, OptionFact, SettingFact } from "../facts/facts";
import { type Span, sameSpan } from "../text/span";
import type { EditsByPath } from "../text/textEdit";
import type { ListEntry } from "./listEntries";
import { enclosingBracket } from "./nixTokens";
import type { FileContext, Fix } from "./rule";

type Texts = Pick<FileContext, "textOf">;

/** What a fix is called and whether it may be applied unseen. */
export type FixLabel = Pick<Fix, "title" | "safety">;

export function editsAt(span: Span, newText: string): EditsByPath {
  return new Map([[span.path, [{ start: span.start, end: span.end, newText }]]]);
}

/** Replaces `text[start..end)` where it was typed; undefined if it was not typed in one piece. */
export function replaceInText(
  ctx: Texts,
  datum: TextDatum,
  range: { readonly start: number; readonly end: number },
  newText: string,
): EditsByPath | undefined {
  if (datum.unquoted === true) {
    const whole = datum.text.slice(0, range.start) + newText + datum.text.slice(range.end);
    return isPlain(whole) ? editsAt(datum.span, `"${whole}"`) : undefined;
  }
  const pieces = datum.pieces.filter(
    (piece, i) => (datum.pieces[i + 1]?.at ?? datum.text.length) >= range.start && piece.at <= range.end,
  );
  const span = typedSpan(ctx, datum, range);
  const whole = pieces.every(piece => piece.exact && piece.span.path === span?.path);
  return whole && span !== undefined && isPlain(newText) ? editsAt(span, newText) : undefined;
}

/** Where `text[start..end)` was typed, its escapes as a whole; undefined where it was not typed as it reads. */
function typedSpan(
  ctx: Texts,
  datum: TextDatum,
  range: { readonly start: number; readonly end: number },
): Span | undefined {
  const span = spanInText(datum, range.start, range.end);
  const text = ctx.textOf(span.path);
  if (text === undefined) return undefined;
  const cut = text.slice(span.start, span.end);
  const read = datum.text.slice(range.start, range.end);
  if (cut.includes("${")) return undefined;
  // the indentation of a text of several lines is no part of it
  if (withoutBlanks(cut) === withoutBlanks(read)) return span;
  // a character that is typed with a backslash maps to the backslash alone
  const end = /(?:^|[^\\])(?:\\\\)*\\$/.test(cut) ? span.end + 1 : span.end;
  return unescaped(text.slice(span.start, end)) === read ? { ...span, end } : undefined;
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function unescaped(typed: string): string {
  return typed.replaceAll(/\\([\s\S])/g, (_, char: string) => ESCAPED[char] ?? char);
}

/** Replaces a list entry by one or several; no fix if nothing is known to put there. */
export function replaceEntry(
  ctx: Texts,
  entry: ListEntry,
  texts: readonly string[],
  label: FixLabel,
): readonly Fix[] {
  const edits = texts.length === 0 ? undefined : editsForEntry(ctx, entry, texts);
  return edits === undefined ? [] : [{ ...label, edits }];
}

function editsForEntry(ctx: Texts, entry: ListEntry, texts: readonly string[]): EditsByPath | undefined {
  const { datum, form } = entry;
  const whole = { start: 0, end: datum.text.length };
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return replaceInText(ctx, datum, whole, only);
  if (form === "word") return replaceInText(ctx, datum, whole, texts.join(" "));
  // an interpolation would be written down as what it is today
  const typed = ctx.textOf(datum.span.path)?.slice(datum.span.start, datum.span.end) ?? "";
  if (!texts.every(isPlain) || !isListElement(ctx, entry) || typed.includes("${")) return undefined;
  return editsAt(datum.span, texts.map(text => `"${text}"`).join(" "));
}

/** Takes an entry out of its list. */
export function removeEntry(ctx: Texts, entry: ListEntry, label: FixLabel): readonly Fix[] {
  const { datum, form } = entry;
  const text = ctx.textOf(datum.span.path);
  if (text === undefined || (form === "item" && !isListElement(ctx, entry))) return [];
  const span = form === "item" ? datum.span : spanInText(datum, 0, datum.text.length);
  return [{ ...label, edits: editsAt(withBlanks(text, span), "") }];
}

/**
 * Gives an attribute or a line another name, `["settings", "sandbox"]`. Not what is inherited, not where the set holds that
 * name already, and not where its other values may use the old one.
 */
export function renameAttribute(fact: Renamed, name: readonly string[], label: FixLabel): readonly Fix[] {
  const { nameSpan, span, inSet } = fact;
  const inText = fact.surface === "option-text" || fact.surface === "nix.conf";
  if (sameSpan(nameSpan, span) || (inSet === undefined && !inText)) return [];
  if (inSet !== undefined && (inSet.recursive === true || isTaken(inSet, name))) return [];
  return [{ ...label, edits: editsAt(nameSpan, name.join(".")) }];
}

type Renamed = Pick<OptionFact, "nameSpan" | "span" | "inSet"> & Partial<Pick<SettingFact, "surface">>;

/** Whether the other name, or something in it or around it, has a value in the set already. */
export function isTaken({ path, taken }: InSet, name: readonly string[]): boolean {
  const wanted = [...path.slice(0, -1), ...name];
  return taken.some(other => wanted.every((part, i) => i >= other.length || part === other[i]));
}

/** Takes a whole binding or line out. */
export function removeBinding(ctx: Texts, whole: Span, label: FixLabel): readonly Fix[] {
  const text = ctx.textOf(whole.path);
  if (text === undefined || text.charAt(whole.end - 1) !== ";") return [];
  return [{ ...label, edits: editsAt(withBlanks(text, whole), "") }];
}

/** What is taken out, with the blanks before it; a comment behind it on its line stays on a line of its own. */
function withBlanks(text: string, span: Span): Span {
  const comment = /^[ \t]*(?=#|\/\*)/.exec(text.slice(span.end));
  const isFirst = /(^|\n)[ \t]*$/.test(text.slice(0, span.start));
  if (comment !== null && isFirst) return { ...span, end: span.end + comment[0].length };
  const before = /\s*$/.exec(text.slice(0, span.start))?.[0].length ?? 0;
  return { ...span, start: span.start - before };
}

/** Whether a text needs no escaping in any kind of string. */
export function isPlain(text: string): boolean {
  return !/["\\\n\r]|\$\{|''/.test(text);
}

/** Whether the entry's literal stands directly between the brackets of a list. */
function isListElement(ctx: Texts, entry: ListEntry): boolean {
  const { span } = entry.datum;
  const text = ctx.textOf(span.path);
  const { holder } = entry;
  if (
    text === undefined ||
    holder.path !== span.path ||
    holder.start >= span.start ||
    holder.end < span.end
  ) {
    return false;
  }
  const typed = text.slice(span.start, span.end);
  const single =
    entry.datum.unquoted === true || /^"(?:[^"\\]|\\[\s\S])*"$/.test(typed) || /^''[^']*''$/.test(typed);
  return single && enclosingBracket(text.slice(holder.start, span.start)) === "[";
}
