// Under which setting a list ends up that stands in a `let` or another attribute: where the file uses its name.

import { childrenOf } from "../syntax/children";
import type { Expr, SourceFile } from "../syntax/expr";
import { namesOf } from "./cursor";

/** The settings whose lists are worth following. */
const LISTS = /^(?:extra-)?(?:trusted-)?substituters$|^(?:extra-)?trusted-public-keys$/;

/** The path itself, or that of the setting whose value names the list. */
export function listPath(file: SourceFile, path: readonly string[]): readonly string[] {
  const name = path.at(-1);
  if (name === undefined || LISTS.test(name)) return path;
  return settingUsing(file.root, name) ?? path;
}

function settingUsing(expr: Expr, name: string): readonly string[] | undefined {
  if (expr.kind === "attrs" || expr.kind === "let") {
    for (const binding of expr.bindings) {
      if (binding.kind !== "binding") continue;
      const names = namesOf(binding.path);
      if (LISTS.test(names.at(-1) ?? "") && isNamedIn(binding.value, name)) return names;
    }
  }
  for (const child of childrenOf(expr)) {
    const found = settingUsing(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isNamedIn(expr: Expr, name: string): boolean {
  if (expr.kind === "variable" && expr.name === name) return true;
  if (expr.kind === "select" && namesOf(expr.path).at(-1) === name) return true;
  return childrenOf(expr).some(child => isNamedIn(child, name));
}
