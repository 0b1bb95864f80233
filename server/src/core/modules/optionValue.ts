// The value of one declared option: what its definitions and its default make, and what can be said where there may be
// more definitions than are known.

import type { Evaluation } from "../eval/evaluation";
import { errorValue, type Lazy, unknownValue, type Value } from "../eval/value";
import { mergeDefinitions } from "./mergeDefinitions";
import type { Option } from "./optionTree";
import { showLoc } from "./optionType";
import { type Definition, definition, discharge } from "./properties";

export interface Defined {
  /** The definitions of the option, in the order in which they are merged. */
  readonly own: readonly Definition[];
  /** Why there may be more of them; undefined where these are all. */
  readonly open: string | undefined;
}

export function optionValue(ctx: Evaluation, option: Option, { own, open }: Defined): Value {
  if (open !== undefined) return applied(ctx, option, openMerged(ctx, option, own, open));
  const definitions = option.fallback === undefined ? own : [fallbackOf(option.fallback), ...own];
  if (option.readOnly && definitions.length > 1) {
    const message = `The option \`${showLoc(option.loc)}' is read-only, but it's set multiple times.`;
    return errorValue("throw", message, definitions.at(-1)?.nameSpan, {
      name: showLoc(option.loc),
      candidates: [],
    });
  }
  return applied(ctx, option, mergeDefinitions(ctx, option.loc, option.type, definitions));
}

function applied(ctx: Evaluation, option: Option, merged: Value): Value {
  return option.apply === undefined ? merged : ctx.call(option.apply, [merged], option.declared);
}

/** Only some types can say something where there may be more definitions. */
function openMerged(ctx: Evaluation, option: Option, own: readonly Definition[], open: string): Value {
  if (option.type.single && own.length > 0) return mergeDefinitions(ctx, option.loc, option.type, own);
  const flat = discharge(ctx, own);
  if (option.type.mergeOpen === undefined || flat.error !== undefined)
    return flat.error ?? unknownValue(open);
  return option.type.mergeOpen(ctx, option.loc, flat.definitions, flat.open ?? open);
}

const MK_OPTION_DEFAULT = 1500;

function fallbackOf(fallback: Lazy): Definition {
  return {
    ...definition(fallback, { path: undefined }),
    override: { level: MK_OPTION_DEFAULT, span: undefined },
  };
}
