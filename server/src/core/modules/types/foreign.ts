// Option types that are not ours: what mkOptionType makes, or a set changed by `//`, read through its attributes.

import type { Evaluation } from "../../eval/evaluation";
import { type AttrsValue, attrsOf, type Lazy, listValue, stringValue, unknownValue } from "../../eval/value";
import { type OptionType, UNKNOWN_TYPE } from "../optionType";
import { mergeDefault } from "./basic";

/** The type that a set with `_type = "option-type"` describes. */
export function typeOfSet(ctx: Evaluation, set: AttrsValue): OptionType {
  const kind = textOf(ctx, set, "_type");
  if (kind !== "option-type") return UNKNOWN_TYPE;
  const check = set.attrs.get("check")?.value;
  const merge = set.attrs.get("merge")?.value;
  const name = textOf(ctx, set, "name") ?? "custom";
  return {
    name,
    description: textOf(ctx, set, "description") ?? name,
    check: (inner, value) => {
      if (check === undefined) return true;
      const verdict = inner.call(check, [value]);
      return verdict.kind === "bool" ? verdict.value : undefined;
    },
    merge: (inner, loc, definitions) => {
      if (merge === undefined) return mergeDefault(inner, loc, definitions);
      const where = listValue(loc.map(each => stringValue(each)));
      const all = listValue(
        definitions.map(each =>
          attrsOf({ value: each.value, file: unknownValue("the place of a module") }, each.span),
        ),
      );
      return inner.call(merge, [where, all]);
    },
    ...emptyOf(ctx, set),
  };
}

function emptyOf(ctx: Evaluation, set: AttrsValue): Pick<OptionType, "empty"> {
  const empty = set.attrs.get("emptyValue");
  const value = empty === undefined ? undefined : ctx.force(empty.value);
  const inside: Lazy | undefined = value?.kind === "attrs" ? value.attrs.get("value")?.value : undefined;
  return inside === undefined ? {} : { empty: ctx.force(inside) };
}

function textOf(ctx: Evaluation, set: AttrsValue, name: string): string | undefined {
  const attr = set.attrs.get(name);
  const value = attr === undefined ? undefined : ctx.force(attr.value);
  return value?.kind === "string" ? value.text : undefined;
}
