// The options that modules declare, as a tree: options, and sets of options. Looked at by need, like definitions.

import type { Evaluation } from "../eval/evaluation";
import { type AttrsValue, type ErrorValue, errorValue, type Lazy, type Value } from "../eval/value";
import type { Span } from "../text/span";
import {
  type ExtraModule,
  type Loc,
  type OptionType,
  optionTypes,
  showLoc,
  UNKNOWN_TYPE,
} from "./optionType";
import { UNSPECIFIED } from "./types/basic";
import { typeOfSet } from "./types/foreign";

/** A set of declarations of one module. */
export interface Declaration {
  readonly options: Lazy;
  readonly path: string | undefined;
  readonly nameSpan: Span | undefined;
}

/** All declarations of one option as one. */
export interface Option {
  readonly kind: "option";
  readonly loc: Loc;
  readonly type: OptionType;
  readonly fallback: Lazy | undefined;
  readonly apply: Lazy | undefined;
  readonly readOnly: boolean;
  readonly declared: Span | undefined;
  /** The mkOption set as written, for `options.x.description` and the like. */
  readonly written: AttrsValue;
}

export interface OptionSet {
  readonly kind: "set";
  readonly children: ReadonlyMap<string, readonly Declaration[]>;
  /** More options may be declared here: why. */
  readonly open: string | undefined;
}

export type OptionNode = Option | OptionSet | ErrorValue;

export function optionNode(ctx: Evaluation, loc: Loc, declarations: readonly Declaration[]): OptionNode {
  const options: { readonly set: AttrsValue; readonly from: Declaration }[] = [];
  const sets: { readonly set: AttrsValue; readonly from: Declaration }[] = [];
  let open: string | undefined;
  for (const from of declarations) {
    const value = ctx.force(from.options);
    if (value.kind === "attrs") (isOption(ctx, value) ? options : sets).push({ set: value, from });
    else if (value.kind === "error") return value;
    else if (value.kind === "unknown") open ??= value.reason;
    else if (value.kind === "alternatives") open ??= "options are declared under an unknown condition";
    else return errorValue("throw", `An option declaration for \`${showLoc(loc)}' is no set`, value.span);
  }
  const [first, ...others] = options;
  if (first === undefined) return optionSet(sets, open);
  return mergedOption(ctx, loc, first, others, sets);
}

function optionSet(
  sets: readonly { readonly set: AttrsValue; readonly from: Declaration }[],
  openHere: string | undefined,
): OptionSet {
  const children = new Map<string, Declaration[]>();
  let open = openHere;
  for (const { set, from } of sets) {
    open ??= set.open;
    for (const [name, attr] of set.attrs) {
      const each = { options: attr.value, path: from.path, nameSpan: attr.nameSpan };
      const known = children.get(name);
      if (known === undefined) children.set(name, [each]);
      else known.push(each);
    }
  }
  return { kind: "set", children, open };
}

function isOption(ctx: Evaluation, set: AttrsValue): boolean {
  const type = set.attrs.get("_type");
  if (type === undefined) return false;
  const name = ctx.force(type.value);
  return name.kind === "string" && name.text === "option";
}

function mergedOption(
  ctx: Evaluation,
  loc: Loc,
  first: { readonly set: AttrsValue; readonly from: Declaration },
  others: readonly { readonly set: AttrsValue; readonly from: Declaration }[],
  sets: readonly { readonly set: AttrsValue; readonly from: Declaration }[],
): OptionNode {
  const all = [first, ...others];
  const holder = (name: string) => all.filter(each => each.set.attrs.has(name));
  for (const name of ["default", "example", "description", "apply"]) {
    if (holder(name).length > 1) {
      const again = holder(name)[1];
      const message = `The option \`${showLoc(loc)}' is already declared`;
      return errorValue("throw", message, again?.from.nameSpan, { name: showLoc(loc), candidates: [] });
    }
  }
  const types = all.flatMap(each => {
    const type = each.set.attrs.get("type");
    return type === undefined ? [] : [typeOf(ctx, ctx.force(type.value))];
  });
  const type = mergedType(types, sets);
  const readOnly = all.some(each => {
    const lazy = each.set.attrs.get("readOnly")?.value;
    const value = lazy === undefined ? undefined : ctx.force(lazy);
    return value?.kind === "bool" && value.value;
  });
  return {
    kind: "option",
    loc,
    type,
    fallback: holder("default")[0]?.set.attrs.get("default")?.value,
    apply: holder("apply")[0]?.set.attrs.get("apply")?.value,
    readOnly,
    declared: first.from.nameSpan,
    written: first.set,
  };
}

/** One type of all that modules declare for an option; Unknown where they differ in a way not modelled. */
function mergedType(
  types: readonly OptionType[],
  sets: readonly { readonly set: AttrsValue; readonly from: Declaration }[],
): OptionType {
  const [first, ...others] = types;
  if (first === undefined) return sets.length === 0 ? UNSPECIFIED : UNKNOWN_TYPE;
  let type = first;
  for (const other of others) {
    if (type.joinWith !== undefined) {
      const joined = type.joinWith(other);
      if (joined === undefined) return UNKNOWN_TYPE;
      type = joined;
    } else if (type !== other) return UNKNOWN_TYPE;
  }
  if (sets.length === 0) return type;
  if (type.extendWith === undefined) return UNKNOWN_TYPE;
  return type.extendWith(sets.map(({ set, from }): ExtraModule => ({ options: set, path: from.path })));
}

/** The option type that a value is. */
export function typeOf(ctx: Evaluation, value: Value): OptionType {
  return optionTypes.of(value) ?? (value.kind === "attrs" ? typeOfSet(ctx, value) : UNKNOWN_TYPE);
}
