// The option definitions that a walk through a file has met, each with the sets in which it stands.

import type { LiteralContext } from "../eval/literalReader";
import { readLiteral } from "../eval/literals";
import type { AttrsExpr } from "../syntax/expr";
import { spanOf } from "../text/span";
import { type Placed, valuesOf } from "./definitions";
import type { InSet, OptionFact } from "./facts";
import { staticPath, takenNames } from "./takenNames";

export interface FoundOptions {
  readonly ctx: LiteralContext;
  readonly found: OptionFact[];
  /** What sets hold, each read once. */
  readonly taken: Map<AttrsExpr, InSet["taken"]>;
}

/** Where a value is bound: its name, the whole binding, and the set around it. */
interface Defined {
  readonly name: Range;
  readonly whole: Range;
  readonly inSet?: InSet | undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Keeps the definition of an option, one fact for each of its values. */
export function keepOption(
  found: FoundOptions,
  placed: Placed,
  option: readonly string[],
  { name, whole, inSet }: Defined,
): void {
  const { path } = found.ctx;
  const around = placed.outermost;
  const aroundIn = around && inSetOf(found, around);
  const outermost = around && aroundIn && { span: spanOf(path, around.binding), inSet: aroundIn };
  for (const value of valuesOf(found.ctx, placed)) {
    found.found.push({
      option,
      value: readLiteral(found.ctx, value.expr, value.scope),
      nameSpan: spanOf(path, name),
      span: spanOf(path, whole),
      priority: value.priority,
      conditions: value.conditions,
      ...(inSet === undefined ? {} : { inSet }),
      ...(outermost === undefined ? {} : { outermost }),
    });
  }
}

/** What stands beside a binding; undefined if its name is computed. */
export function inSetOf(
  { taken }: FoundOptions,
  { binding, set }: NonNullable<Placed["outermost"]>,
): InSet | undefined {
  const path = staticPath(binding);
  if (path === undefined) return undefined;
  const known = taken.get(set) ?? takenNames(set);
  taken.set(set, known);
  return set.recursive ? { path, taken: known, recursive: true } : { path, taken: known };
}
