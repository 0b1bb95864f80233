// A file ready to be evaluated, any number of times and in any evaluation.

import type { Span } from "../../text/span";
import type { Evaluation } from "../evaluation";
import type { Lazy, Value } from "../value";

/** A file without its tree, of which only what has not been compiled yet is kept. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export interface CompiledFile {
  readonly source: SourceText;
  /** The value of the file. `scope` are the names that scopedImport adds. */
  readonly evaluate: (ctx: Evaluation, scope?: ReadonlyMap<string, Lazy>) => Value;
}

/** What Nix refuses in a file before it evaluates anything of it. */
export interface StaticProblem {
  readonly kind: "syntax" | "undefined-variable" | "duplicate-attribute";
  /** In Nix's words, one line. */
  readonly message: string;
  readonly span: Span;
  /** The name it is about. */
  readonly name?: string;
  /** For a duplicate: where the name is defined first. */
  readonly first?: Span;
}
