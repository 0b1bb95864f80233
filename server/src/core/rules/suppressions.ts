// `# nix-deploy: ignore CODE[, CODE]`: silences rules on its own line, or on the next one where the comment stands alone.
// Read from the lines of the text, so it works in Nix, in nix.conf and in nix.conf text inside Nix strings.

const COMMENT = /(?:#|\/\*)\s*nix-deploy:\s*ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)/;

/** The silenced codes by line, counted from 0. */
export type Suppressions = ReadonlyMap<number, ReadonlySet<string>>;

const NONE: Suppressions = new Map();

export function readSuppressions(text: string): Suppressions {
  if (!text.includes("nix-deploy:")) return NONE;
  const found = new Map<number, Set<string>>();
  const add = (line: number, codes: readonly string[]): void => {
    const before = found.get(line) ?? new Set();
    found.set(line, new Set([...before, ...codes]));
  };
  text.split(/\r\n|\r|\n/).forEach((content, line) => {
    const match = COMMENT.exec(content);
    if (match?.[1] === undefined) return;
    const codes = match[1].split(",").map(code => code.trim());
    add(line, codes);
    if (content.slice(0, match.index).trim() === "") add(line + 1, codes);
  });
  return found;
}
