// The package set: quiet and open. Only what configurations ask about platforms, and what overlays add, is known.

import type { Evaluation } from "../eval/evaluation";
import {
  type Attr,
  type AttrsValue,
  attrOf,
  attrsOf,
  type Lazy,
  lazily,
  openAttrs,
  unknownValue,
  type Value,
} from "../eval/value";
import { Model } from "../modules/model";
import { native1 } from "../modules/native";
import { inputPath } from "./storePaths";
import { platform } from "./systems";

const WHY = "comes from pkgs";

/** The system of a package set. */
export const packageSets = new Model<{ readonly system: Lazy }>();

export interface PkgsInput {
  readonly lib: Lazy;
  readonly system: Lazy | undefined;
  readonly overlays: Lazy | undefined;
}

export function packageSet(input: PkgsInput): AttrsValue {
  const system = input.system ?? unknownValue("the system of the package set");
  const host: Lazy = lazily(ctx => ctx.useString(system, undefined, text => platform(text.text)));
  const isKind = (name: string): Lazy => lazily(ctx => ctx.select(host, name));
  const stdenv = openAttrs(
    attrsOf({
      hostPlatform: host,
      buildPlatform: host,
      targetPlatform: host,
      system,
      isLinux: isKind("isLinux"),
      isDarwin: isKind("isDarwin"),
      isAarch64: isKind("isAarch64"),
      isx86_64: isKind("isx86_64"),
    }).attrs,
    WHY,
  );
  const base = openAttrs(
    attrsOf({
      lib: input.lib,
      system,
      stdenv,
      hostPlatform: host,
      path: inputPath("nixpkgs"),
      type: unknownValue(WHY),
    }).attrs,
    WHY,
  );
  return packageSets.mark(base, { system });
}

/** The package set with overlays: what they add is known as far as they are, the rest stays. */
export function overlaid(ctx: Evaluation, base: AttrsValue, overlays: Lazy | undefined): AttrsValue {
  if (overlays === undefined) return base;
  const list = ctx.attempt(overlays);
  if (list.kind !== "list" || list.items.length === 0) return base;
  let result: AttrsValue = base;
  const final: Lazy = lazily(() => result);
  for (const overlay of list.items) {
    const added = ctx.speculate(() => ctx.call(overlay, [final, result]));
    if (added.kind !== "attrs") continue;
    const attrs = new Map<string, Attr>(result.attrs);
    for (const [name, attr] of added.attrs) if (!RESERVED.has(name)) attrs.set(name, attr);
    result = openAttrs(attrs, WHY);
  }
  const known = packageSets.of(base);
  return known === undefined ? result : packageSets.mark(result, known);
}

/** No overlay gives these another meaning. */
const RESERVED: ReadonlySet<string> = new Set(["lib", "system", "stdenv", "hostPlatform", "path"]);

/** `import nixpkgs { system = …; overlays = …; }` */
export function pkgsFunction(lib: Lazy): Lazy {
  return native1("import nixpkgs", ({ ctx }, lazy): Value => {
    const args = ctx.force(lazy);
    if (args.kind === "error") return args;
    const at = (name: string): Lazy | undefined =>
      args.kind === "attrs" ? args.attrs.get(name)?.value : undefined;
    const system = at("system") ?? systemOf(at("localSystem") ?? at("hostPlatform"));
    const base = packageSet({ lib, system, overlays: undefined });
    return overlaid(ctx, base, at("overlays"));
  });
}

/** A system given as its name or as a set with `system`. */
export function systemOf(given: Lazy | undefined): Lazy | undefined {
  if (given === undefined) return undefined;
  return lazily(ctx => {
    const value = ctx.force(given);
    return value.kind === "attrs" ? ctx.select(value, "system") : value;
  });
}

/** `legacyPackages`: a package set for any system that is asked for. */
export function legacyPackages(lib: Lazy, systems: readonly string[]): AttrsValue {
  const attrs = new Map<string, Attr>();
  for (const system of systems) {
    const text: Value = { kind: "string", text: system, span: undefined, pieces: undefined };
    attrs.set(system, attrOf(packageSet({ lib, system: text, overlays: undefined })));
  }
  return openAttrs(attrs, WHY);
}
