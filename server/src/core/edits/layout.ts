// Inserts and removes bindings and list items as their neighbours are written: same indentation, same line or a line of
// their own, comments at the end of a line left with what they speak of.

import type { AttrsExpr, Expr, ListExpr, SourceFile } from "../syntax/expr";
import type { TextEdit } from "../text/textEdit";
import { indentUnit, printPath } from "./printNix";

/** Adds items behind the last one. */
export function addItems(file: SourceFile, list: ListExpr, items: readonly string[]): TextEdit {
  const last = list.items.at(-1);
  if (last === undefined) {
    const inside = file.text.slice(list.start + 1, list.end - 1);
    if (inside.trim() === "") return replace(list.start, list.end, `[ ${items.join(" ")} ]`);
    return insert(list.end - 1, `${items.join(" ")} `);
  }
  if (!isOnOwnLine(file.text, last)) return insert(last.end, items.map(item => ` ${item}`).join(""));
  const indent = indentAt(file.text, last.start);
  return insert(endOfLineWith(file, last.end), items.map(item => `\n${indent}${item}`).join(""));
}

/** Takes one item out; its line goes with it unless a comment stands there. */
export function removeItem(file: SourceFile, item: Expr): TextEdit {
  const { text } = file;
  const lineEnd = lineEndAt(text, item.end);
  const behind = text.slice(item.end, lineEnd);
  if (isOnOwnLine(text, item)) {
    const lineStart = text.lastIndexOf("\n", item.start - 1) + 1;
    if (behind.trim() === "" && lineEnd < text.length) return replace(lineStart, lineEnd + 1, "");
    return replace(item.start, item.end + behind.length - behind.trimStart().length, "");
  }
  const before = text.slice(0, item.start).replace(/[ \t]+$/, "").length;
  return replace(before, item.end, "");
}

/** Adds `path = value;` to a set, behind the binding whose path is most alike, else at the end. */
export function addBinding(
  file: SourceFile,
  set: AttrsExpr,
  path: readonly string[],
  print: (indent: string) => string,
): TextEdit {
  const { text } = file;
  const anchor = nearestBinding(set, path);
  const written = (indent: string) => `${printPath(path)} = ${print(indent)};`;
  if (anchor === undefined) return intoEmptySet(text, set, written);
  const indent = indentAt(text, anchor.start);
  if (!isOnOwnLine(text, anchor) || isOneLine(text, set)) return insert(anchor.end, ` ${written(indent)}`);
  return insert(endOfLineWith(file, anchor.end), `\n${indent}${written(indent)}`);
}

function intoEmptySet(text: string, set: AttrsExpr, written: (indent: string) => string): TextEdit {
  const close = set.end - 1;
  const outer = indentAt(text, set.start);
  const indent = outer + indentUnit(outer);
  if (text.slice(set.start + 1, close).trim() === "" && !text.slice(set.start, close).includes("\n"))
    return replace(set.start, set.end, `{\n${indent}${written(indent)}\n${outer}}`);
  const before = text.slice(0, close).replace(/[ \t]+$/, "").length;
  const isOwnLine = text[before - 1] === "\n";
  return replace(before, close, `${isOwnLine ? "" : "\n"}${indent}${written(indent)}\n${outer}`);
}

function nearestBinding(set: AttrsExpr, path: readonly string[]): AttrsExpr["bindings"][number] | undefined {
  let best: AttrsExpr["bindings"][number] | undefined;
  let bestLength = 0;
  for (const binding of set.bindings) {
    const names = binding.kind === "binding" ? binding.path : [];
    const length = names.findIndex((name, i) => name.kind !== "static" || name.name !== path[i]);
    const common = length < 0 ? names.length : length;
    if (common >= bestLength) {
      best = binding;
      bestLength = common;
    }
  }
  return best;
}

/** The offset behind a comment that stands on the same line, or the given one. */
function endOfLineWith(file: SourceFile, offset: number): number {
  const lineEnd = lineEndAt(file.text, offset);
  const comment = file.comments.find(each => each.start >= offset && each.start < lineEnd);
  if (comment === undefined || file.text.slice(offset, comment.start).trim() !== "") return offset;
  return comment.end <= lineEnd ? comment.end : offset;
}

function isOnOwnLine(text: string, { start }: { readonly start: number }): boolean {
  return /^[ \t]*$/.test(text.slice(text.lastIndexOf("\n", start - 1) + 1, start));
}

function isOneLine(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  return !text.slice(start, end).includes("\n");
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1))?.[0] ?? "";
}

function lineEndAt(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}

function insert(at: number, newText: string): TextEdit {
  return { start: at, end: at, newText };
}

function replace(start: number, end: number, newText: string): TextEdit {
  return { start, end, newText };
}
