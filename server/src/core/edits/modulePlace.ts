// Where in a module an option stands, or where it would have to be written: in the set that is nested deepest on the way.

import { calledName } from "../features/cursor";
import { legacyNamesOf } from "../knowledge/legacyOptions";
import { resultOf } from "../syntax/children";
import type { AttrBinding, AttrsExpr, Expr } from "../syntax/expr";

export type OptionPlace =
  /** The option is defined here. */
  | { readonly kind: "defined"; readonly binding: AttrBinding; readonly value: Expr }
  /** It is not; `rest` would be written into `set`. */
  | { readonly kind: "absent"; readonly set: AttrsExpr; readonly rest: readonly string[] }
  /** Something that holds it is no set that could be written into. */
  | { readonly kind: "blocked"; readonly by: Expr };

/** The set of options that a module is; undefined where that cannot be told or hangs on a condition. */
export function moduleSet(root: Expr): AttrsExpr | undefined {
  const set = setOf(root);
  if (set === undefined) return undefined;
  const names = set.bindings.flatMap(binding =>
    binding.kind === "binding" && binding.path[0]?.kind === "static" ? [binding.path[0].name] : [],
  );
  if (!names.includes("config")) return names.includes("outputs") ? undefined : set;
  const config = set.bindings.find(binding => isNamed(binding, "config"));
  return config?.kind === "binding" && config.path.length === 1 ? setOf(config.value) : undefined;
}

/** The set that a flake is; undefined for what is none. Its `nixConfig` can be edited like an option of a module. */
export function flakeSet(root: Expr): AttrsExpr | undefined {
  return root.kind === "attrs" && root.bindings.some(binding => isNamed(binding, "outputs"))
    ? root
    : undefined;
}

/** Through functions, `let`, `with`, `assert` and `mkMerge` to a set that holds on no condition. */
function setOf(expr: Expr): AttrsExpr | undefined {
  switch (expr.kind) {
    case "attrs":
      return expr;
    case "lambda":
    case "let":
    case "with":
    case "assert":
      return setOf(expr.body);
    case "apply":
      return calledName(expr) === "mkMerge" && expr.arg.kind === "list"
        ? expr.arg.items.find(item => item.kind === "attrs")
        : undefined;
    default:
      return undefined;
  }
}

/** Finds an option, also under an older name or as `extra-NAME` of a list setting. */
export function findPlace(set: AttrsExpr, option: readonly string[]): OptionPlace {
  const direct = descend(set, option);
  if (direct.kind === "defined") return direct;
  for (const other of otherNames(option)) {
    const place = descend(set, other);
    if (place.kind === "defined") return place;
  }
  return direct;
}

function otherNames(option: readonly string[]): string[][] {
  if (option[0] === "nixConfig" && option.length === 2) {
    const plain = option[1]?.replace(/^extra-/, "");
    return plain === undefined ? [] : [["nixConfig", plain]];
  }
  const [nix, settings, name] = option;
  if (nix !== "nix" || settings !== "settings" || name === undefined || option.length !== 3) return [];
  return [[nix, settings, `extra-${name}`], ...legacyNamesOf(name).map(legacy => ["nix", legacy])];
}

function descend(set: AttrsExpr, option: readonly string[]): OptionPlace {
  let deepest: OptionPlace = { kind: "absent", set, rest: option };
  for (const binding of set.bindings) {
    if (binding.kind !== "binding" || !isPrefix(binding, option)) continue;
    const rest = option.slice(binding.path.length);
    if (rest.length === 0) return { kind: "defined", binding, value: binding.value };
    const inner = inValue(binding.value, rest);
    if (inner.kind === "defined") return inner;
    // Nix takes no second definition beside a computed one
    if (inner.kind === "blocked") deepest = inner;
    else if (deepest.kind === "absent" && inner.rest.length < deepest.rest.length) deepest = inner;
  }
  if (deepest.kind === "absent" && hasCloserRelative(set, option, option.length - deepest.rest.length))
    return { kind: "absent", set, rest: option };
  return deepest;
}

/**
 * Whether a path in the set shares more of its beginning with the option than what leads to a nested set does. Beside
 * `nix.sshServe.keys = …;` Nix before 2.26 takes no `nix = { sshServe.enable = …; };`.
 */
function hasCloserRelative(set: AttrsExpr, option: readonly string[], nested: number): boolean {
  return set.bindings.some(binding => {
    if (binding.kind !== "binding") return false;
    const other = binding.path.findIndex((name, i) => name.kind !== "static" || name.name !== option[i]);
    return other > nested;
  });
}

/** In a set, or in the first set of a chain of `//`, whose later sets go before it. */
function inValue(value: Expr, rest: readonly string[]): OptionPlace {
  const sets = operandsOf(value);
  const places = sets.map(
    (each): OptionPlace => (each.kind === "attrs" ? descend(each, rest) : { kind: "blocked", by: each }),
  );
  const defined = places.findLast(place => place.kind === "defined");
  return defined ?? places.find(place => place.kind === "absent") ?? { kind: "blocked", by: value };
}

function operandsOf(value: Expr): readonly Expr[] {
  if (value.kind !== "binary" || value.operator !== "//") return [value];
  return [...operandsOf(value.left), ...operandsOf(value.right)];
}

function isPrefix(binding: AttrBinding, option: readonly string[]): boolean {
  return (
    binding.path.length <= option.length &&
    binding.path.every((name, i) => name.kind === "static" && name.name === option[i])
  );
}

function isNamed(binding: AttrsExpr["bindings"][number], name: string): boolean {
  const first = binding.kind === "binding" ? binding.path[0] : undefined;
  return first?.kind === "static" && first.name === name;
}

/** Wrappers whose last argument is the value itself, on no condition. */
const WRAPPERS = new Set([
  "mkForce",
  "mkDefault",
  "mkBefore",
  "mkAfter",
  "mkOverride",
  "mkOrder",
  "mkOptionDefault",
]);

/** What a value is without priority and order; `undefined` where it hangs on a condition. */
export function unwrapped(wrapped: Expr): Expr | undefined {
  const expr = resultOf(wrapped);
  if (expr.kind === "if") return undefined;
  if (expr.kind !== "apply") return expr;
  const name = calledName(expr) ?? "";
  if (name === "mkIf" || name === "optionals" || name === "optional" || name === "mkMerge") return undefined;
  return WRAPPERS.has(name) ? unwrapped(expr.arg) : expr;
}
