// The keys that may log in to serve the store: every entry of `nix.sshServe.keys`.

import type { FileFacts, OptionFact } from "../facts/facts";
import { entriesOf, type ListEntry } from "./listEntries";

export function isSshServeKeys({ option }: OptionFact): boolean {
  return option.length === 3 && option[0] === "nix" && option[1] === "sshServe" && option[2] === "keys";
}

/** The entries in the order of the text. */
export function sshServeKeys(facts: FileFacts): readonly ListEntry[] {
  return facts.options
    .filter(isSshServeKeys)
    .flatMap(entriesOf)
    .filter(entry => entry.form === "item");
}
