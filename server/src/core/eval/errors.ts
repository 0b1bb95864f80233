// The errors of Nix that the evaluator itself makes, in Nix's words.

import type { Span } from "../text/span";
import { describe } from "./describe";
import { type AttrsValue, type ErrorValue, errorValue, type KnownValue, MAX_TRACE } from "./value";

/** Nix's type error: "value is an integer while a set was expected". */
export function expected(what: string, value: KnownValue, site: Span | undefined): ErrorValue {
  return errorValue("type", `value is ${describe(value)} while ${what} was expected`, site ?? value.span);
}

export function missingAttribute(set: AttrsValue, name: string, site: Span | undefined): ErrorValue {
  const candidates = [...set.attrs.keys()];
  return errorValue("missing-attribute", `attribute '${name}' missing`, site, { name, candidates });
}

/** The error with one more place on its trace. */
export function traced(error: ErrorValue, site: Span | undefined): ErrorValue {
  if (site === undefined || error.trace.length >= MAX_TRACE) return error;
  if (error.span === undefined) return { ...error, span: site };
  return { ...error, trace: [...error.trace, site] };
}
