// The options that a module declares under the roots of options that rules know: `options.nix.…`, `options.services.…`.

import type { AttrBinding, AttrsExpr, Expr } from "../syntax/expr";
import { staticPath } from "./takenNames";

const ROOTS: ReadonlySet<string> = new Set(["nix", "programs", "services"]);
const MAX_DEPTH = 6;

/** Their paths, `nix.gc.often`; empty where the file is no module, or declares none. */
export function declaredOptions(root: Expr): readonly string[] {
  const module = moduleIn(root);
  return module === undefined
    ? []
    : pathsIn(module, [], 0)
        .filter(([, root = ""]) => ROOTS.has(root))
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

/** The paths that begin with `options`. */
function pathsIn(set: AttrsExpr, before: readonly string[], depth: number): (readonly string[])[] {
  return set.bindings.flatMap(binding => {
    if (binding.kind !== "binding" || (depth === 0 && !isOptions(binding))) return [];
    const own = staticPath(binding);
    if (own === undefined) return [];
    const path = [...before, ...own];
    const { value } = binding;
    return value.kind === "attrs" && depth < MAX_DEPTH ? pathsIn(value, path, depth + 1) : [path];
  });
}

function isOptions({ path: [first] }: AttrBinding): boolean {
  return first?.kind === "static" && first.name === "options";
}
