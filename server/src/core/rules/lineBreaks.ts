// Line breaks in values that NixOS writes to one line of nix.conf: what stands behind the break becomes a line of its own,
// which is no setting, and Nix refuses the whole file.

import type { SettingFact } from "../facts/facts";
import { entriesOf, type SettingEntry } from "./listEntries";

/** What happens then. */
export const BROKEN_LINE =
  "what follows is a line of nix.conf by itself, where the check of nix.conf stops the build and without it every nix command on the host fails";

/** Whether text is written to nix.conf as it stands; Nix splits a flake's nixConfig without writing it. */
export function isWrittenToConf({ surface }: SettingFact): boolean {
  return surface === "option" || surface === "legacy-option";
}

/** Whether a list entry holds a line break that something follows. */
export function breaksLine(entry: SettingEntry): boolean {
  if (!isWrittenToConf(entry.fact) || entry.form !== "item") return false;
  const { text } = entry.datum;
  if (/\n/.test(text.trimEnd())) return true;
  return text.trim() !== "" && text.includes("\n") && isFollowed(entry);
}

/** NixOS itself puts cache.nixos.org behind the caches of modules, but nothing behind their keys. */
function isFollowed({ fact, datum }: SettingEntry): boolean {
  const isReplacing = fact.priority.level < 100;
  if (fact.name === "substituters" && !fact.extra && !isReplacing) return true;
  const last = entriesOf(fact).at(-1)?.datum.span;
  return last !== undefined && (last.path !== datum.span.path || last.start !== datum.span.start);
}
