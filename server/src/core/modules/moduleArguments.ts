// `_module.args`: the arguments of modules that modules define themselves.

import type { Evaluation } from "../eval/evaluation";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsValue,
  errorValue,
  lazily,
  openAttrs,
  unknownValue,
  type Value,
} from "../eval/value";
import type { DefinitionTree } from "./definitionTree";
import { mergeDefinitions } from "./mergeDefinitions";
import { type Loc, showLoc } from "./optionType";

/** The arguments, from what is defined at `_module.args`; with those that the module system itself adds. */
export function moduleArguments(here: DefinitionTree): AttrsValue {
  const attrs = new Map<string, Attr>();
  for (const name of here.names) {
    const definitions = here.definitionsOf(name);
    const value = lazily(ctx => mergeDefinitions(ctx, ["_module", "args", name], RAW_ARGUMENT, definitions));
    const [first] = definitions;
    attrs.set(name, { value, nameSpan: first?.nameSpan, span: first?.span, computed: true });
  }
  for (const name of ["moduleType", "extendModules"]) {
    if (!attrs.has(name)) attrs.set(name, attrOf(unknownValue(`the module argument ${name}`)));
  }
  return here.open === undefined ? attrsValue(attrs) : openAttrs(attrs, here.open);
}

const RAW_ARGUMENT = {
  name: "raw",
  description: "raw value",
  check: () => true,
  merge: (_ctx: Evaluation, loc: Loc, definitions: readonly { readonly value: Value }[]): Value => {
    const [first, second] = definitions;
    if (first !== undefined && second === undefined) return first.value;
    return errorValue("throw", `The option \`${showLoc(loc)}' is defined multiple times`, undefined);
  },
} as const;
