// Reading modules: paths are imported, functions get their arguments. Imports are followed breadth first and each
// module counts once, as in Nix.

import { allOf } from "../eval/alternatives";
import { followed } from "../eval/coerce";
import type { Evaluation } from "../eval/evaluation";
import { canonicalPath } from "../eval/paths";
import {
  type Attr,
  type AttrsValue,
  attrsValue,
  type ErrorValue,
  errorValue,
  type FunctionValue,
  type Lazy,
  pathValue,
  type Value,
} from "../eval/value";
import { type Module, type ModuleOrigin, type ReadModule, unified } from "./moduleForms";

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

interface Pending extends ModuleOrigin {
  /** The index of the module that imports it; undefined for a root. */
  readonly importer: number | undefined;
  readonly value: Lazy;
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
      return read(loader, { ...item, value: callModule(loader, value) }, unknown, errors).map(module =>
        placed(module, at),
      );
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

/** A module as it is when it was read from that place. */
function placed(module: ReadModule, at: { readonly key?: string; readonly path?: string | undefined }) {
  const key = at.key ?? module.key;
  const path = at.path ?? module.path;
  return key === module.key && path === module.path ? module : { ...module, key, path };
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
