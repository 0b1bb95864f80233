// The functions of lib.strings that are native, so that every character of a result still knows where it was typed.

import { callLater } from "../eval/builtins/native";
import { part, useText } from "../eval/builtins/strings";
import { followed, INTERPOLATION, TO_STRING } from "../eval/coerce";
import { UNKNOWN_TEXT } from "../eval/datum";
import {
  boolValue,
  errorValue,
  type Lazy,
  listValue,
  type StringValue,
  stringValue,
  unknownValue,
  type Value,
} from "../eval/value";
import { type Call, type Natives, native1, native2, native3 } from "../modules/native";
import { OPTIONAL_STRING } from "./attrsNatives";

/** Where Nix compares a path with a text it compares its copy in the store: `/nix/store/HASH-NAME`. */
const COPY = "a path's copy in the store";

/** What is known of the beginning of a partly unknown string, or of a path's copy. */
function knownStart(value: Value): string | undefined {
  if (value.kind === "path" || followed(value) !== undefined) return "/nix/store/";
  if (value.kind !== "unknown" || value.partial === undefined) return undefined;
  return value.partial.text.split(UNKNOWN_TEXT)[0];
}

/** What is known of its end. */
function knownEnd(value: Value): string | undefined {
  if (value.kind === "path") return `-${value.path.slice(value.path.lastIndexOf("/") + 1)}`;
  if (value.kind !== "unknown" || value.partial === undefined) return undefined;
  return value.partial.text.split(UNKNOWN_TEXT).at(-1);
}

function hasPrefix({ ctx, site }: Call, prefix: Lazy, text: Lazy): Value {
  return ctx.useString(prefix, site, start => {
    const value = ctx.force(text);
    const known = knownStart(value);
    if (known?.startsWith(start.text)) return boolValue(true, site);
    if (known !== undefined && !start.text.startsWith(known)) return boolValue(false, site);
    if (value.kind === "path") return unknownValue(COPY, site);
    return ctx.useString(value, site, whole => boolValue(whole.text.startsWith(start.text), site));
  });
}

function hasSuffix({ ctx, site }: Call, suffix: Lazy, text: Lazy): Value {
  return ctx.useString(suffix, site, end => {
    const value = ctx.force(text);
    const known = knownEnd(value);
    if (known?.endsWith(end.text)) return boolValue(true, site);
    if (known !== undefined && !end.text.endsWith(known)) return boolValue(false, site);
    if (value.kind === "path") return unknownValue(COPY, site);
    return ctx.useString(value, site, whole => boolValue(whole.text.endsWith(end.text), site));
  });
}

/** A string with a part of it taken away; of a path it would be a part of the copy's path. */
function without(
  use: (text: StringValue, taken: StringValue) => Value,
): (call: Call, taken: Lazy, text: Lazy) => Value {
  return ({ ctx, site }, taken, lazy) =>
    ctx.useString(taken, site, end => {
      const value = ctx.force(lazy);
      if (value.kind === "path") return unknownValue(COPY, site);
      return ctx.useString(value, site, text => use(text, end));
    });
}

function splitString({ site }: Call, separator: StringValue, text: StringValue): Value {
  if (separator.text === "") return errorValue("evaluation", "invalid regular expression ''", site);
  const items: Lazy[] = [];
  let from = 0;
  for (let at = text.text.indexOf(separator.text); at !== -1; at = text.text.indexOf(separator.text, from)) {
    items.push(part(text, from, at));
    from = at + separator.text.length;
  }
  items.push(part(text, from, text.text.length));
  return listValue(items, site);
}

/** Only ASCII letters change, as in nixpkgs. */
function recase(change: (letter: string) => string, pattern: RegExp): Lazy {
  return native1("change case", ({ ctx, site }, text) =>
    ctx.useString(text, site, value => {
      const changed = value.text.replace(pattern, change);
      return {
        ...stringValue(changed, value.span, changed.length === value.text.length ? value.pieces : undefined),
      };
    }),
  );
}

/** Functions of the evaluator that lib.strings is made of. */
export function stringNatives(concatStringsSep: Lazy): Natives {
  const concat = (call: Call, separator: Lazy, fn: Lazy, lazy: Lazy): Value =>
    call.ctx.useList(lazy, call.site, list => {
      const items = list.items.map(item => callLater(fn, [item], call.site));
      const texts = list.open === undefined ? listValue(items) : { ...listValue(items), open: list.open };
      return call.ctx.call(concatStringsSep, [separator, texts], call.site);
    });
  return {
    optionalString: OPTIONAL_STRING,
    hasPrefix: native2("hasPrefix", hasPrefix),
    hasSuffix: native2("hasSuffix", hasSuffix),
    hasInfix: native2("hasInfix", ({ ctx, site }, infix, text) =>
      ctx.useString(infix, site, inner =>
        useText(ctx, text, INTERPOLATION, site, whole => boolValue(whole.text.includes(inner.text), site)),
      ),
    ),
    removePrefix: native2(
      "removePrefix",
      without((text, prefix) =>
        text.text.startsWith(prefix.text) ? part(text, prefix.text.length, text.text.length) : text,
      ),
    ),
    removeSuffix: native2(
      "removeSuffix",
      without((text, suffix) =>
        text.text.endsWith(suffix.text) ? part(text, 0, text.text.length - suffix.text.length) : text,
      ),
    ),
    splitString: native2("splitString", ({ ctx, site }, separator, text) =>
      ctx.useString(separator, site, sep =>
        useText(ctx, text, TO_STRING, site, whole => splitString({ ctx, site }, sep, whole)),
      ),
    ),
    toLower: recase(letter => letter.toLowerCase(), /[A-Z]/g),
    toUpper: recase(letter => letter.toUpperCase(), /[a-z]/g),
    concatMapStringsSep: native3("concatMapStringsSep", concat),
    concatMapStrings: native2("concatMapStrings", (call, fn, list) =>
      concat(call, stringValue(""), fn, list),
    ),
  };
}
