// The lines of an SSH configuration as ssh-config parses them, and the words that stand in them.

import SSHConfig, { type Directive, type Line } from "ssh-config";

/** A round over hundreds of hosts evaluates the same few texts for each of them. */
const parsedTexts = new Map<string, readonly Line[]>();
const MOST_PARSED = 32;

/** @throws what the library throws on text that it cannot read */
export function parseOnce(text: string): readonly Line[] {
  const known = parsedTexts.get(text);
  if (known !== undefined) return known;
  const lines = SSHConfig.parse(withValues(text));
  if (parsedTexts.size >= MOST_PARSED) parsedTexts.clear();
  parsedTexts.set(text, lines);
  return lines;
}

/** The library wants a value after each negated criterion, also where ssh knows none. */
function withValues(text: string): string {
  return text.replace(/^\s*match[\s=].*$/gim, line =>
    line.replace(/(?<=\s)!(all|canonical|final)(?=\s|$)/gi, "!$1=."),
  );
}

const LISTS = new Set(["userknownhostsfile", "globalknownhostsfile", "host", "include"]);

/** The values of a directive as separate words; quotes are gone already. */
export function wordsOf(line: Directive): string[] {
  if (typeof line.value !== "string") return line.value.map(word => word.val);
  if (line.quoted || !LISTS.has(line.param.toLowerCase())) return [line.value];
  return line.value.split(/\s+/).filter(word => word !== "");
}

/** Criteria and their patterns in turn. */
export function matchTokens(line: Directive): string[] {
  const text = typeof line.value === "string" ? [line.value] : line.value.map(word => word.val);
  return text.flatMap(word => word.split(/\s+/)).filter(word => word !== "");
}
