// The attribute paths that a set literal holds already, so that a fix never gives a binding the name of another one.

import type { AttrBinding, AttrsExpr } from "../syntax/expr";

/** Sets in sets are looked into so deeply; below that a name counts as one value. */
const MAX_DEPTH = 4;

/** The paths of all values of a set, through the set literals in it: Nix joins `a.b = 1; a = { c = 2; };`. */
export function takenNames(set: AttrsExpr): readonly (readonly string[])[] {
  return namesIn(set, [], 0);
}

function namesIn(set: AttrsExpr, before: readonly string[], depth: number): (readonly string[])[] {
  return set.bindings.flatMap(binding => {
    if (binding.kind === "inherit")
      return binding.names.flatMap(name => (name.kind === "static" ? [[...before, name.name]] : []));
    const path = staticPath(binding);
    if (path === undefined) return [];
    const full = [...before, ...path];
    const inner = binding.value.kind === "attrs" && depth < MAX_DEPTH ? binding.value : undefined;
    return inner === undefined ? [full] : namesIn(inner, full, depth + 1);
  });
}

/** The attribute path of a binding; undefined if a part of it is computed. */
export function staticPath(binding: AttrBinding): readonly string[] | undefined {
  const names = new Array<string>(binding.path.length);
  for (let i = 0; i < names.length; i++) {
    const name = binding.path[i];
    if (name?.kind !== "static") return undefined;
    names[i] = name.name;
  }
  return names;
}
