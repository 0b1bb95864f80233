// Where a function's argument is declared, for errors that are about one argument of a whole function.

import type { SourceFile } from "../syntax/expr";
import type { Span } from "../text/span";

/** The place of the argument `name` in the function that stands at `span`; undefined if there is none. */
export function findFormal(file: SourceFile | undefined, span: Span, name: string): Span | undefined {
  if (file === undefined) return undefined;
  const pending: unknown[] = [file.root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== "object" || next === null) continue;
    const node = next as { kind?: unknown; start?: unknown; end?: unknown; formals?: unknown };
    if (node.kind === "lambda" && node.start === span.start && node.end === span.end) {
      return formalOf(node.formals, span.path, name);
    }
    if (typeof node.start === "number" && typeof node.end === "number") {
      if (node.start > span.start || node.end < span.end) continue;
    }
    pending.push(...Object.values(next));
  }
  return undefined;
}

function formalOf(formals: unknown, path: string, name: string): Span | undefined {
  const items = typeof formals === "object" && formals !== null && "items" in formals ? formals.items : [];
  if (!Array.isArray(items)) return undefined;
  for (const item of items as readonly { name: { name: string; start: number; end: number } }[]) {
    if (item.name.name === name) return { path, start: item.name.start, end: item.name.end };
  }
  return undefined;
}
