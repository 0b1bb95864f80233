// Which hosts a filter text keeps: every word must occur in a name, address or tool, with @ in a tag, with is: in the state.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { StateKind } from "./hostState";

export function matchesFilter(host: HostSnapshot, state: StateKind, filter: string): boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== "");
  return words.every(word => matchesWord(host, state, word));
}

function matchesWord(host: HostSnapshot, state: StateKind, word: string): boolean {
  if (word.startsWith("@")) return host.tags.some(tag => tag.toLowerCase().includes(word.slice(1)));
  if (word.startsWith("is:")) return state.startsWith(word.slice("is:".length));
  const texts = [host.name, host.hostname ?? "", ...host.tools, ...host.tags];
  return texts.some(text => text.toLowerCase().includes(word));
}
