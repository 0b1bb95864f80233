// Our own small, immutable expression tree of the Nix language. It keeps the sugar that people typed (attribute
// paths, inherit, with), drops parentheses, and never refers to a tree-sitter node. Everything else reads this.
// Offsets (`start`, `end`) are UTF-16 offsets into the text of the SourceFile that owns the tree.

interface Located {
  readonly start: number;
  readonly end: number;
}

export type Expr =
  | VariableExpr
  | IntegerExpr
  | FloatExpr
  | StringExpr
  | PathExpr
  | UriExpr
  | ListExpr
  | AttrsExpr
  | LetExpr
  | WithExpr
  | AssertExpr
  | IfExpr
  | LambdaExpr
  | ApplyExpr
  | SelectExpr
  | HasAttrExpr
  | UnaryExpr
  | BinaryExpr
  | MissingExpr;

export interface VariableExpr extends Located {
  readonly kind: "variable";
  readonly name: string;
}

export interface IntegerExpr extends Located {
  readonly kind: "integer";
  /** The literal as written. Nix refuses what does not fit 64 bits; so does the evaluator. */
  readonly value: bigint;
}

export interface FloatExpr extends Located {
  readonly kind: "float";
  readonly value: number;
}

/** `"…"` and `''…''`, already unescaped and, for indented strings, already stripped of indentation. */
export interface StringExpr extends Located {
  readonly kind: "string";
  readonly indented: boolean;
  readonly parts: readonly StringPart[];
}

/** A literal piece of a string or an interpolated expression (whose span excludes `${` and `}`). */
export type StringPart = TextPart | InterpolationPart;

export interface TextPart extends Located {
  readonly kind: "text";
  /** The cooked text: escapes resolved, indentation removed. */
  readonly value: string;
  /**
   * How cooked offsets map to the source: ascending pairs [cookedOffset, sourceOffset]; between two pairs the
   * mapping is one to one. Absent where the whole part is one to one from `start`.
   */
  readonly map?: readonly number[];
}

export interface InterpolationPart extends Located {
  readonly kind: "interpolation";
  readonly expr: Expr;
}

/** A path literal: `./a`, `/a`, `~/a`, `<a/b>`; pieces may be interpolated (never in a search path). */
export interface PathExpr extends Located {
  readonly kind: "path";
  readonly flavour: "relative" | "absolute" | "home" | "search";
  /** For "home" without the leading `~`, for "search" without the angle brackets, else as written. */
  readonly parts: readonly StringPart[];
}

/** An unquoted URL, such as `https://cache.nixos.org`. */
export interface UriExpr extends Located {
  readonly kind: "uri";
  readonly value: string;
}

export interface ListExpr extends Located {
  readonly kind: "list";
  readonly items: readonly Expr[];
}

export interface AttrsExpr extends Located {
  readonly kind: "attrs";
  readonly recursive: boolean;
  readonly bindings: readonly Binding[];
}

/** `let … in body`; the old `let { …; body = …; }` is lowered to a selection of `body` from a recursive set. */
export interface LetExpr extends Located {
  readonly kind: "let";
  readonly bindings: readonly Binding[];
  readonly body: Expr;
}

export type Binding = AttrBinding | InheritBinding;

/** `a.b.c = value;`: the span covers the whole binding with its semicolon. */
export interface AttrBinding extends Located {
  readonly kind: "binding";
  /** Invariant: at least one name. */
  readonly path: readonly AttrName[];
  readonly value: Expr;
}

/** `inherit a b;` or `inherit (from) a b;` */
export interface InheritBinding extends Located {
  readonly kind: "inherit";
  readonly from: Expr | undefined;
  readonly names: readonly AttrName[];
}

/** One component of an attribute path. Static names are cooked; the span of a quoted one includes its quotes. */
export type AttrName = StaticName | DynamicName;

export interface StaticName extends Located {
  readonly kind: "static";
  readonly name: string;
  readonly quoted: boolean;
}

/** `${expr}` or `"…${expr}…"` as an attribute name. */
export interface DynamicName extends Located {
  readonly kind: "dynamic";
  readonly expr: Expr;
}

export interface WithExpr extends Located {
  readonly kind: "with";
  readonly scope: Expr;
  readonly body: Expr;
}

export interface AssertExpr extends Located {
  readonly kind: "assert";
  readonly condition: Expr;
  readonly body: Expr;
}

export interface IfExpr extends Located {
  readonly kind: "if";
  readonly condition: Expr;
  readonly thenBranch: Expr;
  readonly elseBranch: Expr;
}

export interface LambdaExpr extends Located {
  readonly kind: "lambda";
  /** `x:` or the `args` of `args@{ … }`. */
  readonly param: StaticName | undefined;
  readonly formals: Formals | undefined;
  readonly body: Expr;
}

export interface Formals extends Located {
  readonly items: readonly Formal[];
  readonly ellipsis: boolean;
}

export interface Formal extends Located {
  readonly name: StaticName;
  readonly defaultValue: Expr | undefined;
}

/** One application; `f a b` is two of them. */
export interface ApplyExpr extends Located {
  readonly kind: "apply";
  readonly fn: Expr;
  readonly arg: Expr;
}

/** `target.a.b or fallback` */
export interface SelectExpr extends Located {
  readonly kind: "select";
  readonly target: Expr;
  readonly path: readonly AttrName[];
  readonly fallback: Expr | undefined;
}

export interface HasAttrExpr extends Located {
  readonly kind: "hasAttr";
  readonly target: Expr;
  readonly path: readonly AttrName[];
}

export interface UnaryExpr extends Located {
  readonly kind: "unary";
  readonly operator: "!" | "-";
  readonly operand: Expr;
}

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "++"
  | "//"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&&"
  | "||"
  | "->"
  | "|>"
  | "<|";

export interface BinaryExpr extends Located {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}

/** What could not be parsed: half-typed or garbage. Never guessed at; evaluates to Unknown. */
export interface MissingExpr extends Located {
  readonly kind: "missing";
}

export interface Comment extends Located {
  /** The comment with its `#` or its slashes and stars. */
  readonly text: string;
}

/** A place where the text is not Nix; `message` is one line without a final period. */
export interface SyntaxProblem extends Located {
  readonly message: string;
}

/** One parsed file. Parsing never fails: what is wrong is in `problems`, and what is readable is in `root`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly root: Expr;
  /** Every string and path in it, in no order: noted while it is made, as that spares a walk through all of it. */
  readonly literals: readonly (StringExpr | PathExpr)[];
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}
