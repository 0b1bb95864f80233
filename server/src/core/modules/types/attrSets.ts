// The types of sets of something: what several modules define is merged name by name.

import type { Evaluation } from "../../eval/evaluation";
import {
  type Attr,
  attrsValue,
  type Lazy,
  lazily,
  openAttrs,
  unknownValue,
  type Value,
} from "../../eval/value";
import { inEachCase } from "../conditions";
import { mergeDefinitions, mergeDischarged } from "../mergeDefinitions";
import { type Children, type Loc, type OptionType, showLoc } from "../optionType";
import { type Definition, type Discharged, definition, discharge } from "../properties";

/** `attrsOf` and `lazyAttrsOf`, which keeps names whose definitions all fall away. */
export function attrsOf(element: OptionType, options: { readonly lazy: boolean }): OptionType {
  const mergeChildren = (ctx: Evaluation, loc: Loc, children: Children): Value =>
    options.lazy ? lazySet(loc, element, children) : eagerSet(ctx, loc, element, children);
  return {
    name: options.lazy ? "lazyAttrsOf" : "attrsOf",
    description: `attribute set of ${element.description}`,
    check: (_ctx, value) => value.kind === "attrs",
    merge: (ctx, loc, definitions) => mergeChildren(ctx, loc, childrenOf(definitions)),
    mergeConditional: (ctx, loc, definitions) => {
      const wrong = definitions.find(each => each.value.kind !== "attrs");
      if (wrong !== undefined) return notSet(loc, wrong);
      return mergeChildren(ctx, loc, childrenOf(definitions));
    },
    mergeChildren,
    mergeOpen: (ctx, loc, definitions, open) => {
      const children = childrenOf(definitions);
      return mergeChildren(ctx, loc, { ...children, open: children.open ?? open });
    },
    joinWith: other =>
      other.name === (options.lazy ? "lazyAttrsOf" : "attrsOf") && other.element === element
        ? other
        : undefined,
    empty: attrsValue(new Map()),
    element,
  };
}

function notSet(loc: Loc, wrong: Discharged): Value {
  const what = `a definition of ${showLoc(loc)} under a condition is no known set`;
  return unknownValue(what, wrong.span);
}

function childrenOf(definitions: readonly Discharged[]): Children {
  const names = new Map<string, Definition[]>();
  let open: string | undefined;
  for (const each of definitions) {
    if (each.value.kind !== "attrs") continue;
    open ??= each.value.open;
    for (const [name, attr] of each.value.attrs) {
      const child: Definition = {
        ...definition(attr.value, each.source),
        conditions: each.conditions,
        nameSpan: attr.nameSpan,
        span: attr.span,
      };
      const known = names.get(name);
      if (known === undefined) names.set(name, [child]);
      else known.push(child);
    }
  }
  return { names, open, span: definitions[0]?.value.span };
}

function childAttr(value: Lazy, definitions: readonly Definition[]): Attr {
  return { value, nameSpan: definitions[0]?.nameSpan, span: definitions[0]?.span, computed: true };
}

function lazySet(loc: Loc, element: OptionType, children: Children): Value {
  const attrs = new Map<string, Attr>();
  for (const [name, definitions] of children.names) {
    const here = [...loc, name];
    attrs.set(
      name,
      childAttr(
        lazily(ctx =>
          children.open === undefined
            ? mergeDefinitions(ctx, here, element, definitions)
            : openChild(ctx, here, element, definitions, children.open),
        ),
        definitions,
      ),
    );
  }
  return children.open === undefined
    ? attrsValue(attrs, children.span)
    : openAttrs(attrs, children.open, children.span);
}

/** A name of which there may be more definitions: what merges with others is then not known, one raw value is. */
function openChild(
  ctx: Evaluation,
  loc: Loc,
  element: OptionType,
  definitions: readonly Definition[],
  open: string,
): Value {
  if (!element.single) return unknownValue(open);
  const value = mergeDefinitions(ctx, loc, element, definitions);
  if (!element.mayMerge) return value;
  return ctx.use(value, known =>
    known.kind === "attrs" && known.open === undefined ? { ...known, open } : known,
  );
}

/** A set whose names are known to be there: what falls away in all definitions is not. */
export function eagerSet(ctx: Evaluation, loc: Loc, element: OptionType, children: Children): Value {
  const attrs = new Map<string, Attr>();
  const perhaps = new Map<string, readonly Discharged[]>();
  let open = children.open;
  for (const [name, definitions] of children.names) {
    if (ctx.exhausted) return unknownValue("limit");
    const flat = discharge(ctx, definitions);
    if (flat.error !== undefined) return flat.error;
    const here = [...loc, name];
    const more = flat.open ?? children.open;
    const value = lazily(inner =>
      more === undefined || element.single
        ? mergeDischarged(inner, here, element, flat.definitions)
        : unknownValue(more),
    );
    if (flat.open !== undefined && flat.definitions.length === 0) open ??= flat.open;
    else if (flat.definitions.some(each => each.conditions.length === 0))
      attrs.set(name, childAttr(value, definitions));
    else if (flat.definitions.length > 0) perhaps.set(name, flat.definitions);
  }
  if (perhaps.size > 0) return withPerhaps({ ctx, loc, element, attrs, open, span: children.span }, perhaps);
  return open === undefined ? attrsValue(attrs, children.span) : openAttrs(attrs, open, children.span);
}

interface Certain {
  readonly ctx: Evaluation;
  readonly loc: Loc;
  readonly element: OptionType;
  readonly attrs: ReadonlyMap<string, Attr>;
  readonly open: string | undefined;
  readonly span: Children["span"];
}

/** Names that are there only under conditions: one set for each case. */
function withPerhaps(certain: Certain, perhaps: ReadonlyMap<string, readonly Discharged[]>): Value {
  const { ctx, loc, element, attrs, span } = certain;
  const items = [...perhaps].flatMap(([name, definitions]) =>
    definitions.map(each => ({ name, conditions: each.conditions, definition: { ...each, conditions: [] } })),
  );
  const value = inEachCase(ctx, items, span, active => {
    const here = new Map(attrs);
    for (const name of perhaps.keys()) {
      const definitions = active.filter(item => item.name === name).map(item => item.definition);
      if (definitions.length === 0) continue;
      const merged = lazily(inner => mergeDischarged(inner, [...loc, name], element, definitions));
      here.set(name, childAttr(merged, definitions));
    }
    return certain.open === undefined ? attrsValue(here, span) : openAttrs(here, certain.open, span);
  });
  return value ?? openAttrs(attrs, "hangs on unknown conditions", span);
}
