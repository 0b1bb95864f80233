// `builtins.toXML`, of everything but functions and derivations, whose XML says more than is known here.

import { compareText } from "../equality";
import type { Evaluation } from "../evaluation";
import { shortFloatText } from "../numbers";
import { type KnownValue, type Lazy, stringValue, unknownValue, type Value } from "../value";
import { arg, type NativeBuiltin } from "./native";

/** XML lines, or what stood in their way. */
type Xml = string | Exclude<Value, KnownValue>;

function xmlOf(ctx: Evaluation, lazy: Lazy, indent: string): Xml {
  if (!ctx.enter()) return ctx.limit;
  const xml = xmlOfValue(ctx, ctx.force(lazy), indent);
  ctx.leave();
  return xml;
}

function xmlOfValue(ctx: Evaluation, value: Value, indent: string): Xml {
  switch (value.kind) {
    case "null":
      return `${indent}<null />\n`;
    case "bool":
      return `${indent}<bool value="${value.value}" />\n`;
    case "int":
      return `${indent}<int value="${value.value}" />\n`;
    case "float": {
      const text = shortFloatText(value.value);
      return text === String(value.value)
        ? `${indent}<float value="${text}" />\n`
        : unknownValue("a float as XML");
    }
    case "string":
      return `${indent}<string value="${escaped(value.text)}" />\n`;
    case "path":
      return ctx.world.options.inStore?.(value.path)
        ? unknownValue(`the store path of ${value.path}`)
        : `${indent}<path value="${escaped(value.path)}" />\n`;
    case "list":
      if (value.open !== undefined) return unknownValue(value.open);
      return nested(
        ctx,
        "list",
        indent,
        value.items.map(item => ["", item] as const),
      );
    case "attrs":
      if (value.open !== undefined || value.attrs.has("type"))
        return unknownValue(value.open ?? "may be a derivation");
      return nested(
        ctx,
        "attrs",
        indent,
        [...value.attrs]
          .sort(([a], [b]) => compareText(a, b))
          .map(([name, attr]) => [name, attr.value] as const),
      );
    case "function":
      return unknownValue("a function as XML");
    default:
      return value;
  }
}

function nested(
  ctx: Evaluation,
  tag: "list" | "attrs",
  indent: string,
  parts: readonly (readonly [string, Lazy])[],
): Xml {
  let text = `${indent}<${tag}>\n`;
  const inner = `${indent}  `;
  for (const [name, part] of parts) {
    const xml = xmlOf(ctx, part, tag === "attrs" ? `${inner}  ` : inner);
    if (typeof xml !== "string") return xml;
    text += tag === "attrs" ? `${inner}<attr name="${escaped(name)}">\n${xml}${inner}</attr>\n` : xml;
    const full = ctx.allocate(xml.length >> 2);
    if (full !== undefined) return full;
  }
  return `${text}${indent}</${tag}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '"': "&quot;",
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "\n": "&#xA;",
};

function escaped(text: string): string {
  return text.replace(/["<>&\n]/g, found => ENTITIES[found] ?? found);
}

export const XML_BUILTINS: readonly NativeBuiltin[] = [
  [
    "toXML",
    1,
    (ctx, args, site) => {
      const xml = xmlOf(ctx, arg(args, 0), "  ");
      if (typeof xml !== "string")
        return xml.kind === "alternatives" ? unknownValue("hangs on an unknown condition") : xml;
      return stringValue(`<?xml version='1.0' encoding='utf-8'?>\n<expr>\n${xml}</expr>\n`, site);
    },
  ],
];
