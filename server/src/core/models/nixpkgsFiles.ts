// Files of nixpkgs that configurations import by path: what stands for them.

import type { Evaluation } from "../eval/evaluation";
import { type AttrsValue, attrsOf, type Lazy, openAttrs, unknownValue } from "../eval/value";
import { nixpkgsLib } from "../nixpkgs/lib";
import { systemFunction } from "../nixpkgs/nixosSystem";
import { pkgsFunction } from "../nixpkgs/pkgs";
import { inputPath, placeOfPath } from "../nixpkgs/storePaths";

/** What importing a path below an input gives; undefined for a path of the workspace. */
export function nixpkgsImport(ctx: Evaluation, path: string): Lazy | undefined {
  const place = placeOfPath(path);
  if (place === undefined) return undefined;
  const lib = nixpkgsLib(ctx);
  if (place.input === "nixpkgs") {
    switch (place.below.replace(/\/default\.nix$/, "")) {
      case "":
        return pkgsFunction(lib);
      case "/lib":
        return lib;
      case "/nixos/lib/eval-config.nix":
        return systemFunction("eval-config", "nixos", lib);
      default:
    }
  }
  return unknownValue(`${place.below.slice(1) || "the files"} of ${place.input} are not here`);
}

/** `<nixpkgs>` and what is below it. */
export function searchPathValue(ctx: Evaluation, path: string): Lazy | undefined {
  const [name, ...below] = path.split("/");
  if (name !== "nixpkgs") return undefined;
  if (below.length > 0)
    return nixpkgsImport(ctx, `/\uFFFCnixpkgs/${below.join("/")}`) === undefined
      ? undefined
      : inputPath("nixpkgs", `/${below.join("/")}`);
  const set: AttrsValue = openAttrs(attrsOf({ outPath: inputPath("nixpkgs") }).attrs, "comes from <nixpkgs>");
  return { ...set, imported: pkgsFunction(nixpkgsLib(ctx)) };
}
