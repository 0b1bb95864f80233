// How the files of this folder declare their builtins, and what several of them need.

import type { Span } from "../../text/span";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { type Lazy, type NativeCode, Thunk, unknownValue, type Value } from "../value";

/** Name, number of arguments, code. */
export type NativeBuiltin = readonly [name: string, arity: number, run: NativeCode];

const MISSING: Value = unknownValue("no argument");

/** The argument at `index`; callers are only called with as many as they declare. */
export function arg(args: readonly Lazy[], index: number): Lazy {
  return args[index] ?? MISSING;
}

interface Call {
  readonly fn: Lazy;
  readonly args: readonly Lazy[];
  readonly site: Span | undefined;
}

const runCall = ({ fn, args, site }: Call, ctx: Evaluation): Value => ctx.call(fn, args, site);

/** A call that happens when its result is needed. */
export function callLater(fn: Lazy, args: readonly Lazy[], site: Span | undefined): Lazy {
  return Thunk.of(runCall, { fn, args, site });
}

/** A bool predicate: yes, no, or what it gave instead. */
export function verdict(
  ctx: Evaluation,
  fn: Lazy,
  args: readonly Lazy[],
  site: Span | undefined,
): boolean | Value {
  const value = ctx.call(fn, args, site);
  if (value.kind === "bool") return value.value;
  if (value.kind === "unknown" || value.kind === "error" || value.kind === "alternatives") return value;
  return expected("a Boolean", value, site);
}

/** Why a value is not known, for what is made of it. */
export function reasonOf(value: Value): string {
  return value.kind === "unknown" ? value.reason : "hangs on an unknown condition";
}
