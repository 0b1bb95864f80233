// The value of an option out of its definitions: priorities, order, type check, merge; case by case where definitions
// hang on unknown conditions.

import { followed } from "../eval/coerce";
import type { Evaluation } from "../eval/evaluation";
import { isKnown, unknownValue, type Value } from "../eval/value";
import { inEachCase } from "./conditions";
import { type Loc, type OptionType, type Ready, undefinedOption, wrongType } from "./optionType";
import { type Definition, type Discharged, discharge, ORDINARY_LEVEL, ORDINARY_ORDER } from "./properties";

/** The merged value of an option at `loc`. */
export function mergeDefinitions(
  ctx: Evaluation,
  loc: Loc,
  type: OptionType,
  definitions: readonly Definition[],
): Value {
  const flat = discharge(ctx, definitions);
  if (flat.error !== undefined) return flat.error;
  if (flat.open !== undefined) return unknownValue(flat.open);
  return mergeDischarged(ctx, loc, type, flat.definitions);
}

export function mergeDischarged(
  ctx: Evaluation,
  loc: Loc,
  type: OptionType,
  definitions: readonly Discharged[],
): Value {
  if (definitions.every(each => each.conditions.length === 0))
    return mergeCertain(ctx, loc, type, definitions);
  if (type.mergeConditional !== undefined && oneLevel(definitions)) {
    return type.mergeConditional(ctx, loc, inOrder(definitions));
  }
  return mergeCases(ctx, loc, type, definitions);
}

function oneLevel(definitions: readonly Discharged[]): boolean {
  return definitions.every(each => levelOf(each) === levelOf(definitions[0]));
}

function levelOf(definition: Definition | undefined): number {
  return definition?.override?.level ?? ORDINARY_LEVEL;
}

/** Every combination of the conditions by itself. */
function mergeCases(ctx: Evaluation, loc: Loc, type: OptionType, definitions: readonly Discharged[]): Value {
  const merged = inEachCase(ctx, definitions, definitions[0]?.span, active =>
    mergeCertain(
      ctx,
      loc,
      type,
      active.map(each => ({ ...each, conditions: [] })),
    ),
  );
  return merged ?? unknownValue("hangs on too many unknown conditions");
}

/** The definitions of the strongest priority, in the order in which they are merged. */
export function strongest(definitions: readonly Discharged[]): Discharged[] {
  const level = Math.min(...definitions.map(levelOf));
  return inOrder(definitions.filter(each => levelOf(each) === level));
}

function inOrder(definitions: readonly Discharged[]): Discharged[] {
  if (definitions.every(each => each.order === ORDINARY_ORDER)) return [...definitions];
  return definitions
    .map((each, index) => ({ each, index }))
    .sort((a, b) => a.each.order - b.each.order || a.index - b.index)
    .map(({ each }) => each);
}

function isReady(definition: Discharged): definition is Ready {
  return isKnown(definition.value);
}

function mergeCertain(
  ctx: Evaluation,
  loc: Loc,
  type: OptionType,
  definitions: readonly Discharged[],
): Value {
  if (definitions.length === 0)
    return type.emptyAt?.(ctx, loc) ?? type.empty ?? undefinedOption(loc, undefined);
  const ready: Ready[] = [];
  let uncertain: string | undefined;
  const taken = strongest(definitions);
  for (const each of taken) {
    const { value } = each;
    if (value.kind === "error") return value;
    if (taken.length === 1 && type.takesCopies === true && followed(value) !== undefined) return value;
    if (!isReady(each)) {
      uncertain ??= value.kind === "unknown" ? value.reason : "hangs on an unknown condition";
      continue;
    }
    const accepted = type.check(ctx, each.value);
    if (accepted === false) return wrongType(loc, type, each.value.span ?? each.span);
    if (accepted === undefined) uncertain ??= `the type of ${loc.join(".")} cannot be checked`;
    ready.push(each);
  }
  return uncertain === undefined
    ? type.merge(ctx, loc, ready)
    : unknownValue(uncertain, ready[0]?.value.span);
}
