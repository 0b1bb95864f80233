// The options that a module declares under the roots of options that rules know: `options.nix.…`, `options.services.…`.

import type { AttrsExpr, Expr } from "../syntax/expr";
import { staticPath } from "./takenNames";

const ROOTS: ReadonlySet<string> = new Set(["nix", "programs", "services"]);
const MAX_DEPTH = 6;

/** Their paths, `nix.gc.often`; empty where the file is no module, or declares none. */
export function declaredOptions(root: Expr): readonly string[] {
  const module = moduleIn(root);
  return module === undefined
    ? []
    : pathsIn(module, [], 0)
        .filter(([first, second = ""]) => first === "options" && ROOTS.has(second))
        .map(path => path.slice(1).join("."));
}

/** The set that a file is, behind the arguments and names that it takes. */
function moduleIn(root: Expr): AttrsExpr | undefined {
  let expr = root;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    if (expr.kind === "attrs") return expr;
    if (expr.kind !== "lambda" && expr.kind !== "let" && expr.kind !== "with" && expr.kind !== "assert")
      break;
    expr = expr.body;
  }
  return undefined;
}

function pathsIn(set: AttrsExpr, before: readonly string[], depth: number): (readonly string[])[] {
  return set.bindings.flatMap(binding => {
    const own = binding.kind === "binding" ? staticPath(binding) : undefined;
    if (binding.kind !== "binding" || own === undefined) return [];
    const path = [...before, ...own];
    if (path[0] !== "options") return [];
    const { value } = binding;
    return value.kind === "attrs" && depth < MAX_DEPTH ? pathsIn(value, path, depth + 1) : [path];
  });
}
