// Builtins that need the store, the network, the machine or the version of Nix. What they give is Unknown; a
// derivation is a set whose arguments are known and whose paths are not.

import type { Span } from "../../text/span";
import { coerceToString, INTERPOLATION } from "../coerce";
import type { Evaluation } from "../evaluation";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  attrsValue,
  boolValue,
  errorValue,
  type Lazy,
  lazily,
  listValue,
  openAttrs,
  type StringValue,
  stringValue,
  unknownValue,
  type Value,
} from "../value";
import { arg, type NativeBuiltin } from "./native";

/** Always Unknown, whatever the arguments. */
function unknowable(name: string, arity: number, reason: string): NativeBuiltin {
  return [name, arity, (_ctx, _args, site) => unknownValue(reason, site)];
}

function derivation(ctx: Evaluation, args: AttrsValue, site: Span | undefined): Value {
  const named = args.attrs.get("name");
  if (named === undefined && args.open === undefined) {
    const subject = { name: "name", candidates: [...args.attrs.keys()] };
    return errorValue("missing-attribute", "required attribute 'name' missing", site, subject);
  }
  const outputs = args.attrs.get("outputs");
  if (outputs === undefined) return withOutputs(args, [stringValue("out", site)], site);
  return ctx.useList(outputs.value, site, ({ items, open }) => {
    const names: StringValue[] = [];
    for (const item of items) {
      const name = ctx.force(item);
      if (name.kind === "string") names.push(name);
      else return name.kind === "error" ? name : openAttrs(args.attrs, "the outputs are not known", site);
    }
    return open === undefined ? withOutputs(args, names, site) : openAttrs(args.attrs, open, site);
  });
}

function withOutputs(args: AttrsValue, outputs: readonly StringValue[], site: Span | undefined): Value {
  const built = (what: string) => unknownValue(`the ${what} of a derivation`, site);
  const sets = new Map<string, Value>();
  const all = outputs.map(({ text }) => lazily(ctx => ctx.force(sets.get(text) ?? built("output"))));
  const first = outputs[0];
  for (const output of outputs) {
    const attrs = new Map<string, Attr>(args.attrs);
    for (const { text } of outputs)
      attrs.set(
        text,
        attrOf(
          lazily(ctx => ctx.force(sets.get(text) ?? built(text))),
          site,
        ),
      );
    attrs.set("all", attrOf(listValue(all, site), site));
    attrs.set("drvAttrs", attrOf(args, args.span));
    attrs.set("outPath", attrOf(built("store path"), site));
    attrs.set("drvPath", attrOf(built("path"), site));
    attrs.set("type", attrOf(stringValue("derivation", site), site));
    attrs.set("outputName", attrOf(output, output.span));
    sets.set(
      output.text,
      args.open === undefined ? attrsValue(attrs, site) : openAttrs(attrs, args.open, site),
    );
  }
  return (first && sets.get(first.text)) ?? built("output");
}

/** Strings known here have no context, so what only changes the context gives the string itself. */
function sameText(name: string): NativeBuiltin {
  return [name, 1, (ctx, args, site) => coerceToString(ctx, arg(args, 0), INTERPOLATION, site)];
}

function appendContext(ctx: Evaluation, text: Lazy, context: Lazy, site: Span | undefined): Value {
  return ctx.useString(text, site, known =>
    ctx.useAttrs(context, site, set =>
      set.attrs.size === 0 && set.open === undefined ? known : unknownValue("a string with context", site),
    ),
  );
}

const STORE = "comes from the Nix store";
const NETWORK = "is fetched from the network";
const MACHINE = "hangs on the machine that evaluates";

export const STORE_BUILTINS: readonly NativeBuiltin[] = [
  ["derivation", 1, (ctx, args, site) => ctx.useAttrs(arg(args, 0), site, set => derivation(ctx, set, site))],
  unknowable("derivationStrict", 1, STORE),
  sameText("unsafeDiscardStringContext"),
  sameText("unsafeDiscardOutputDependency"),
  unknowable("addDrvOutputDependencies", 1, STORE),
  ["hasContext", 1, (ctx, args, site) => ctx.useString(arg(args, 0), site, () => boolValue(false, site))],
  ["getContext", 1, (ctx, args, site) => ctx.useString(arg(args, 0), site, () => attrsOf({}, site))],
  ["appendContext", 2, (ctx, args, site) => appendContext(ctx, arg(args, 0), arg(args, 1), site)],
  unknowable("storePath", 1, STORE),
  unknowable("toFile", 2, STORE),
  unknowable("path", 1, STORE),
  unknowable("filterSource", 2, STORE),
  unknowable("placeholder", 1, STORE),
  unknowable("outputOf", 2, STORE),
  unknowable("convertHash", 1, "is not worked out here"),
  unknowable("parseFlakeRef", 1, "is not worked out here"),
  unknowable("flakeRefToString", 1, "is not worked out here"),
  unknowable("findFile", 2, "a search path is not known here"),
  unknowable("getEnv", 1, MACHINE),
  unknowable("exec", 1, MACHINE),
  unknowable("importNative", 2, MACHINE),
  unknowable("fetchurl", 1, NETWORK),
  unknowable("fetchTarball", 1, NETWORK),
  unknowable("fetchGit", 1, NETWORK),
  unknowable("fetchMercurial", 1, NETWORK),
  unknowable("fetchTree", 1, NETWORK),
  unknowable("fetchFinalTree", 1, NETWORK),
  unknowable("fetchClosure", 1, NETWORK),
  unknowable("getFlake", 1, NETWORK),
];

/** Constants that are not the same everywhere. */
export const UNKNOWN_CONSTANTS: readonly (readonly [string, Value])[] = [
  ["currentSystem", unknownValue(MACHINE)],
  ["currentTime", unknownValue(MACHINE)],
  ["extraBuiltins", unknownValue("comes from a plugin of Nix")],
  ["langVersion", unknownValue("hangs on the version of Nix")],
  ["nixPath", unknownValue(MACHINE)],
  ["nixVersion", unknownValue("hangs on the version of Nix")],
  ["storeDir", unknownValue(MACHINE)],
];
