// Definitions that no option takes: an error where a set of options is closed, or what a freeform type makes of them.

import type { Evaluation } from "../eval/evaluation";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsValue,
  type ErrorValue,
  errorValue,
  type Lazy,
  lazily,
  openAttrs,
  unknownValue,
  type Value,
} from "../eval/value";
import type { DefinitionTree } from "./definitionTree";
import { type OptionNode, typeOf } from "./optionTree";
import { type Children, type Loc, showLoc } from "./optionType";
import { type Definition, definition, ORDINARY_ORDER } from "./properties";

/** What of an evaluation of modules is needed to hold definitions against options. */
export interface ModuleParts {
  readonly ctx: Evaluation;
  readonly prefix: Loc;
  readonly node: (loc: Loc) => OptionNode | undefined;
  readonly definitions: () => DefinitionTree;
}

/** The error about the first definition without an option, where there may be none. */
export function firstUnmatched(parts: ModuleParts): ErrorValue | undefined {
  const check = parts.definitions().at(["_module"]).definitionsOf("check");
  const freeform = parts.definitions().at(["_module"]).definitionsOf("freeformType");
  if (freeform.length > 0 || check.length > 0) return undefined;
  return unmatchedAt(parts, []);
}

function unmatchedAt(parts: ModuleParts, loc: Loc): ErrorValue | undefined {
  const node = parts.node(loc);
  if (node?.kind !== "set" || node.open !== undefined) return node?.kind === "error" ? node : undefined;
  const here = parts.definitions().at(loc);
  if (here.error !== undefined) return here.error;
  const wrong = here.notSets.find(each => each.conditions.length === 0);
  if (wrong !== undefined) {
    return errorValue("throw", `a definition of \`${showLoc(loc)}' is no attribute set`, wrong.span);
  }
  for (const name of here.names) {
    if (loc.length === 0 && name === "_module") continue;
    if (node.children.has(name)) {
      const error = unmatchedAt(parts, [...loc, name]);
      if (error !== undefined) return error;
      continue;
    }
    const definition = here.definitionsOf(name).find(each => each.conditions.length === 0);
    if (definition === undefined) continue;
    const option = showLoc([...parts.prefix, ...loc, name]);
    const message = `The option \`${option}' does not exist.`;
    return errorValue("throw", message, definition.nameSpan, {
      name: option,
      candidates: [...node.children.keys()],
    });
  }
  return undefined;
}

/** Adds what a freeform type makes of definitions without an option. */
export function withFreeform(parts: ModuleParts, set: AttrsValue): Value {
  const given = parts.definitions().at(["_module"]).definitionsOf("freeformType");
  const [first] = given;
  if (first === undefined) return set;
  const type = typeOf(parts.ctx, parts.ctx.force(mergedFreeform(given, first)));
  const children = unmatchedChildren(parts, set);
  if (type.mergeChildren === undefined)
    return openAttrs(set.attrs, "a freeform type that is not known", set.span);
  const free = type.mergeChildren(parts.ctx, parts.prefix, children);
  return parts.ctx.use(free, value => {
    if (value.kind !== "attrs") return value;
    const attrs = new Map(value.attrs);
    for (const [name, attr] of set.attrs) {
      const below = value.attrs.get(name);
      attrs.set(name, below === undefined ? attr : { ...attr, value: joinedBelow(below.value, attr.value) });
    }
    const open = value.open ?? set.open;
    return open === undefined ? attrsValue(attrs, value.span) : openAttrs(attrs, open, value.span);
  });
}

function unmatchedChildren(parts: ModuleParts, set: AttrsValue): Children {
  const root = parts.definitions();
  const names = new Map<string, readonly Definition[]>();
  for (const name of root.names) {
    if (name === "_module") continue;
    if (!set.attrs.has(name)) names.set(name, root.definitionsOf(name).map(rewrapped));
    else {
      const below = unmatchedBelow(parts, [name]);
      if (below !== undefined) names.set(name, [definition(below, { path: undefined })]);
    }
  }
  return { names, open: root.open, span: undefined };
}

/** Definitions below a declared set of options that no option takes, as one set; undefined if there are none. */
function unmatchedBelow(parts: ModuleParts, loc: Loc): Value | undefined {
  const node = parts.node(loc);
  if (node?.kind !== "set") return undefined;
  const here = parts.definitions().at(loc);
  const attrs = new Map<string, Attr>();
  for (const name of here.names) {
    const below = node.children.has(name) ? unmatchedBelow(parts, [...loc, name]) : undefined;
    if (below !== undefined) attrs.set(name, attrOf(below));
    else if (!node.children.has(name)) {
      return unknownValue("definitions below declared options that fall to a freeform type");
    }
  }
  return attrs.size === 0 ? undefined : attrsValue(attrs);
}

function mergedFreeform(given: readonly Definition[], first: Definition): Lazy {
  if (given.length === 1) return first.value;
  return unknownValue("several freeform types");
}

/** A definition whose push-down already met wrappers gets them back, as the freeform type expects it. */
function rewrapped(each: Definition): Definition {
  return each.order === ORDINARY_ORDER
    ? each
    : { ...each, value: unknownValue("mkOrder where it means nothing") };
}

/** Declared options win over freeform definitions of the same set, level by level. */
function joinedBelow(free: Lazy, declared: Lazy): Lazy {
  return lazily(ctx =>
    ctx.use(declared, known =>
      known.kind !== "attrs"
        ? known
        : ctx.use(free, below => {
            if (below.kind !== "attrs") return known;
            const attrs = new Map(below.attrs);
            for (const [name, attr] of known.attrs) {
              const under = below.attrs.get(name);
              attrs.set(
                name,
                under === undefined ? attr : { ...attr, value: joinedBelow(under.value, attr.value) },
              );
            }
            const open = known.open ?? below.open;
            return open === undefined ? attrsValue(attrs) : openAttrs(attrs, open);
          }),
    ),
  );
}
