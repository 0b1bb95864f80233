// Which hive.nix is a hive of colmena: a set, or a function that can be called with nothing.

import type { Expr, SourceFile } from "../syntax/expr";

const OWN_NAMES = new Set(["meta", "network", "defaults"]);

/**
 * False for a file of that name that is something else: colmena calls a function with an empty set, so one that wants
 * arguments belongs to somebody who gives them, unless what it returns is written like a hive.
 */
export function isHiveFile(file: SourceFile | undefined): boolean {
  const root = file?.root;
  if (root?.kind !== "lambda") return true;
  const wants = root.formals?.items.some(({ defaultValue }) => defaultValue === undefined) ?? false;
  return !wants || looksLikeHive(root.body);
}

function looksLikeHive(body: Expr): boolean {
  if (body.kind === "let" || body.kind === "with" || body.kind === "assert") return looksLikeHive(body.body);
  if (body.kind !== "attrs") return false;
  return body.bindings.some(binding => {
    const names = binding.kind === "inherit" ? binding.names : binding.path.slice(0, 1);
    return names.some(name => name.kind === "static" && OWN_NAMES.has(name.name));
  });
}
