// Attributes whose name is computed: `${name} = value;`. A name that is not known leaves the set open.

import type { Span } from "../../text/span";
import { expected } from "../errors";
import type { Evaluation } from "../evaluation";
import { type Attr, type AttrsValue, errorValue, type Value } from "../value";
import type { Compiled, Env } from "./scope";

export interface CompiledDynamic {
  readonly name: Compiled;
  readonly nameSpan: Span;
  readonly value: Compiled;
}

/** The set with its computed attributes; a name that is null adds none. */
export function addDynamic(
  ctx: Evaluation,
  set: AttrsValue,
  dynamic: readonly CompiledDynamic[],
  env: Env,
): Value {
  let result = set;
  for (const { name, nameSpan, value } of dynamic) {
    const key = ctx.force(name.now(env, ctx));
    if (key.kind === "null") continue;
    if (key.kind === "error") return key;
    if (key.kind === "unknown" || key.kind === "alternatives") {
      if (!ctx.optimistic)
        return key.kind === "unknown" ? key : { kind: "unknown", reason: UNKNOWN_NAME, span: nameSpan };
      result = { ...result, open: key.kind === "unknown" ? key.reason : UNKNOWN_NAME };
    } else if (key.kind !== "string") return expected("a string", key, nameSpan);
    else {
      const existing = result.attrs.get(key.text);
      if (existing !== undefined) {
        return errorValue("duplicate-attribute", `dynamic attribute '${key.text}' already defined`, nameSpan);
      }
      const attr: Attr = {
        value: value.later(env),
        nameSpan: key.span ?? nameSpan,
        span: nameSpan,
        computed: true,
      };
      result = { ...result, attrs: withAttr(result.attrs, key.text, attr) };
    }
  }
  return result;
}

const UNKNOWN_NAME = "an attribute's name is not known";

function withAttr(attrs: ReadonlyMap<string, Attr>, name: string, attr: Attr): Map<string, Attr> {
  return new Map(attrs).set(name, attr);
}
