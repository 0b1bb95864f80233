// The way in: an evaluator holds the ports and the compiled files; each entry point gets an Evaluation of its own.

import type { SourceFile } from "../syntax/expr";
import type { Span } from "../text/span";
import type { CompiledFile } from "./compile/compiledFile";
import { CompiledFiles } from "./compile/compiledFiles";
import { Evaluation } from "./evaluation";
import type { FilePort } from "./files";
import type { Lazy, Value } from "./value";

/** What evaluation needs of the outside, all of it synchronous. */
export interface EvaluatorPorts {
  /** Turns text into a tree; total. */
  readonly parse: (path: string, text: string) => SourceFile;
  readonly files: FilePort;
  /** The hash of the UTF-8 bytes of `text` in lower-case hexadecimal. */
  readonly hash: (algorithm: "md5" | "sha1" | "sha256" | "sha512", text: string) => string;
  readonly parseToml: (text: string) => TomlResult;
}

export type TomlResult =
  /** Tables as plain objects, integers as bigint, dates as Date. */
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** How much one entry point may cost. */
export interface Limits {
  /** Thunks forced, calls made, items handled by native loops. */
  readonly steps: number;
  /** Nested forces and calls, as Nix's max-call-depth; the stack may run out before, which has the same result. */
  readonly depth: number;
  /** List items, attributes and characters made. */
  readonly cells: number;
}

export const DEFAULT_LIMITS: Limits = { steps: 3_000_000, depth: 10_000, cells: 3_000_000 };

/** How the caller extends or restricts the language. */
export interface EvaluatorOptions {
  readonly limits?: Partial<Limits>;
  /**
   * true: a file with a syntax error, an undefined variable or a duplicate attribute is an error as a whole, as in
   * Nix. false (for half-typed files): only the part that is wrong is.
   */
  readonly strict?: boolean;
  /**
   * true (the default): what hangs on an unknown value is worked out as if the evaluation of that value succeeds
   * (`{ a = 1; } // unknown` has an `a`). false: then it is Unknown as well, because `tryEval` could tell.
   */
  readonly optimistic?: boolean;
  /** The value of `<path>`; undefined or absent: Unknown. */
  readonly searchPath?: (ctx: Evaluation, path: string, site: Span | undefined) => Lazy | undefined;
  /** The value of importing a path, asked before the file port; undefined: read the file. */
  readonly importPath?: (ctx: Evaluation, path: string, site: Span | undefined) => Lazy | undefined;
  /**
   * Paths that Nix would have copied to the store before evaluation (a flake's own files): usable as paths, but their
   * text as a string is not known.
   */
  readonly inStore?: (path: string) => boolean;
  /** For `~/…`; undefined: Unknown. */
  readonly home?: string;
  /** Replaces or adds global names and members of `builtins`. */
  readonly builtins?: ReadonlyMap<string, Lazy>;
}

/** What all evaluations of one evaluator share. */
export interface World {
  readonly ports: EvaluatorPorts;
  readonly options: EvaluatorOptions;
  /** Compiled files by path and text; lives as long as the evaluator. */
  readonly compiled: CompiledFiles;
}

export interface Evaluator {
  /** A fresh evaluation: own limits, own import cache, own record of reads. One per entry point. */
  start(limits?: Partial<Limits>): Evaluation;
  /** Evaluates one file and gives the evaluation with it, for forcing its parts. */
  evaluateFile(path: string, limits?: Partial<Limits>): { readonly value: Value; readonly ctx: Evaluation };
  /** The file, ready to be evaluated. */
  compile(file: SourceFile): CompiledFile;
}

/** Compiled files are kept between evaluations, so keep the evaluator as long as the workspace. */
export function createEvaluator(ports: EvaluatorPorts, options: EvaluatorOptions = {}): Evaluator {
  const world: World = {
    ports,
    options,
    compiled: new CompiledFiles(options.strict ?? false, options.builtins),
  };
  const start = (limits: Partial<Limits> = {}) =>
    new Evaluation(world, { ...DEFAULT_LIMITS, ...options.limits, ...limits });
  return {
    start,
    evaluateFile: (path, limits) => {
      const ctx = start(limits);
      return { value: ctx.importFile(path), ctx };
    },
    compile: file => world.compiled.of(file),
  };
}
