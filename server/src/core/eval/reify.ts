// From values to Datum: forces as much as rules may look at, and keeps where everything was typed.

import type { Span } from "../text/span";
import type { AttrDatum, Branch, Condition, Datum, TextPiece } from "./datum";
import { unknownDatum } from "./datum";
import { sortedNames } from "./equality";
import type { Evaluation } from "./evaluation";
import { MADE_UP } from "./paths";
import { flatten, type Provenance, roughly } from "./provenance";
import type {
  AlternativesValue,
  AttrsValue,
  BranchCondition,
  KnownValue,
  Lazy,
  ListValue,
  StringValue,
  UnknownValue,
} from "./value";

/** How much of a value is looked at. */
export interface ReifyLimits {
  /** Nested lists and sets. */
  readonly depth: number;
  /** Data in all. */
  readonly nodes: number;
}

const DEFAULT_REIFY_LIMITS: ReifyLimits = { depth: 24, nodes: 100_000 };

/**
 * The value as plain data. `at` is where to point for what no file says. An error becomes unknown with its message as
 * reason: whether it is certain, and where, is in the value, not in its datum.
 */
export function reify(ctx: Evaluation, lazy: Lazy, at: Span, limits = DEFAULT_REIFY_LIMITS): Datum {
  return new Reifier(ctx, limits.nodes).datum(lazy, at, limits.depth);
}

class Reifier {
  constructor(
    private readonly ctx: Evaluation,
    private nodes: number,
  ) {}

  datum(lazy: Lazy, at: Span, depth: number): Datum {
    if (this.nodes-- <= 0 || depth <= 0) return unknownDatum(at, "more than is looked at");
    const value = this.ctx.attempt(lazy);
    const span = typedPlace(value.span, at);
    switch (value.kind) {
      case "unknown":
        return unknownText(value, span) ?? unknownDatum(span, value.reason);
      case "error":
        return unknownDatum(span, value.message);
      case "alternatives":
        return this.alternatives(value, span, depth);
      default:
        return this.known(value, span, depth);
    }
  }

  private known(value: KnownValue, span: Span, depth: number): Datum {
    switch (value.kind) {
      case "null":
        return { kind: "scalar", span, value: null };
      case "bool":
      case "int":
      case "float":
        return { kind: "scalar", span, value: value.value };
      case "string":
        return text(value, span);
      case "path":
        return { kind: "path", span, path: value.path };
      case "function":
        return { kind: "function", span };
      case "list":
        return this.list(value, span, depth);
      case "attrs":
        return this.attrs(value, span, depth);
    }
  }

  private list(value: ListValue, span: Span, depth: number): Datum {
    const items = value.items.map(item => this.datum(item, span, depth - 1));
    return { kind: "list", span, items, complete: value.open === undefined };
  }

  private attrs(value: AttrsValue, span: Span, depth: number): Datum {
    const entries = new Map<string, AttrDatum>();
    const whole = !isFlake(value);
    for (const name of whole ? sortedNames(value.attrs.keys()) : FLAKE_MARKS) {
      const attr = value.attrs.get(name);
      if (attr === undefined) continue;
      const datum = this.datum(attr.value, typedPlace(attr.span, span), depth - 1);
      entries.set(name, { value: datum, nameSpan: typedPlace(attr.nameSpan, span) });
    }
    return { kind: "attrs", span, entries, complete: whole && value.open === undefined };
  }

  /** Branches in which evaluation fails do not matter: what is deployed was evaluated. */
  private alternatives(value: AlternativesValue, span: Span, depth: number): Datum {
    const branches = value.branches.flatMap((branch): Branch[] => {
      const condition = joined(branch.conditions);
      if (branch.value.kind === "error" || condition === undefined) return [];
      return [{ condition, value: this.datum(branch.value, span, depth - 1) }];
    });
    const [first] = branches;
    if (first === undefined) return unknownDatum(span, "fails under every condition");
    return branches.length === 1 ? first.value : { kind: "alternatives", span, branches };
  }
}

/** Where it was typed; what stands in nixpkgs' lib is where somebody asked lib for it. */
function typedPlace(span: Span | undefined, at: Span): Span {
  return span === undefined || span.path.startsWith(MADE_UP) ? at : span;
}

/** What is told of a flake. */
const FLAKE_MARKS = ["_type", "outPath"];

/** A flake, as `nix.registry.….flake` takes one: it holds a whole lib and every output, none of which is a setting. */
function isFlake(value: AttrsValue): boolean {
  const type = value.attrs.get("_type")?.value;
  return type?.kind === "string" && type.text === "flake";
}

function text(value: StringValue, span: Span): Datum {
  const pieces = piecesOf(value.pieces ?? roughly(span, value.text.length), span);
  const datum = { kind: "text", span, text: value.text, pieces } as const;
  return value.unquoted ? { ...datum, unquoted: true } : datum;
}

/** Of what nixpkgs' lib puts between other texts it is only known where it came together. */
function piecesOf(provenance: Provenance, span: Span): TextPiece[] {
  return flatten(provenance).map(piece =>
    piece.span.path.startsWith(MADE_UP) ? { at: piece.at, span, exact: false } : piece,
  );
}

function unknownText(value: UnknownValue, span: Span): Datum | undefined {
  if (value.partial === undefined) return undefined;
  const { text, pieces } = value.partial;
  return { kind: "text", span, text, pieces: piecesOf(pieces ?? roughly(span, text.length), span) };
}

/** Several conditions in one sentence. */
function joined(conditions: readonly BranchCondition[]): Condition | undefined {
  const [first, ...others] = conditions;
  if (first === undefined) return undefined;
  if (others.length === 0) return { text: first.text, negated: first.negated, span: first.span };
  const parts = conditions.map(({ text, negated }) => (negated ? `!(${text})` : `(${text})`));
  return { text: parts.join(" && "), negated: false, span: first.span };
}
