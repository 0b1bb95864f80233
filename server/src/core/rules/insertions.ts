// Fixes that put something new into a configuration: an item into a list, a binding beside another, an option into the
// module of one host. Only where the text shows that it is the right place; else there is no fix.

import type { OptionFact, SettingFact } from "../facts/facts";
import type { Fleet, Host } from "../fleet/fleet";
import type { Span } from "../text/span";
import type { EditsByPath } from "../text/textEdit";
import { editsAt, isTaken } from "./entryFixes";
import { isListLiteral } from "./nixTokens";
import type { FileContext } from "./rule";

type Texts = Pick<FileContext, "textOf">;

/** Adds an item (Nix source) behind the last one of a list literal. */
export function insertItem(ctx: Texts, list: Span, item: string): EditsByPath | undefined {
  const text = ctx.textOf(list.path);
  if (text === undefined || !isListLiteral(text.slice(list.start, list.end))) return undefined;
  const inside = text.slice(list.start + 1, list.end - 1);
  const last = list.start + 1 + inside.trimEnd().length;
  if (inside.trim() === "") return editsAt(list, `[ ${item} ]`);
  const line = text.slice(text.lastIndexOf("\n", last - 1) + 1, last);
  const onOwnLine = inside.includes("\n");
  // Behind a comment on the last line an item would be part of it.
  const separator = onOwnLine || line.includes("#") ? `\n${/^[ \t]*/.exec(line)?.[0] ?? ""}` : " ";
  return editsAt({ path: list.path, start: last, end: last }, `${separator}${item}`);
}

/**
 * Adds `name = value;` behind a binding, in the same set: `nix.settings.a = 1;` gets `nix.settings.name = value;`. Not
 * where the set has that name already, be it in a definition that takes no effect.
 */
export function insertBeside(
  ctx: Texts,
  fact: Pick<OptionFact, "span" | "nameSpan" | "inSet">,
  name: string,
  value: string,
): EditsByPath | undefined {
  const { span, nameSpan } = fact;
  const text = ctx.textOf(span.path);
  if (text === undefined || nameSpan.path !== span.path || text.charAt(span.end - 1) !== ";")
    return undefined;
  if (fact.inSet !== undefined && isTaken(fact.inSet, [name])) return undefined;
  const prefix = text.slice(span.start, nameSpan.start);
  if (!/^[\w.'"-]*$/.test(prefix)) return undefined;
  return bindingAfter(text, span, `${prefix}${name} = ${value};`);
}

/** On a line of its own, or on the same line where other bindings stand on it too. */
function bindingAfter(text: string, span: Span, binding: string): EditsByPath {
  const line = text.slice(text.lastIndexOf("\n", span.start - 1) + 1, span.start);
  const isFirst = /^[ \t]*$/.test(line);
  const comment = isFirst ? /^[ \t]*#[^\n]*/.exec(text.slice(span.end)) : null;
  const at = span.end + (comment?.[0].length ?? 0);
  return editsAt({ path: span.path, start: at, end: at }, `${isFirst ? `\n${line}` : " "}${binding}`);
}

/** Adds a line behind a line of nix.conf text. */
export function insertLine(ctx: Texts, fact: SettingFact, line: string): EditsByPath | undefined {
  const text = ctx.textOf(fact.span.path);
  if (text === undefined) return undefined;
  const at = fact.span.end;
  if (text.charAt(at) !== "\n" && at < text.length && !text.slice(at).startsWith("\r\n")) return undefined;
  return editsAt({ path: fact.span.path, start: at, end: at }, `\n${indentAt(text, fact.span.start)}${line}`);
}

/**
 * Sets an option of one host: its literal value where it is defined, else a new binding in a module that this host alone
 * reads, beside one that stands at the module's root.
 */
export function setOption(
  ctx: Texts & { readonly fleet: Fleet },
  host: Host,
  option: readonly string[],
  value: string,
): EditsByPath | undefined {
  const id = option.join(".");
  const own = host.options.filter(fact => fact.option.join(".") === id);
  const [defined, other] = own;
  if (defined !== undefined) {
    const span = defined.value.span;
    const typed = ctx.textOf(span.path)?.slice(span.start, span.end) ?? "";
    const literal = /^(true|false|"[^"$\\]*"|\[\s*\])$/.test(typed);
    return other === undefined && literal ? editsAt(span, value) : undefined;
  }
  const beside = host.options.find(
    fact =>
      fact.option.length === option.length &&
      fact.option.slice(0, -1).join(".") === option.slice(0, -1).join(".") &&
      fact.conditions.length === 0 &&
      fact.nameSpan.path !== "",
  );
  const name = option.at(-1) ?? "";
  if (beside !== undefined) return insertBeside(ctx, beside, name, value);
  const root = rootBinding(ctx, host, option);
  const text = root === undefined ? undefined : ctx.textOf(root.path);
  if (root === undefined || text === undefined) return undefined;
  return bindingAfter(text, root, `${id} = ${value};`);
}

/** A binding at the root of a module that no other host reads, in a set that has not that option yet. */
function rootBinding(
  ctx: Texts & { readonly fleet: Fleet },
  host: Host,
  option: readonly string[],
): Span | undefined {
  const byPath = readersOf(ctx.fleet);
  const names = option.map(name => name.replace(/^"(.*)"$/, "$1"));
  for (const fact of host.options) {
    const { outermost } = fact;
    if (outermost === undefined || byPath.get(pathOf(fact)) !== host || fact.conditions.length > 0) continue;
    const { span, inSet } = outermost;
    const ends = ctx.textOf(span.path)?.charAt(span.end - 1) === ";";
    if (ends && span.path === pathOf(fact) && !isTaken({ path: [""], taken: inSet.taken }, names))
      return span;
  }
  return undefined;
}

const readers = new WeakMap<Fleet, ReadonlyMap<string, Host | undefined>>();

/** The one host that reads a file; undefined where several do. */
function readersOf(fleet: Fleet): ReadonlyMap<string, Host | undefined> {
  const known = readers.get(fleet);
  if (known !== undefined) return known;
  const byPath = new Map<string, Host | undefined>();
  for (const host of fleet.hosts) {
    for (const path of new Set(host.options.map(pathOf)))
      byPath.set(path, byPath.has(path) ? undefined : host);
  }
  readers.set(fleet, byPath);
  return byPath;
}

function pathOf(fact: OptionFact): string {
  return fact.nameSpan.path;
}

function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";
}
