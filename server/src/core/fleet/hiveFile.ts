// Which hive.nix is a hive of colmena: a set, or a function that can be called with nothing. Flakes and modules of
// NixOS go by that name too.

import { resultOf } from "../syntax/children";
import type { AttrName, AttrsExpr, Binding, SourceFile } from "../syntax/expr";

/** What only a hive has beside its nodes. */
const OWN_NAMES = new Set(["meta", "network", "defaults"]);

/** What stands at the top of a flake or a module, and is no name of a host. */
const NAMES_OF_OTHERS = new Set(
  (
    "inputs outputs options config imports boot environment fileSystems hardware networking nix nixpkgs programs " +
    "security services systemd users virtualisation"
  ).split(" "),
);

/** By these a set is known as the configuration of a host. */
const NODE_OPTIONS = new Set([...NAMES_OF_OTHERS, "deployment", "swapDevices", "system", "time"]);

/**
 * False for a file of that name that is something else: colmena calls a function with an empty set, so one that wants
 * arguments belongs to somebody who gives them, unless what it returns is written like a hive. One that wants none may
 * be a module or a flake, unless something in it can be a host.
 */
export function isHiveFile(file: SourceFile | undefined): boolean {
  const root = file?.root;
  if (root === undefined) return true;
  const wants =
    root.kind === "lambda" && root.formals?.items.some(({ defaultValue }) => defaultValue === undefined);
  const result = resultOf(root.kind === "lambda" ? root.body : root);
  if (result.kind !== "attrs") return wants !== true;
  return hasOneOf(result, OWN_NAMES) || (wants !== true && holdsNodes(result));
}

function hasOneOf({ bindings }: AttrsExpr, names: ReadonlySet<string>): boolean {
  return bindings.flatMap(firstNames).some(name => name.kind === "static" && names.has(name.name));
}

function holdsNodes(set: AttrsExpr): boolean {
  const { bindings } = set;
  if (bindings.length === 0 || bindings.some(isDeployed)) return true;
  return !hasOneOf(set, NAMES_OF_OTHERS) && bindings.some(mayBeNode);
}

function isDeployed(binding: Binding): boolean {
  return optionNames(binding).some(name => name.kind === "static" && name.name === "deployment");
}

/** A function, a path and what has to be worked out may be a module, so may a set with options of NixOS. */
function mayBeNode(binding: Binding): boolean {
  if (binding.kind === "inherit") return true;
  const names = optionNames(binding);
  if (binding.path.length === 1 && binding.value.kind !== "attrs")
    return !["list", "string", "integer", "float", "uri"].includes(binding.value.kind);
  return names.length === 0 || names.some(name => name.kind !== "static" || NODE_OPTIONS.has(name.name));
}

/** The names under that of a node: `a.b.c = …` and `a = { b = …; }` have b. */
function optionNames(binding: Binding): readonly AttrName[] {
  if (binding.kind === "inherit") return [];
  if (binding.path.length > 1) return binding.path.slice(1, 2);
  return binding.value.kind === "attrs" ? binding.value.bindings.flatMap(firstNames) : [];
}

function firstNames(binding: Binding): readonly AttrName[] {
  return binding.kind === "inherit" ? binding.names : binding.path.slice(0, 1);
}
