// The kinds of nodes that the grammar produces, by the names the grammar gives them.

/** Nodes that are expressions. */
const EXPRESSIONS = [
  "variable_expression",
  "integer_expression",
  "float_expression",
  "string_expression",
  "indented_string_expression",
  "path_expression",
  "hpath_expression",
  "spath_expression",
  "uri_expression",
  "parenthesized_expression",
  "attrset_expression",
  "rec_attrset_expression",
  "let_attrset_expression",
  "list_expression",
  "let_expression",
  "with_expression",
  "assert_expression",
  "if_expression",
  "function_expression",
  "apply_expression",
  "select_expression",
  "has_attr_expression",
  "unary_expression",
  "binary_expression",
  "missing_expression",
] as const;

/** Nodes with children or with text of their own. */
const NAMED = [
  "source_code",
  ...EXPRESSIONS,
  "binding",
  "inherit",
  "inherit_from",
  "attrpath",
  "identifier",
  "interpolation",
  "string_fragment",
  "path_fragment",
  "formals",
  "formal",
  "ellipses",
  "missing_semicolon",
  "missing_bracket",
  "missing_parenthesis",
  "missing_value",
  "missing_name",
  "early_end",
  "comment",
  "ERROR",
] as const;

const TOKENS = [
  ...'{}[]();:,.?@="!-+*/<>',
  ...["''", "${", "++", "//", "==", "!=", "<=", ">=", "&&", "||", "->", "|>", "<|"],
  ...["if", "then", "else", "let", "in", "rec", "with", "assert", "inherit", "or", "..."],
];

export type NodeKind = (typeof NAMED)[number] | "token";

const EXPRESSION_KINDS: ReadonlySet<NodeKind> = new Set<NodeKind>(EXPRESSIONS);

export function isExpression(kind: NodeKind): boolean {
  return EXPRESSION_KINDS.has(kind);
}

const LEAVES: ReadonlySet<string> = new Set([
  "variable_expression",
  "integer_expression",
  "float_expression",
  "spath_expression",
  "uri_expression",
  "identifier",
  "string_fragment",
  "path_fragment",
  "ellipses",
  "comment",
]);

/** Empty nodes that stand where something is missing. */
const GAPS: ReadonlySet<string> = new Set([
  "missing_expression",
  "missing_semicolon",
  "missing_bracket",
  "missing_parenthesis",
  "missing_value",
  "missing_name",
  "early_end",
]);

/** What is known of one node type of the grammar without asking the tree. */
export interface NodeType {
  /** By which the grammar calls it. */
  readonly name: string;
  readonly kind: NodeKind;
  readonly leaf: boolean;
  readonly gap: boolean;
  /** The length of a token that is always written the same way, else 0. */
  readonly length: number;
}

const KINDS: ReadonlyMap<string, NodeKind> = new Map(NAMED.map(name => [name, name]));
const SPELLINGS: ReadonlySet<string> = new Set(TOKENS);

/** Describes a node type by its name in the grammar. */
export function nodeType(name: string): NodeType {
  const kind = KINDS.get(name) ?? "token";
  const length = kind === "token" && SPELLINGS.has(name) ? name.length : 0;
  return {
    name,
    kind,
    leaf: kind === "token" || LEAVES.has(name) || GAPS.has(name),
    gap: GAPS.has(name),
    length,
  };
}
