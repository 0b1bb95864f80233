// Compiled files, kept by path and text, so that a file is parsed and compiled once however many entry points use it.

import type { SourceFile } from "../../syntax/expr";
import { LineIndex } from "../../text/lineIndex";
import type { Span } from "../../text/span";
import { GLOBALS, globalsWith } from "../builtins/globals";
import type { Evaluation } from "../evaluation";
import {
  attrsOf,
  attrsValue,
  type ErrorValue,
  errorValue,
  intValue,
  type Lazy,
  stringValue,
  unknownValue,
  type Value,
} from "../value";
import type { CompiledFile, SourceText } from "./compiledFile";
import { compile } from "./expression";
import { type Compiled, type Env, Frame, type Scope, type Unit } from "./scope";
import { staticProblems } from "./staticProblems";

export class CompiledFiles {
  private readonly byPath = new Map<string, CompiledFile>();
  private readonly lines = new WeakMap<SourceText, LineIndex>();
  private readonly globals: ReadonlyMap<string, Lazy>;

  constructor(
    private readonly strict: boolean,
    builtins: ReadonlyMap<string, Lazy> | undefined,
  ) {
    this.globals = builtins === undefined ? GLOBALS : globalsWith(builtins);
  }

  /** The file of that path and text, parsed only if it is not known yet. */
  load(path: string, text: string, parse: (path: string, text: string) => SourceFile): CompiledFile {
    const known = this.byPath.get(path);
    if (known?.source.text === text) return known;
    return this.remember(parse(path, text));
  }

  of(file: SourceFile): CompiledFile {
    const known = this.byPath.get(file.path);
    if (known?.source.text === file.text) return known;
    return this.remember(file);
  }

  private remember(file: SourceFile): CompiledFile {
    const compiled = compileFile(file, this.globals, this.strict);
    this.byPath.set(file.path, compiled);
    return compiled;
  }

  /** What `builtins.unsafeGetAttrPos` and `__curPos` say of a span: file, line and column from 1. */
  position(ctx: Evaluation, file: SourceText, span: Span): Value {
    if (ctx.world.options.inStore?.(file.path)) return unknownValue(`the store path of ${file.path}`, span);
    const index = this.lines.get(file) ?? new LineIndex(file.text);
    this.lines.set(file, index);
    const { line, character } = index.position(span.start);
    const before = file.text.slice(span.start - character, span.start);
    // Nix counts columns in bytes.
    const column = before.length + [...before].reduce((more, char) => more + extraBytes(char), 0);
    const [at, from] = [intValue(line + 1, span), intValue(column + 1, span)];
    return attrsOf({ file: stringValue(file.path, span), line: at, column: from }, span);
  }

  /** The same for a span of any compiled file. */
  positionOf(ctx: Evaluation, span: Span): Value {
    const known = this.byPath.get(span.path);
    return known === undefined
      ? unknownValue("its file is not known", span)
      : this.position(ctx, known.source, span);
  }
}

function extraBytes(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  return bytes - char.length;
}

function compileFile(file: SourceFile, globals: ReadonlyMap<string, Lazy>, strict: boolean): CompiledFile {
  const { path, text } = file;
  const [problem] = strict ? staticProblems(file, globals) : [];
  const refused = problem && errorValue(problem.kind, problem.message, problem.span);
  const unit: Unit = { source: { path, text }, globals, scoped: false, depth: 0, compile };
  return compiledFile(unit, compile(unit, undefined, file.root), refused, file.problems.length > 0);
}

/** Apart from what compiles it, so that nothing here keeps the tree. */
function compiledFile(
  unit: Unit,
  root: Compiled,
  refused: ErrorValue | undefined,
  broken: boolean,
): CompiledFile {
  return {
    source: unit.source,
    evaluate: (ctx, scope) => {
      // With more names in scope a variable that was undefined may not be.
      if (refused !== undefined && (scope === undefined || broken)) return refused;
      return scope === undefined ? root.now(undefined, ctx) : evaluateScoped(ctx, unit, scope);
    },
  };
}

/** scopedImport: the file is compiled anew, with names looked up in the given set before the global ones. */
function evaluateScoped(ctx: Evaluation, unit: Unit, scope: ReadonlyMap<string, Lazy>): Value {
  const outer: Scope = { names: undefined, up: undefined };
  const { root } = ctx.world.ports.parse(unit.source.path, unit.source.text);
  const code = compile({ ...unit, scoped: true, depth: 0 }, outer, root);
  const names = new Map(
    Array.from(scope, ([name, value]) => [name, { value, nameSpan: undefined, span: undefined }]),
  );
  const env: Env = new Frame([attrsValue(names)], undefined);
  return code.now(env, ctx);
}
