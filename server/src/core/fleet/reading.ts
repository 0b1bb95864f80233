// What the readers of entry points share: the evaluation they run in, what they could not read, and the errors that
// Nix would certainly raise.

import type { Datum } from "../eval/datum";
import { unknownDatum } from "../eval/datum";
import type { Evaluation } from "../eval/evaluation";
import { reify } from "../eval/reify";
import type { ErrorValue, Lazy, Value } from "../eval/value";
import type { FileFacts } from "../facts/facts";
import type { SourceFile } from "../syntax/expr";
import type { Span } from "../text/span";
import type { EvaluationProblem, Field } from "./fleet";
import { findFormal } from "./formals";
import type { Part, Parts, ReadSystem } from "./parts";
import type { ReadTable } from "./readTable";

/** What a reading has besides the evaluation. */
export interface ReadingSources {
  /** What a file says by itself, for the extent of definitions. */
  readonly facts: (path: string) => FileFacts | undefined;
  readonly file: (path: string) => SourceFile | undefined;
  readonly table: ReadTable;
  /** The parts as they were read before. */
  readonly before: Parts;
}

/** One entry point being read. */
export class Reading {
  why = new Set<string>();
  problems: EvaluationProblem[] = [];
  /** The parts as they are now. */
  readonly parts = new Map<string, Part>();
  /** Some of them were read before. */
  hasOldParts = false;

  constructor(
    readonly ctx: Evaluation,
    readonly path: string,
    private readonly sources: ReadingSources,
  ) {}

  /** What a file says by itself. */
  facts(path: string): FileFacts | undefined {
    this.ctx.noteRead("file", path);
    return this.sources.facts(path);
  }

  /**
   * What `read` says of one system, from the last time where all that it rests on is still the same. Only what follows
   * from the evaluation may go into it.
   */
  part(name: string, read: () => ReadSystem): ReadSystem {
    const before = this.sources.before.get(name);
    if (before !== undefined && this.sources.table.holds(before.reads)) {
      this.hasOldParts = true;
      for (const { kind, path } of this.sources.table.readsOf(before.reads)) this.ctx.noteRead(kind, path);
      return this.take(name, before);
    }
    const said = this.listen(read);
    const reads = this.ctx.restsOn;
    if (reads !== undefined) return this.take(name, { ...said, reads: this.sources.table.record(reads) });
    this.repeat(said);
    return said.system;
  }

  /** What `read` says, and all that it says beside, which has not been said here yet. */
  private listen(read: () => ReadSystem): Omit<Part, "reads"> {
    const { why, problems } = this;
    this.why = new Set();
    this.problems = [];
    try {
      return { system: read(), problems: this.problems, notes: [...this.why] };
    } finally {
      this.why = why;
      this.problems = problems;
    }
  }

  private take(name: string, part: Part): ReadSystem {
    this.parts.set(name, part);
    this.repeat(part);
    return part.system;
  }

  private repeat({ problems, notes }: Pick<Part, "problems" | "notes">): void {
    for (const problem of problems) this.addProblem(problem);
    for (const note of notes) this.note(note);
  }

  /** Where to point when nothing better is known. */
  get top(): Span {
    return { path: this.path, start: 0, end: 0 };
  }

  /** A span in a file that somebody wrote; models have spans of their own that mean nothing to anyone. */
  place(span: Span | undefined, otherwise: Span = this.top): Span {
    return span === undefined || span.path === "" || span.path.startsWith("/\uFFFC") ? otherwise : span;
  }

  note(reason: string): void {
    this.why.add(reason);
  }

  file(path: string): SourceFile | undefined {
    this.ctx.noteRead("file", path);
    return this.sources.file(path);
  }

  problem(error: ErrorValue, attrPath: readonly string[], at: Span): void {
    const places = [error.span, ...error.trace].filter(span => span !== undefined);
    const written = places.filter(span => this.place(span, NOWHERE) !== NOWHERE);
    const [place] = written;
    const isArgument = error.error === "missing-argument" && error.message.startsWith("attribute ");
    const formal =
      isArgument && place !== undefined
        ? findFormal(this.file(place.path), place, error.subject?.name ?? "")
        : undefined;
    const problem: EvaluationProblem = {
      kind: isArgument ? "missing-module-argument" : error.error,
      message: error.message,
      span: formal ?? place ?? at,
      trace: written.slice(1),
      subject: error.subject,
      entryPoint: this.path,
      attrPath,
    };
    this.addProblem(problem);
    this.note(`${attrPath.join(".")}: ${error.message}`);
  }

  private addProblem(problem: EvaluationProblem): void {
    const known = this.problems.some(
      each =>
        each.message === problem.message &&
        each.span.path === problem.span.path &&
        each.span.start === problem.span.start,
    );
    if (!known) this.problems.push(problem);
  }

  datum(lazy: Lazy | undefined, at: Span): Datum {
    return lazy === undefined ? unknownDatum(at, "not set") : reify(this.ctx, lazy, at, REIFY_LIMITS);
  }

  /** The value; of alternatives only one of which succeeds, that one: what is deployed was evaluated. */
  value(lazy: Lazy): Value {
    const value = this.ctx.attempt(lazy);
    if (value.kind !== "alternatives") return value;
    const possible = value.branches.filter(branch => branch.value.kind !== "error");
    const [only, other] = possible;
    return only !== undefined && other === undefined ? only.value : value;
  }

  /** A string as a field; null counts as absent. */
  text(lazy: Lazy | undefined, at: Span): Field<string> | undefined {
    if (lazy === undefined) return undefined;
    return this.textOf(this.value(lazy), at);
  }

  textOf(value: Value, at: Span): Field<string> | undefined {
    const span = this.place(value.span, at);
    switch (value.kind) {
      case "string":
        return { known: true, value: value.text, span, tier: "read" };
      case "null":
        return undefined;
      case "unknown":
        return { known: false, reason: value.reason, span };
      case "alternatives":
        return { known: false, reason: "hangs on an unknown condition", span };
      case "error":
        return { known: false, reason: value.message, span };
      default:
        return { known: false, reason: "not a text", span };
    }
  }

  /** A list of strings as a field; one unknown item makes the whole unknown, null counts as absent. */
  textList(lazy: Lazy, at: Span): Field<readonly string[]> | undefined {
    const list = this.value(lazy);
    const span = this.place(list.span, at);
    if (list.kind !== "list") {
      const field = this.textOf(list, at);
      return field?.known === true ? { known: false, reason: "not a list", span } : field;
    }
    const value: string[] = [];
    for (const item of list.items) {
      const field = this.text(item, span);
      if (field?.known !== true) return field ?? { known: false, reason: "not a text", span };
      value.push(field.value);
    }
    return { known: true, value, span, tier: "read" };
  }

  texts(lazy: Lazy | undefined): string[] {
    const list = lazy === undefined ? undefined : this.value(lazy);
    if (list?.kind !== "list") return [];
    return list.items.flatMap(item => {
      const value = this.ctx.attempt(item);
      return value.kind === "string" ? [value.text] : [];
    });
  }
}

const NOWHERE: Span = { path: "", start: 0, end: 0 };
const REIFY_LIMITS = { depth: 16, nodes: 20_000 };
