// A file ready to be evaluated, any number of times and in any evaluation.

import type { Span } from "../../text/span";
import type { Evaluation } from "../evaluation";
import type { Lazy, Value } from "../value";

/** A file without its tree: what was compiled does not keep what it was compiled from. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export interface CompiledFile {
  readonly source: SourceText;
  /** What Nix would refuse before evaluating anything of this file. */
  readonly problems: readonly StaticProblem[];
  /** The value of the file. `scope` are the names that scopedImport adds. */
  readonly evaluate: (ctx: Evaluation, scope?: ReadonlyMap<string, Lazy>) => Value;
}

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
