// The global scope of Nix: all builtins as `__name`, some of them without the underscores, and `builtins` itself.

import { type Attr, attrsValue, boolValue, type Lazy, nullValue } from "../value";
import { BUILTINS } from "./all";

/** Builtins that Nix has in its global scope under their own name. */
const UNPREFIXED = [
  "abort",
  "baseNameOf",
  "break",
  "derivation",
  "derivationStrict",
  "dirOf",
  "fetchGit",
  "fetchMercurial",
  "fetchTarball",
  "fetchTree",
  "fromTOML",
  "import",
  "isNull",
  "map",
  "placeholder",
  "removeAttrs",
  "scopedImport",
  "throw",
  "toString",
];

function globalScope(builtins: ReadonlyMap<string, Lazy>): ReadonlyMap<string, Lazy> {
  const attrs = new Map<string, Attr>();
  for (const [name, value] of builtins) {
    attrs.set(name, { value, nameSpan: undefined, span: undefined });
  }
  const constants: readonly [string, Lazy][] = [
    ["true", boolValue(true)],
    ["false", boolValue(false)],
    ["null", nullValue()],
  ];
  for (const [name, value] of constants) attrs.set(name, { value, nameSpan: undefined, span: undefined });
  const set = attrsValue(attrs);
  attrs.set("builtins", { value: set, nameSpan: undefined, span: undefined });
  const scope = new Map<string, Lazy>([...constants, ["builtins", set]]);
  for (const [name, value] of builtins) {
    scope.set(UNPREFIXED.includes(name) ? name : `__${name}`, value);
  }
  return scope;
}

export const GLOBALS: ReadonlyMap<string, Lazy> = globalScope(BUILTINS);

/** The global scope with some builtins replaced or added. */
export function globalsWith(builtins: ReadonlyMap<string, Lazy>): ReadonlyMap<string, Lazy> {
  return globalScope(new Map([...BUILTINS, ...builtins]));
}
