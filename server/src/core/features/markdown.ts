// The few forms of Markdown that hovers are written in. Names come from files, so they stand as code, whatever is in them.

/** At most so many names are listed. */
export const LISTED = 8;

/** Text as code: with a fence that is longer than any in it. */
export function code(text: string): string {
  const line = text.replace(/\s*[\r\n]\s*/g, " ");
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  if (longest === 0) return `\`${line}\``;
  const fence = "`".repeat(longest + 1);
  return `${fence} ${line} ${fence}`;
}

export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, LISTED).map(code);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

export function paragraphs(parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== "").join("\n\n");
}

export function lines(parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== "").join("  \n");
}

/** "1 host", "3 hosts". */
export function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
