// Syntax tree -> SourceFile: the whole language, total, with exact spans. What cannot be read becomes `missing`, and
// what stands beside it stays.

import type { Expr, PathExpr, SourceFile, StringExpr, SyntaxProblem } from "./expr";
import type { FlatTree } from "./flatTree";
import { lowerAttrs, lowerLet, lowerLetAttrs } from "./lowerBindings";
import {
  lowerApply,
  lowerAssert,
  lowerBinary,
  lowerFloat,
  lowerHasAttr,
  lowerIf,
  lowerInteger,
  lowerLambda,
  lowerList,
  lowerParenthesized,
  lowerSelect,
  lowerUnary,
  lowerVariable,
  lowerWith,
} from "./lowerExpr";
import { type Lowering, missingAt, missingFor } from "./lowering";
import { lowerIndentedString, lowerPath, lowerQuotedString, lowerSearchPath, lowerUri } from "./lowerText";
import type { Names } from "./names";
import { isExpression, type NodeKind } from "./nodeKinds";
import { orderedProblems, treeProblems } from "./problems";

/** Deeper nesting is not read: everything that walks an `Expr` may recurse. Nobody types or generates as much. */
const MAX_DEPTH = 1000;

type Lower = (ctx: Lowering, node: number) => Expr;

const FORMS: Partial<Record<NodeKind, Lower>> = {
  variable_expression: lowerVariable,
  integer_expression: lowerInteger,
  float_expression: lowerFloat,
  string_expression: lowerQuotedString,
  indented_string_expression: lowerIndentedString,
  path_expression: lowerPath,
  hpath_expression: lowerPath,
  spath_expression: lowerSearchPath,
  uri_expression: lowerUri,
  parenthesized_expression: lowerParenthesized,
  attrset_expression: lowerAttrs,
  rec_attrset_expression: lowerAttrs,
  let_attrset_expression: lowerLetAttrs,
  list_expression: lowerList,
  let_expression: lowerLet,
  with_expression: lowerWith,
  assert_expression: lowerAssert,
  if_expression: lowerIf,
  function_expression: lowerLambda,
  apply_expression: lowerApply,
  select_expression: lowerSelect,
  has_attr_expression: lowerHasAttr,
  unary_expression: lowerUnary,
  binary_expression: lowerBinary,
};

/** These lose only the member that cannot be read; any other form with something unreadable in it is `missing`. */
const KEEPS_NEIGHBOURS: ReadonlySet<NodeKind> = new Set<NodeKind>([
  "attrset_expression",
  "rec_attrset_expression",
  "let_attrset_expression",
  "let_expression",
  "list_expression",
]);

export interface FileToLower {
  readonly path: string;
  readonly text: string;
  readonly tree: FlatTree;
  readonly names: Names;
}

/** Lowers a whole file. `unclosed`: what was closed behind the text, the cause of all that is missing at its end. */
export function lowerFile(
  { path, text, tree, names }: FileToLower,
  unclosed: SyntaxProblem | undefined,
): SourceFile {
  const lowerer = new Lowerer(text, tree, names);
  const root = lowerer.root();
  const comments = tree.comments.map(({ start, end }) => ({ start, end, text: text.slice(start, end) }));
  const found = [...treeProblems(text, tree), ...lowerer.problems];
  const problems = unclosed === undefined ? found : [unclosed, ...withoutEnd(text, found)];
  return { path, text, root, literals: lowerer.literals, comments, problems: orderedProblems(problems) };
}

/** Problems but for those at the end of a text, which follow from what is not closed. */
function withoutEnd(text: string, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const end = text.trimEnd().length;
  return problems.filter(problem => problem.end < end);
}

/** Whether the file begins with its expression. What follows it is a problem; what precedes it would make it a guess. */
export function hasReadableRoot(tree: FlatTree): boolean {
  return tree.kind(0) === "source_code" && ROOT < tree.after(0) && isExpression(tree.kind(ROOT));
}

/** The first child of the tree's root. */
const ROOT = 1;

class Lowerer implements Lowering {
  readonly problems: SyntaxProblem[] = [];
  readonly literals: (StringExpr | PathExpr)[] = [];
  private depth = 0;
  private tooDeep = false;

  constructor(
    readonly text: string,
    readonly tree: FlatTree,
    private readonly names: Names,
  ) {}

  root(): Expr {
    if (hasReadableRoot(this.tree)) return this.expr(ROOT);
    return { kind: "missing", start: 0, end: this.text.length };
  }

  name(node: number): string {
    return this.names.of(this.text.slice(this.tree.start(node), this.tree.end(node)));
  }

  expr(node: number): Expr {
    const kind = this.tree.kind(node);
    const lower = FORMS[kind];
    if (lower === undefined) return missingFor(this.tree, node);
    if (this.tree.damaged && this.isUnreadable(node, kind)) return missingFor(this.tree, node);
    if (this.depth >= MAX_DEPTH) return this.beyondDepth(node);
    this.depth++;
    const expr = lower(this, node);
    this.depth--;
    return expr;
  }

  private isUnreadable(node: number, kind: NodeKind): boolean {
    if (this.tree.missingToken(node) !== undefined) return true;
    return !KEEPS_NEIGHBOURS.has(kind) && this.tree.child(node, "ERROR") !== undefined;
  }

  private beyondDepth(node: number): Expr {
    const start = this.tree.start(node);
    if (!this.tooDeep) this.problems.push({ start, end: start + 1, message: "nested too deeply to be read" });
    this.tooDeep = true;
    return missingAt(start);
  }
}
