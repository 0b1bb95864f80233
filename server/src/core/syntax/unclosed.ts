// Text that ends in the middle of things: `{ nix.settings = { substituters = [ "https://` and no more. The parser gives
// up on such text as a whole. It does say what stands open, so the closers can be put behind the text and all of it read.

import type { SyntaxProblem } from "./expr";
import type { FlatTree } from "./flatTree";

const CLOSERS: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["${", "}"],
  ["[", "]"],
  ["(", ")"],
  ['"', '"'],
  ["''", "''"],
  ["=", ";"],
  ["inherit", ";"],
  ["let", " in "],
]);
const BRACKETS: ReadonlySet<string> = new Set(["{", "${", "[", "(", '"', "''"]);

interface Opener {
  readonly spelling: string;
  readonly start: number;
  readonly end: number;
}

export interface Unclosed {
  /** What to put behind the text so that everything open is closed. */
  readonly closers: string;
  readonly problem: SyntaxProblem;
}

/** What stands open at the end of the text; undefined where nothing does or where it cannot be told. */
export function findUnclosed(text: string, tree: FlatTree): Unclosed | undefined {
  const open: Opener[] = [];
  for (const token of unreadTokens(tree)) {
    const spelling = text.slice(tree.start(token), tree.end(token));
    const last = open.at(-1);
    if (last !== undefined && CLOSERS.get(last.spelling) === spelling) open.pop();
    else if (CLOSERS.has(spelling)) open.push({ spelling, start: tree.start(token), end: tree.end(token) });
    else if ("}])".includes(spelling)) return undefined;
  }
  const opener = open.findLast(each => BRACKETS.has(each.spelling));
  if (opener === undefined) return undefined;
  // A line break first, or a comment at the end would swallow the closers; in a string it would be content.
  const inString = opener === open.at(-1) && (opener.spelling === '"' || opener.spelling === "''");
  const closers = open.map(each => CLOSERS.get(each.spelling) ?? "").reverse();
  const { spelling, start, end } = opener;
  return {
    closers: (inString ? "" : "\n") + closers.join(""),
    problem: { start, end, message: `'${spelling}' is never closed` },
  };
}

/** The tokens that belong to nothing, because what they began has no end. */
function unreadTokens(tree: FlatTree): number[] {
  const result: number[] = [];
  const collect = (parent: number) => {
    const end = tree.after(parent);
    for (let each = parent + 1; each < end; each = tree.after(each)) {
      if (tree.kind(each) === "token") result.push(each);
    }
  };
  if (tree.kind(0) === "ERROR") collect(0);
  for (let each = 1; each < tree.size; each = tree.after(each)) {
    if (tree.kind(each) === "ERROR") collect(each);
  }
  return result;
}
