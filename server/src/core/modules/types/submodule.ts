// Submodules: an option whose value is itself made of modules. Also deferred modules, which are kept for later.

import type { Evaluation } from "../../eval/evaluation";
import {
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  type Lazy,
  listValue,
  openAttrs,
  openList,
  stringValue,
  unknownValue,
  type Value,
} from "../../eval/value";
import { evalModules, type ModuleWorld } from "../evalModules";
import type { ExtraModule, Loc, OptionType } from "../optionType";
import type { Definition, Discharged } from "../properties";

export interface SubmoduleSpec {
  readonly modules: readonly Lazy[];
  /** More modules that are not known: why. */
  readonly open?: string;
  readonly specialArgs: AttrsValue;
  /** A set that defines it is always `config`, never a module with imports and options. */
  readonly shorthand: boolean;
  readonly world: ModuleWorld;
}

export function submodule(spec: SubmoduleSpec): OptionType {
  const merge = (
    ctx: Evaluation,
    loc: Loc,
    definitions: readonly Discharged[],
    more: string | undefined = spec.open,
  ): Value => {
    const name = attrsOf({ _module: attrsOf({ args: attrsOf({ name: stringValue(loc.at(-1) ?? "") }) }) });
    const own = definitions.map(each => asModule(spec, each));
    const configuration = evalModules(ctx, spec.world, {
      modules: [name, ...spec.modules, ...own],
      specialArgs: spec.specialArgs,
      prefix: loc,
      ...(more === undefined ? {} : { open: more }),
    });
    return ctx.force(configuration.config);
  };
  return {
    name: "submodule",
    description: "submodule",
    check: (_ctx, value) =>
      value.kind === "attrs" || value.kind === "function" || value.kind === "path"
        ? true
        : value.kind === "string"
          ? undefined
          : false,
    merge: (ctx, loc, definitions) => merge(ctx, loc, definitions),
    mergeConditional: (ctx, loc, definitions) => merge(ctx, loc, definitions),
    mergeOpen: merge,
    emptyAt: (ctx, loc) => merge(ctx, loc, []),
    extendWith: modules => remember({ ...spec, modules: [...spec.modules, ...modules.map(declaring)] }),
    joinWith: other => {
      const otherSpec = specs.get(other);
      if (otherSpec === undefined || otherSpec.shorthand !== spec.shorthand) return undefined;
      const open = spec.open ?? otherSpec.open;
      return remember({
        ...spec,
        modules: [...spec.modules, ...otherSpec.modules],
        ...(open === undefined ? {} : { open }),
      });
    },
  };
}

const specs = new WeakMap<OptionType, SubmoduleSpec>();

/** A submodule type that other declarations of the same option can be joined with. */
export function remember(spec: SubmoduleSpec): OptionType {
  const type = submodule(spec);
  specs.set(type, spec);
  return type;
}

function declaring(extra: ExtraModule): Lazy {
  return attrsOf({ options: extra.options });
}

/** A definition as a module. What hangs on a condition becomes a module under mkIf. */
function asModule(spec: SubmoduleSpec, each: Definition): Lazy {
  const module = isConfig(spec, each.value) ? attrsOf({ config: each.value }) : each.value;
  if (each.conditions.length === 0) return module;
  const value = each.value;
  if (value.kind === "thunk") return module;
  const branch = {
    conditions: each.conditions,
    value: module.kind === "attrs" ? module : unknownValue("a module"),
  };
  const none = each.conditions.map(one => ({ ...one, sense: !one.sense, negated: !one.negated }));
  const nothing = attrsValue(new Map());
  const others = none.map((one, index) => ({
    conditions: [...each.conditions.slice(0, index), one],
    value: nothing,
  }));
  return { kind: "alternatives", branches: [branch, ...others], span: each.span };
}

function isConfig(spec: SubmoduleSpec, value: Lazy): boolean {
  return spec.shorthand && value.kind === "attrs";
}

/** A module kept for later: its definitions become one module that imports them all. */
export function deferredModule(staticModules: readonly Lazy[]): OptionType {
  const type: OptionType = {
    name: "deferredModule",
    description: "module",
    joinWith: other => {
      const others = deferred.get(other);
      return others === undefined ? undefined : deferredModule([...staticModules, ...others]);
    },
    check: (_ctx, value) =>
      value.kind === "attrs" || value.kind === "function" || value.kind === "path" || value.kind === "string",
    merge: (_ctx, _loc, definitions) =>
      attrsValue(
        new Map([["imports", attrOf(listValue([...staticModules, ...definitions.map(each => each.value)]))]]),
        definitions[0]?.value.span,
      ),
    mergeOpen: (_ctx, _loc, definitions, open) =>
      attrsValue(
        new Map([
          ["imports", attrOf(openList([...staticModules, ...definitions.map(each => each.value)], open))],
        ]),
        definitions[0]?.value.span,
      ),
    empty: attrsValue(new Map([["imports", attrOf(listValue([...staticModules]))]])),
  };
  deferred.set(type, staticModules);
  return type;
}

const deferred = new WeakMap<OptionType, readonly Lazy[]>();

export const EMPTY_ARGS: AttrsValue = attrsValue(new Map());

/** Arguments of which some are not known. */
export function openArgs(why: string): AttrsValue {
  return openAttrs(new Map(), why);
}
