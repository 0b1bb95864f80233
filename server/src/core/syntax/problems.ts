// What is wrong with a text, in one short message per place: the first thing that does not fit, never what follows
// from it.

import type { SyntaxProblem } from "./expr";
import type { FlatTree } from "./flatTree";
import type { NodeKind } from "./nodeKinds";

const MISSING: Partial<Record<NodeKind, string>> = {
  missing_expression: "missing value",
  missing_value: "missing value",
  missing_semicolon: "missing ';'",
  missing_bracket: "missing ']'",
  missing_parenthesis: "missing ')'",
  missing_name: "missing name after '.'",
  early_end: "the expression of this file ends here, but more follows",
};

/** Longer pieces of unreadable text are not repeated in the message. */
const LONGEST_QUOTE = 24;

/** The problems that the tree knows of, in document order. */
export function treeProblems(text: string, tree: FlatTree): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  if (!tree.damaged) return problems;
  for (let node = 0; node < tree.size; ) {
    const kind = tree.kind(node);
    if (kind === "ERROR") {
      problems.push(unreadable(text, tree.start(node), tree.end(node)));
      node = tree.after(node);
      continue;
    }
    const token = tree.missingToken(node);
    const message = token === undefined ? MISSING[kind] : missingToken(token);
    if (message !== undefined) problems.push({ ...behind(tree.start(node)), message });
    // What follows the end of the file's expression is one problem, whatever it holds.
    node = kind === "early_end" ? tree.size : node + 1;
  }
  return problems;
}

/** Sorted, and of those that touch only the first: the others follow from it. */
export function orderedProblems(problems: readonly SyntaxProblem[]): SyntaxProblem[] {
  const sorted = [...problems].sort((a, b) => a.start - b.start || a.end - b.end);
  const kept: SyntaxProblem[] = [];
  let reached = -1;
  for (const problem of sorted) {
    if (problem.start >= reached) kept.push(problem);
    reached = Math.max(reached, problem.end);
  }
  return kept;
}

/** Something missing is shown at the character before it. */
function behind(offset: number): { start: number; end: number } {
  return { start: Math.max(0, offset - 1), end: Math.max(1, offset) };
}

function missingToken(token: string): string {
  if (token === "variable_expression") return "missing value";
  if (token === "identifier") return "missing name";
  return token.includes("_") ? "unfinished expression" : `missing '${token}'`;
}

function unreadable(text: string, start: number, end: number): SyntaxProblem {
  const firstLine =
    text
      .slice(start, end)
      .split(/[\r\n]/, 1)[0]
      ?.trimEnd() ?? "";
  const shown = firstLine.length > 0 ? firstLine : text.slice(start, end);
  const quoted = shown.length <= LONGEST_QUOTE ? ` '${shown}'` : "";
  return { start, end: start + Math.max(1, shown.length), message: `unexpected${quoted || " text"}` };
}
