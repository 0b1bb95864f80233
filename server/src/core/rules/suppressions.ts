// `# nix-deploy: ignore CODE[, CODE]`: silences rules on its own line, or where the comment stands alone on the next line
// that holds more than a comment. Read from the text, so it works in Nix, in nix.conf and in nix.conf text inside strings.

const COMMENT = /(?:#|\/\*)[ \t]*nix-deploy:[ \t]*ignore[ \t]+([\w-]+(?:[ \t,]+[\w-]+)*)/g;

/** What looks like a code; the words of an explanation behind the codes do not. */
const CODE = /^(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)+|syntax)$/;

/** A code in a comment that silences it, with its place in the text. */
export interface SilencedCode {
  readonly code: string;
  readonly start: number;
  readonly end: number;
}

/** Every silenced code of a text, in order. */
export function silencedCodes(text: string): SilencedCode[] {
  if (!text.includes("nix-deploy:")) return [];
  return [...text.matchAll(COMMENT)].flatMap(match => {
    const words = match[1] ?? "";
    const from = match.index + match[0].length - words.length;
    const found: SilencedCode[] = [];
    for (const { 0: code, index } of words.matchAll(/[\w-]+/g)) {
      if (!CODE.test(code)) break;
      found.push({ code, start: from + index, end: from + index + code.length });
    }
    return found;
  });
}

/** The silenced codes by line, counted from 0. */
export type Suppressions = ReadonlyMap<number, ReadonlySet<string>>;

const NONE: Suppressions = new Map();

export function readSuppressions(text: string): Suppressions {
  const codes = silencedCodes(text);
  if (codes.length === 0) return NONE;
  const lines = text.split(/\r\n|\r|\n/);
  const starts = lineStarts(text);
  const found = new Map<number, Set<string>>();
  for (const { code, start } of codes) {
    const line = starts.findLastIndex(at => at <= start);
    for (const silenced of silencedLines(lines, line))
      found.set(silenced, (found.get(silenced) ?? new Set()).add(code));
  }
  return found;
}

/** The comment's own line; where it stands alone the next one too, and further ones as long as they are comments. */
function silencedLines(lines: readonly string[], line: number): number[] {
  const silenced = [line];
  for (let at = line; isComment(lines[at]) && at + 1 < lines.length; at++) silenced.push(at + 1);
  return silenced;
}

function isComment(line: string | undefined): boolean {
  return /^\s*(?:#|\/\*.*\*\/\s*$)/.test(line ?? "");
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)];
}
