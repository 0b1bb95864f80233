// `builtins.match` and `builtins.split`.

import type { Span } from "../../text/span";
import type { Evaluation } from "../evaluation";
import { type Lazy, listValue, nullValue, type StringValue, unknownValue, type Value } from "../value";
import { isAscii } from "./bytes";
import { arg, type NativeBuiltin } from "./native";
import { type TranslatedRegex, translateRegex } from "./regexSyntax";
import { part } from "./strings";

const UNCERTAIN = "a regular expression that is not certain to mean the same here";

/** How many steps backtracking may take in the worst case. */
const MAX_COST = 3e8;

/** A nested loop may double the work with each character. */
const MAX_NESTED_LENGTH = 22;

function usable(
  regex: TranslatedRegex | undefined,
  text: string,
  searches: boolean,
): regex is TranslatedRegex {
  if (regex === undefined || !isAscii(text)) return false;
  if (regex.nested > 0) return regex.nested === 1 && text.length <= MAX_NESTED_LENGTH;
  // k loops share a text of n characters in about n^k / k! ways.
  let cost = searches && regex.loops > 0 ? text.length : 1;
  for (let k = 1; k <= Math.max(regex.loops, 1); k++) cost *= Math.max(text.length / k, 1);
  return cost <= MAX_COST;
}

function useRegex(
  ctx: Evaluation,
  pattern: Lazy,
  text: Lazy,
  site: Span | undefined,
  use: (regex: TranslatedRegex | undefined, text: StringValue) => Value,
): Value {
  return ctx.useString(pattern, site, source =>
    ctx.useString(text, site, of => {
      if (!ctx.spend(4 + (of.text.length >> 2))) return ctx.limit;
      return use(isAscii(source.text) ? translateRegex(source.text) : undefined, of);
    }),
  );
}

/** The groups of a match as Nix gives them: strings, or null where a group took no part. */
function groups(
  of: StringValue,
  indices: readonly ([number, number] | undefined)[],
  site: Span | undefined,
): Lazy[] {
  return indices
    .slice(1)
    .map(range => (range === undefined ? nullValue(site) : part(of, range[0], range[1])));
}

function match(regex: TranslatedRegex | undefined, of: StringValue, site: Span | undefined): Value {
  if (!usable(regex, of.text, false)) return unknownValue(UNCERTAIN, site);
  const found = new RegExp(`^(?:${regex.source})$`, "d").exec(of.text);
  if (found === null) return nullValue(site);
  return listValue(groups(of, found.indices ?? [], site), site);
}

function split(
  ctx: Evaluation,
  regex: TranslatedRegex | undefined,
  of: StringValue,
  site: Span | undefined,
): Value {
  if (!usable(regex, of.text, true)) return unknownValue(UNCERTAIN, site);
  const items: Lazy[] = [];
  let end = 0;
  for (const found of of.text.matchAll(new RegExp(regex.source, "dg"))) {
    const from = found.index;
    const to = from + found[0].length;
    // Nix takes the longest match, JavaScript the first; where they may differ nothing is certain.
    if (regex.loops > 0 || /[|?{]/.test(regex.source)) {
      const longer = new RegExp(`(?:${regex.source})(?<=^[^]{${to + 1},})`, "y");
      longer.lastIndex = from;
      if (longer.test(of.text)) return unknownValue(UNCERTAIN, site);
    }
    items.push(part(of, end, from), listValue(groups(of, found.indices ?? [], site), site));
    end = to;
    if (!ctx.spend(2 + (to >> 4))) return ctx.limit;
  }
  if (items.length === 0) return listValue([of], site);
  items.push(part(of, end, of.text.length));
  return ctx.allocate(items.length) ?? listValue(items, site);
}

export const REGEX_BUILTINS: readonly NativeBuiltin[] = [
  [
    "match",
    2,
    (ctx, args, site) =>
      useRegex(ctx, arg(args, 0), arg(args, 1), site, (regex, text) => match(regex, text, site)),
  ],
  [
    "split",
    2,
    (ctx, args, site) =>
      useRegex(ctx, arg(args, 0), arg(args, 1), site, (regex, text) => split(ctx, regex, text, site)),
  ],
];
