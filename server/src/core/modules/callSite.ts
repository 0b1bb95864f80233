// The words that somebody typed as the condition of `mkIf c …`, `optionals c …` and the like: the first argument of
// the call at a place.

import type { Evaluation } from "../eval/evaluation";
import type { Span } from "../text/span";

export interface Words {
  readonly text: string;
  readonly span: Span;
}

const FUNCTION = /^\s*\(?\s*[A-Za-z_][\w'.-]*\s*/;
const PLAIN = /^!?[A-Za-z_"][^\s;(){}[\]]*/;
const MAX_WORDS = 120;

/** The first argument of the call at `site`, without its parentheses; undefined where it cannot be made out. */
export function wordsOf(ctx: Evaluation, site: Span | undefined): Words | undefined {
  if (site === undefined) return undefined;
  const file = ctx.world.ports.files.read(site.path);
  if (file.kind !== "text") return undefined;
  const call = file.text.slice(site.start, site.end);
  const name = FUNCTION.exec(call)?.[0];
  if (name === undefined) return undefined;
  const rest = call.slice(name.length);
  const from = site.start + name.length;
  if (rest.startsWith("(")) {
    const end = closingParenthesis(rest);
    return end === undefined ? undefined : words(rest, 1, end, from, site.path);
  }
  const plain = PLAIN.exec(rest)?.[0];
  return plain === undefined ? undefined : words(rest, 0, plain.length, from, site.path);
}

function words(rest: string, start: number, end: number, from: number, path: string): Words {
  const raw = rest.slice(start, end);
  const lead = raw.length - raw.trimStart().length;
  const text = raw.trim().replace(/\s+/g, " ");
  const span = { path, start: from + start + lead, end: from + start + lead + raw.trim().length };
  return { text: text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)}…` : text, span };
}

/** The index of the parenthesis that closes the one at 0. */
function closingParenthesis(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') i = endOfString(text, i);
    else if (c === "(") depth++;
    else if (c === ")" && --depth === 0) return i;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
