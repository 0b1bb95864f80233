// Attribute sets as they stand on the page: nested paths, `rec` and `inherit`.

import type { AttrsExpr } from "../syntax/expr";
import type { Span } from "../text/span";
import { spanOf } from "../text/span";
import { type AttrDatum, type AttrsDatum, type Datum, knownText } from "./datum";
import type { LiteralContext, Read } from "./literalReader";
import { inherited, type LiteralScope, scopeOfBindings } from "./literalScope";

/** A set; it is open where a name is computed. */
export function readAttrs(ctx: LiteralContext, expr: AttrsExpr, scope: LiteralScope, read: Read): AttrsDatum {
  const inner = expr.recursive ? scopeOfBindings(expr.bindings, scope) : scope;
  const entries = new Map<string, AttrDatum>();
  let complete = true;
  for (const binding of expr.bindings) {
    if (binding.kind === "inherit") {
      for (const name of binding.names) {
        if (name.kind !== "static") continue;
        const meaning = inherited(binding.from, name.name, name, scope, inner);
        entries.set(name.name, {
          value: read(meaning.expr, meaning.scope),
          nameSpan: spanOf(ctx.path, name),
        });
      }
      continue;
    }
    const names: { name: string; span: Span }[] = [];
    for (const part of binding.path) {
      const name = part.kind === "static" ? part.name : knownText(read(part.expr, inner));
      if (name !== undefined) names.push({ name, span: spanOf(ctx.path, part) });
    }
    if (names.length < binding.path.length) complete = false;
    else put(entries, names, read(binding.value, inner), spanOf(ctx.path, binding));
  }
  return { kind: "attrs", span: spanOf(ctx.path, expr), entries, complete };
}

/** Sets `a.b.c` in nested sets; two sets under one name become one, as in Nix. */
function put(
  entries: Map<string, AttrDatum>,
  names: readonly { name: string; span: Span }[],
  value: Datum,
  span: Span,
): void {
  const [first, ...rest] = names;
  if (first === undefined) return;
  const before = entries.get(first.name)?.value;
  const inner = new Map(before?.kind === "attrs" ? before.entries : []);
  if (rest.length > 0) {
    put(inner, rest, value, span);
    const complete = before?.kind === "attrs" ? before.complete : true;
    entries.set(first.name, {
      value: { kind: "attrs", span, entries: inner, complete },
      nameSpan: first.span,
    });
    return;
  }
  if (value.kind === "attrs") {
    for (const [name, entry] of value.entries) inner.set(name, entry);
    entries.set(first.name, { value: { ...value, entries: inner }, nameSpan: first.span });
    return;
  }
  entries.set(first.name, { value, nameSpan: first.span });
}
