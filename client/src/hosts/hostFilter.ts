// Which hosts a filter text keeps: every word must occur in a name, address, tool or, with @, in a tag.

import type { HostSnapshot } from "../../../server/src/protocol";

export function matchesFilter(host: HostSnapshot, filter: string): boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== "");
  return words.every(word => matchesWord(host, word));
}

function matchesWord(host: HostSnapshot, word: string): boolean {
  if (word.startsWith("@")) return host.tags.some(tag => tag.toLowerCase().includes(word.slice(1)));
  const texts = [host.name, host.hostname ?? "", ...host.tools, ...host.tags];
  return texts.some(text => text.toLowerCase().includes(word));
}
