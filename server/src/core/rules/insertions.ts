// Fixes that put something new into a configuration: an item into a list, a binding beside another, an option into the
// module of one host. Only where the text shows that it is the right place; else there is no fix.

import { type OptionFact, ORDINARY, type SettingFact } from "../facts/facts";
import type { Fleet, Host } from "../fleet/fleet";
import { legacyNamesOf } from "../knowledge/legacyOptions";
import type { Span } from "../text/span";
import type { EditsByPath } from "../text/textEdit";
import { editsAt } from "./entryFixes";
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

/** Adds `name = value;` behind a binding, in the same set: `nix.settings.a = 1;` gets `nix.settings.name = value;`. */
export function insertBeside(
  ctx: Texts,
  fact: Pick<OptionFact, "span" | "nameSpan">,
  name: string,
  value: string,
): EditsByPath | undefined {
  const { span, nameSpan } = fact;
  const text = ctx.textOf(span.path);
  if (text === undefined || nameSpan.path !== span.path || text.charAt(span.end - 1) !== ";")
    return undefined;
  const prefix = text.slice(span.start, nameSpan.start);
  if (!/^[\w.'"-]*$/.test(prefix)) return undefined;
  return editsAt(
    { path: span.path, start: span.end, end: span.end },
    `\n${indentAt(text, span.start)}${prefix}${name} = ${value};`,
  );
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
  const root = rootBinding(ctx, host);
  return root === undefined ? undefined : insertAfter(ctx, root, `${id} = ${value};`);
}

/** A binding at the root of a module that no other host reads, with its whole path in one piece. */
function rootBinding(ctx: Texts & { readonly fleet: Fleet }, host: Host): OptionFact | undefined {
  const byPath = readersOf(ctx.fleet);
  return host.options.find(fact => {
    if (byPath.get(pathOf(fact)) !== host || fact.conditions.length > 0) return false;
    const text = ctx.textOf(pathOf(fact));
    if (text === undefined || fact.span.path !== pathOf(fact) || text.charAt(fact.span.end - 1) !== ";")
      return false;
    const typed = text.slice(fact.span.start, fact.nameSpan.end);
    return typed === fact.option.join(".");
  });
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

function insertAfter(ctx: Texts, { span }: OptionFact, binding: string): EditsByPath | undefined {
  const text = ctx.textOf(span.path);
  if (text === undefined) return undefined;
  return editsAt(
    { path: span.path, start: span.end, end: span.end },
    `\n${indentAt(text, span.start)}${binding}`,
  );
}

function pathOf(fact: OptionFact): string {
  return fact.nameSpan.path;
}

function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";
}

/** Whether a stretch of Nix is one list literal from its first character to its last. */
export function isListLiteral(source: string): boolean {
  if (!source.startsWith("[") || !source.endsWith("]")) return false;
  let open = 0;
  for (const { 0: token, index } of source.matchAll(TOKENS)) {
    if (/^[([{]$/.test(token)) open++;
    else if (/^[)\]}]$/.test(token) && --open === 0) return index === source.length - 1;
  }
  return false;
}

const TOKENS = /"(?:[^"\\]|\\[\s\S])*"|''(?:[^']|'(?!')|''['$\\])*''|#[^\n]*|\/\*[\s\S]*?\*\/|[()[\]{}]/g;

/** The one definition of a list that a fix may add to: one that counts, and a list as it is typed. */
export function writtenList(
  ctx: Texts,
  settings: readonly SettingFact[],
  name: string,
): SettingFact | undefined {
  const certain = settings.filter(fact => fact.name === name && fact.conditions.length === 0);
  return certain.find(fact => {
    const { span } = fact.value;
    const typed = ctx.textOf(span.path)?.slice(span.start, span.end) ?? "";
    return isListLiteral(typed) && levelFor(certain, fact.extra) === fact.priority.level;
  });
}

/** The priority whose definitions count; NixOS' own ones have the ordinary one. */
function levelFor(facts: readonly SettingFact[], extra: boolean): number {
  const levels = facts.filter(fact => fact.extra === extra).map(fact => fact.priority.level);
  return extra ? Math.min(...levels) : Math.min(ORDINARY.level, ...levels);
}

/** Adds a text to a list setting: to the list where it is written, else as a new one beside another setting. */
export function addToSetting(
  ctx: Texts,
  settings: readonly SettingFact[],
  name: string,
  item: string,
  beside: SettingFact | undefined,
): EditsByPath | undefined {
  const written = writtenList(ctx, settings, name);
  if (written !== undefined) return insertItem(ctx, written.value.span, `"${item}"`);
  if (beside === undefined || settings.some(fact => fact.name === name)) {
    const line = settings.find(
      fact => fact.name === name && inConfText(fact) && fact.conditions.length === 0,
    );
    return line === undefined ? undefined : appendWord(ctx, line, item);
  }
  const named = `${beside.extra ? "extra-" : ""}${name}`;
  if (inConfText(beside)) return insertLine(ctx, beside, `${named} = ${item}`);
  if (beside.surface === "legacy-option") {
    // under `nix` the older option of the other setting goes beside that of this one
    const [legacy] = legacyNamesOf(name);
    return legacy === undefined ? undefined : insertBeside(ctx, beside, legacy, `[ "${item}" ]`);
  }
  return insertBeside(ctx, beside, named, `[ "${item}" ]`);
}

function inConfText({ surface }: SettingFact): boolean {
  return surface === "option-text" || surface === "nix.conf";
}

function appendWord(ctx: Texts, line: SettingFact, word: string): EditsByPath | undefined {
  const { span } = line.value;
  const typed = ctx.textOf(span.path)?.slice(span.start, span.end);
  if (typed === undefined || typed.includes("${") || typed.includes("\n")) return undefined;
  return editsAt({ path: span.path, start: span.end, end: span.end }, ` ${word}`);
}
