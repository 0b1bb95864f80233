// The two forms of a module, with `config` and `options` or with its settings at the top, as one.

import type { Evaluation } from "../eval/evaluation";
import {
  type Attr,
  type AttrsValue,
  attrsValue,
  type BranchCondition,
  errorValue,
  type Lazy,
  type ListValue,
} from "../eval/value";
import type { Span } from "../text/span";

/** One module in one form. */
export interface Module {
  readonly key: string | undefined;
  readonly path: string | undefined;
  readonly span: Span | undefined;
  readonly conditions: readonly BranchCondition[];
  readonly config: Lazy;
  readonly options: Lazy | undefined;
  readonly disabled: readonly Lazy[];
}

/** A module whose imports are still to be read. */
export type ReadModule = Module & { readonly imports: Lazy | undefined };

/** Where a module comes from. */
export interface ModuleOrigin {
  readonly conditions: readonly BranchCondition[];
  /** The file that names it. */
  readonly from: string | undefined;
}

const SHORTHAND_KEYS: readonly string[] = [
  "_class",
  "_file",
  "key",
  "disabledModules",
  "require",
  "imports",
  "freeformType",
];
const FULL_KEYS: ReadonlySet<string> = new Set([
  "_class",
  "_file",
  "key",
  "disabledModules",
  "imports",
  "options",
  "config",
  "meta",
  "freeformType",
]);

/** Both forms of a module as one. `at`: what it was read from, where that says more than the set does. */
export function unified(
  ctx: Evaluation,
  set: AttrsValue,
  item: ModuleOrigin,
  at: { key?: string; path?: string | undefined },
): ReadModule {
  const value = (name: string): Lazy | undefined => set.attrs.get(name)?.value;
  const text = (name: string): string | undefined => {
    const lazy = value(name);
    const known = lazy === undefined ? undefined : ctx.force(lazy);
    return known?.kind === "string" ? known.text : known?.kind === "path" ? known.path : undefined;
  };
  const path = at.path ?? item.from ?? text("_file");
  const type = text("_type");
  const key = at.key ?? text("key");
  // spelled out: there are as many modules as files, and a copy of a part of one takes ten times as long
  const { conditions } = item;
  const { span } = set;
  const as = (
    config: Lazy,
    options: Lazy | undefined,
    disabled: readonly Lazy[],
    imports: Lazy | undefined,
  ): ReadModule => ({ key, path, span, conditions, config, options, disabled, imports });
  if (type === "if" || type === "override") return as(set, undefined, [], undefined);
  const full = set.attrs.has("config") || set.attrs.has("options");
  const disabled = listItems(ctx, value("disabledModules"));
  const imports = value("imports") ?? (full ? undefined : value("require"));
  if (!full) return as(shorthandConfig(set), undefined, disabled, imports);
  const odd = [...set.attrs.keys()].find(name => !FULL_KEYS.has(name));
  if (odd !== undefined) {
    const message = `Module has an unsupported attribute \`${odd}'. This is caused by introducing a top-level \`config' or \`options' attribute. Add configuration attributes immediately on the top level instead, or move all of them into the explicit \`config' attribute.`;
    const error = errorValue("throw", message, set.attrs.get(odd)?.nameSpan ?? set.span);
    return as(error, undefined, disabled, imports);
  }
  return as(fullConfig(set), value("options"), disabled, imports);
}

function shorthandConfig(set: AttrsValue): Lazy {
  const keys = SHORTHAND_KEYS.filter(name => set.attrs.has(name));
  if (keys.length === 0) return set;
  const attrs = new Map(set.attrs);
  for (const name of keys) attrs.delete(name);
  addFreeform(attrs, set);
  return { ...set, attrs };
}

function fullConfig(set: AttrsValue): Lazy {
  const config = set.attrs.get("config")?.value ?? attrsValue(new Map(), set.span);
  const extra = new Map<string, Attr>();
  const meta = set.attrs.get("meta");
  if (meta !== undefined) extra.set("meta", meta);
  addFreeform(extra, set);
  if (extra.size === 0) return config;
  const contents: ListValue = { kind: "list", items: [config, attrsValue(extra, set.span)], span: set.span };
  return attrsValue(
    new Map([
      ["_type", plain({ kind: "string", text: "merge", span: undefined, pieces: undefined })],
      ["contents", plain(contents)],
    ]),
    set.span,
  );
}

function addFreeform(attrs: Map<string, Attr>, set: AttrsValue): void {
  const freeform = set.attrs.get("freeformType");
  if (freeform === undefined) return;
  attrs.set("_module", plain(attrsValue(new Map([["freeformType", freeform]]), set.span)));
}

function plain(value: Lazy): Attr {
  return { value, nameSpan: undefined, span: undefined, computed: true };
}

function listItems(ctx: Evaluation, lazy: Lazy | undefined): readonly Lazy[] {
  const list = lazy === undefined ? undefined : ctx.force(lazy);
  return list?.kind === "list" ? list.items : [];
}
