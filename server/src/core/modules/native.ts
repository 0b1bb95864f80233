// Building native functions: fixed arities with typed arguments, so that each function reads as its definition.

import type { Evaluation } from "../eval/evaluation";
import { type FunctionValue, type Lazy, nativeFunction, unknownValue, type Value } from "../eval/value";
import type { Span } from "../text/span";

const NO_ARGUMENT: Value = unknownValue("no argument");

/** What a native function runs in: the evaluation, and where it was called. */
export interface Call {
  readonly ctx: Evaluation;
  readonly site: Span | undefined;
}

export function native1(name: string, run: (call: Call, a: Lazy) => Value): FunctionValue {
  return nativeFunction(name, 1, (ctx, args, site) => run({ ctx, site }, args[0] ?? NO_ARGUMENT));
}

export function native2(name: string, run: (call: Call, a: Lazy, b: Lazy) => Value): FunctionValue {
  return nativeFunction(name, 2, (ctx, args, site) =>
    run({ ctx, site }, args[0] ?? NO_ARGUMENT, args[1] ?? NO_ARGUMENT),
  );
}

export function native3(name: string, run: (call: Call, a: Lazy, b: Lazy, c: Lazy) => Value): FunctionValue {
  return nativeFunction(name, 3, (ctx, args, site) =>
    run({ ctx, site }, args[0] ?? NO_ARGUMENT, args[1] ?? NO_ARGUMENT, args[2] ?? NO_ARGUMENT),
  );
}

/** Native functions by name. */
export type Natives = Readonly<Record<string, Lazy>>;
