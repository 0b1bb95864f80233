// Reading modules: paths are imported, functions get their arguments, both forms of a module (with and without
// `config`) become one. Imports are followed breadth first and each module counts once, as in Nix.

import { allOf } from "../eval/alternatives";
import { followed } from "../eval/coerce";
import type { Evaluation } from "../eval/evaluation";
import { canonicalPath } from "../eval/paths";
import {
  type Attr,
  type AttrsValue,
  attrsValue,
  type BranchCondition,
  type ErrorValue,
  errorValue,
  type FunctionValue,
  type Lazy,
  type ListValue,
  pathValue,
  type Value,
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

export interface LoadedModules {
  /** In the order in which Nix finds them. */
  readonly modules: readonly Module[];
  /** Modules that could not be read: why, one line each. */
  readonly unknown: readonly string[];
  /** What Nix would certainly fail with while reading modules. */
  readonly errors: readonly ErrorValue[];
}

/** How modules are read in one evaluation of modules. */
export interface Loader {
  readonly ctx: Evaluation;
  /** All arguments that modules get by name: lib, config, options, specialArgs and what is in it. */
  readonly args: AttrsValue;
  /** An argument that is not in `args`: from `_module.args`. */
  readonly lateArgument: (name: string, fn: FunctionValue) => Lazy;
  /** The module that stands for a path or string, where a model knows better than reading it. */
  readonly known: (value: Value) => Lazy | undefined;
}

interface Pending {
  /** The index of the module that imports it; undefined for a root. */
  readonly importer: number | undefined;
  readonly value: Lazy;
  readonly conditions: readonly BranchCondition[];
  readonly from: string | undefined;
}

const MAX_MODULES = 20_000;

export function loadModules(loader: Loader, roots: readonly Lazy[]): LoadedModules {
  const { ctx } = loader;
  const found: ReadModule[] = [];
  const imported: number[][] = [];
  const starts: number[] = [];
  const unknown: string[] = [];
  const errors: ErrorValue[] = [];
  const byKey = new Map<string, number>();
  let pending: Pending[] = roots.map(value => ({
    importer: undefined,
    value,
    conditions: [],
    from: undefined,
  }));
  while (pending.length > 0 && found.length < MAX_MODULES) {
    const next: Pending[] = [];
    for (const item of pending) {
      for (const module of read(loader, item, unknown, errors)) {
        const known = module.key === undefined ? undefined : byKey.get(module.key);
        const siblings = item.importer === undefined ? starts : imported[item.importer];
        siblings?.push(known ?? found.length);
        if (known !== undefined) {
          const earlier = found[known];
          if (earlier !== undefined && earlier.conditions.length > 0) {
            found[known] = {
              ...earlier,
              conditions: module.conditions.length === 0 ? [] : earlier.conditions,
            };
          }
          continue;
        }
        if (module.key !== undefined) byKey.set(module.key, found.length);
        found.push(module);
        imported.push([]);
        next.push(...importsOf(ctx, module, found.length - 1, unknown, errors));
      }
    }
    pending = next;
    if (!ctx.spend(1)) break;
  }
  if (pending.length > 0) unknown.push("too many modules");
  return { modules: withoutDisabled(ctx, found, imported, starts), unknown, errors };
}

function read(loader: Loader, item: Pending, unknown: string[], errors: ErrorValue[]) {
  const { ctx } = loader;
  const value = ctx.force(item.value);
  if (value.kind !== "alternatives") return readOne(loader, item, value, unknown, errors);
  return value.branches.flatMap(branch => {
    const conditions = allOf(item.conditions, branch.conditions);
    if (conditions === undefined || branch.value.kind === "error") return [];
    return ctx.speculate(() => readOne(loader, { ...item, conditions }, branch.value, unknown, errors));
  });
}

type ReadModule = Module & { imports: Lazy | undefined };

function readOne(
  loader: Loader,
  item: Pending,
  value: Value,
  unknown: string[],
  errors: ErrorValue[],
  at: { readonly key?: string; readonly path?: string | undefined } = { path: item.from },
): ReadModule[] {
  const { ctx } = loader;
  const model = loader.known(value);
  if (model !== undefined) return readOne(loader, item, ctx.force(model), unknown, errors, at);
  switch (value.kind) {
    case "path":
      return readOne(loader, item, ctx.importFile(value.path, value.span), unknown, errors, {
        key: value.path,
        path: value.path,
      });
    case "string":
      if (!value.text.startsWith("/")) break;
      return readOne(
        loader,
        { ...item, value: pathValue(value.text, value.span) },
        pathValue(value.text, value.span),
        unknown,
        errors,
      );
    case "function":
      return read(loader, { ...item, value: callModule(loader, value) }, unknown, errors).map(module => ({
        ...module,
        key: at.key ?? module.key,
        path: at.path ?? module.path,
      }));
    case "attrs":
      return [unified(ctx, value, item, at)];
    case "alternatives":
      return read(loader, { ...item, value }, unknown, errors);
    case "unknown": {
      const copied = followed(value);
      if (copied !== undefined) {
        return readOne(loader, item, pathValue(canonicalPath(copied), value.span), unknown, errors);
      }
      unknown.push(value.reason);
      return [];
    }
    case "error":
      if (item.conditions.length === 0) errors.push(value);
      else unknown.push("a module under an unknown condition cannot be read");
      return [];
  }
  const error = errorValue("throw", "not a module", value.span);
  if (item.conditions.length === 0) errors.push(error);
  return [];
}

function callModule(loader: Loader, fn: FunctionValue): Value {
  const attrs = new Map(loader.args.attrs);
  for (const name of fn.formals?.keys() ?? []) {
    if (attrs.has(name)) continue;
    const attr: Attr = {
      value: loader.lateArgument(name, fn),
      nameSpan: undefined,
      span: undefined,
      computed: true,
    };
    attrs.set(name, attr);
  }
  const args: AttrsValue =
    loader.args.open === undefined ? attrsValue(attrs) : { ...attrsValue(attrs), open: loader.args.open };
  return loader.ctx.call(fn, [args], fn.span);
}

const SHORTHAND_KEYS: ReadonlySet<string> = new Set([
  "_class",
  "_file",
  "key",
  "disabledModules",
  "require",
  "imports",
  "freeformType",
]);
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

/** Both forms of a module as one. */
function unified(
  ctx: Evaluation,
  set: AttrsValue,
  item: Pending,
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
  const base = { key, path, span: set.span, conditions: item.conditions };
  if (type === "if" || type === "override") {
    return { ...base, config: set, options: undefined, disabled: [], imports: undefined };
  }
  const full = set.attrs.has("config") || set.attrs.has("options");
  const disabled = listItems(ctx, value("disabledModules"));
  const imports = value("imports") ?? (full ? undefined : value("require"));
  if (!full) return { ...base, config: shorthandConfig(set), options: undefined, disabled, imports };
  const odd = [...set.attrs.keys()].find(name => !FULL_KEYS.has(name));
  if (odd !== undefined) {
    const message = `Module has an unsupported attribute \`${odd}'. This is caused by introducing a top-level \`config' or \`options' attribute. Add configuration attributes immediately on the top level instead, or move all of them into the explicit \`config' attribute.`;
    const error = errorValue("throw", message, set.attrs.get(odd)?.nameSpan ?? set.span);
    return { ...base, config: error, options: undefined, disabled, imports };
  }
  return { ...base, config: fullConfig(set), options: value("options"), disabled, imports };
}

function shorthandConfig(set: AttrsValue): Lazy {
  const attrs = new Map([...set.attrs].filter(([name]) => !SHORTHAND_KEYS.has(name)));
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

function importsOf(
  ctx: Evaluation,
  module: ReadModule,
  importer: number,
  unknown: string[],
  errors: ErrorValue[],
): Pending[] {
  if (module.imports === undefined) return [];
  const from = module.path;
  const list = ctx.force(module.imports);
  const branches = list.kind === "alternatives" ? list.branches : [{ conditions: [], value: list }];
  return branches.flatMap(branch => {
    const conditions = allOf(module.conditions, branch.conditions);
    if (conditions === undefined) return [];
    if (branch.value.kind === "error" && conditions.length === 0) errors.push(branch.value);
    if (branch.value.kind === "unknown") unknown.push(branch.value.reason);
    if (branch.value.kind !== "list") return [];
    if (branch.value.open !== undefined) unknown.push(branch.value.open);
    return branch.value.items.map(value => ({ importer, value, conditions, from }));
  });
}

/** Without the modules that disabledModules names by path, string or key, and without what only those import. */
function withoutDisabled(
  ctx: Evaluation,
  modules: readonly Module[],
  imported: readonly (readonly number[])[],
  starts: readonly number[],
): Module[] {
  const keys = new Set<string>();
  for (const each of modules.flatMap(module => module.disabled)) {
    const key = keyOf(ctx, ctx.force(each));
    if (key !== undefined) keys.add(key);
  }
  if (keys.size === 0) return [...modules];
  const reached = new Set<number>();
  let level = starts;
  while (level.length > 0) {
    const next: number[] = [];
    for (const index of level) {
      const key = modules[index]?.key;
      if (reached.has(index) || (key !== undefined && keys.has(key))) continue;
      reached.add(index);
      next.push(...(imported[index] ?? []));
    }
    level = next;
  }
  return [...reached].flatMap(index => modules[index] ?? []);
}

function keyOf(ctx: Evaluation, value: Value): string | undefined {
  if (value.kind === "path") return value.path;
  if (value.kind === "string") return value.text;
  const key = value.kind === "attrs" ? value.attrs.get("key") : undefined;
  return key === undefined ? undefined : keyOf(ctx, ctx.force(key.value));
}
