// The edits that let a configuration trust the keys of a cache, for the moment in which somebody adds the cache.

import type { Analysis } from "../analysis";
import { editInFlake, editInSet } from "../edits/editOption";
import { flakeSet, moduleSet } from "../edits/modulePlace";
import type { SourceFile } from "../syntax/expr";
import type { TextEdit } from "../text/textEdit";
import { hostsTrustingKey, nameOfKey } from "./cacheFacts";

/**
 * None where the key is trusted already, here or by any host of the fleet (somebody wrote it elsewhere), and where the
 * list of keys is not in plain sight. `file` may be a trial text; `path` is where the cache is added.
 */
export function trustEdits(
  analysis: Analysis,
  file: SourceFile,
  path: readonly string[],
  keys: readonly string[],
): readonly TextEdit[] {
  const missing = keys.filter(key => !file.text.includes(key) && !isTrusted(analysis, key));
  const option = keyOption(path);
  if (missing.length === 0 || option === undefined || file.problems.length > 0) return [];
  const inFlake = option[0] === "nixConfig";
  const set = inFlake ? flakeSet(file.root) : moduleSet(file.root);
  if (set === undefined) return [];
  const change = { kind: "addToList", items: missing } as const;
  const outcome = inFlake ? editInFlake(file, set, option, change) : editInSet(file, set, option, change);
  return "edits" in outcome ? outcome.edits : [];
}

function isTrusted(analysis: Analysis, key: string): boolean {
  return hostsTrustingKey(analysis.fleet(), nameOfKey(key) ?? key).length > 0;
}

/** The list of keys beside the list of caches at a path. */
function keyOption(path: readonly string[]): readonly string[] | undefined {
  const names = path[0] === "config" ? path.slice(1) : path;
  const extra = /^(extra-)?substituters$/.exec(names.at(-1) ?? "")?.[1] ?? "";
  if (!names.at(-1)?.endsWith("substituters") || names.at(-1) === "trusted-substituters") return undefined;
  switch (names.slice(0, -1).join(".")) {
    case "nix.settings":
      return ["nix", "settings", `${extra}trusted-public-keys`];
    case "nixConfig":
      return ["nixConfig", `${extra}trusted-public-keys`];
    default:
      return undefined;
  }
}
