// Attribute names: `a`, `"a"` and `${"a"}` are the same static name to Nix.

import type { AttrName } from "../../syntax/expr";

/** The name if it is known without evaluating anything. */
export function staticName(name: AttrName): string | undefined {
  if (name.kind === "static") return name.name;
  const { expr } = name;
  if (expr.kind !== "string") return undefined;
  let text = "";
  for (const part of expr.parts) {
    if (part.kind !== "text") return undefined;
    text += part.value;
  }
  return text;
}
