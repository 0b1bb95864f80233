// Builtins on versions and package names.

import type { Span } from "../../text/span";
import { compareText } from "../equality";
import { attrsOf, intValue, listValue, type StringValue, unknownValue, type Value } from "../value";
import { arg, type NativeBuiltin } from "./native";
import { part } from "./strings";

/** The components of a version: runs of digits and runs of other characters, separated by dots and dashes. */
function* components(text: string): Generator<{ readonly from: number; readonly to: number }> {
  for (const match of text.matchAll(/[0-9]+|[^0-9.-]+/g)) {
    yield { from: match.index, to: match.index + match[0].length };
  }
}

function textsOf(version: string): string[] {
  return Array.from(components(version), ({ from, to }) => version.slice(from, to));
}

const NUMBER = /^[0-9]+$/;

/** Whether component `a` is older than `b`; undefined for numbers so large that versions of Nix differ. */
function older(a: string, b: string): boolean | undefined {
  const [isA, isB] = [NUMBER.test(a), NUMBER.test(b)];
  if ((isA && a.length > 9) || (isB && b.length > 9)) return undefined;
  if (isA && isB) return Number(a) < Number(b);
  if (a === "" && isB) return true;
  if (a === "pre" && b !== "pre") return true;
  if (b === "pre") return false;
  if (isB) return true;
  if (isA) return false;
  return compareText(a, b) < 0;
}

function compareVersions(left: string, right: string, site: Span | undefined): Value {
  const [a, b] = [textsOf(left), textsOf(right)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? "", b[i] ?? ""];
    const less = older(x, y);
    const more = older(y, x);
    if (less === undefined || more === undefined) return unknownValue("a version with a huge number", site);
    if (less) return intValue(-1, site);
    if (more) return intValue(1, site);
  }
  return intValue(0, site);
}

function parseDrvName(of: StringValue, site: Span | undefined): Value {
  // The first dash that no letter follows.
  const dash = /-(?=[^A-Za-z])/s.exec(of.text)?.index;
  const name = dash === undefined ? of : part(of, 0, dash);
  const version =
    dash === undefined ? part(of, of.text.length, of.text.length) : part(of, dash + 1, of.text.length);
  return attrsOf({ name, version }, site);
}

export const VERSION_BUILTINS: readonly NativeBuiltin[] = [
  [
    "compareVersions",
    2,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, left =>
        ctx.useString(arg(args, 1), site, right => compareVersions(left.text, right.text, site)),
      ),
  ],
  [
    "splitVersion",
    1,
    (ctx, args, site) =>
      ctx.useString(arg(args, 0), site, version =>
        listValue(
          Array.from(components(version.text), ({ from, to }) => part(version, from, to)),
          site,
        ),
      ),
  ],
  [
    "parseDrvName",
    1,
    (ctx, args, site) => ctx.useString(arg(args, 0), site, name => parseDrvName(name, site)),
  ],
];
