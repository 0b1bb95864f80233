// Brackets and comments in a stretch of Nix, past its strings: as much as a fix has to know of the text that it changes.

const TOKENS = /"(?:[^"\\]|\\[\s\S])*"|''(?:[^']|'(?!')|''['$\\])*''|#[^\n]*|\/\*[\s\S]*?\*\/|[()[\]{}]/g;

const isOpening = (token: string): boolean => /^[([{]$/.test(token);
const isClosing = (token: string): boolean => /^[)\]}]$/.test(token);

/** The innermost bracket that is still open at the end. */
export function enclosingBracket(source: string): string | undefined {
  const open: string[] = [];
  for (const [token] of source.matchAll(TOKENS)) {
    if (isOpening(token)) open.push(token);
    else if (isClosing(token)) open.pop();
  }
  return open.at(-1);
}

/** Where the bracket with which the stretch begins is closed: the offset of its other half. */
export function closingBracket(source: string): number | undefined {
  let open = 0;
  for (const { 0: token, index } of source.matchAll(TOKENS)) {
    if (isOpening(token)) open++;
    else if (isClosing(token) && --open === 0) return index;
  }
  return undefined;
}

/** Whether the stretch is one list literal from its first character to its last. */
export function isListLiteral(source: string): boolean {
  return source.startsWith("[") && closingBracket(source) === source.length - 1;
}

export function holdsComment(source: string): boolean {
  return [...source.matchAll(TOKENS)].some(([token]) => /^(#|\/\*)/.test(token));
}
