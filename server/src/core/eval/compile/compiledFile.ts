// A file ready to be evaluated, any number of times and in any evaluation.

import type { SourceFile } from "../../syntax/expr";
import type { Span } from "../../text/span";
import type { Evaluation } from "../evaluation";
import type { Lazy, Value } from "../value";

export interface CompiledFile {
  readonly source: SourceFile;
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
