// Values of the Nix language as the partial evaluator sees them: Nix's own kinds, plus what is not known (Unknown),
// what hangs on something not known (Alternatives), and errors, which are values here. All values are immutable and
// in weak head normal form; what is not computed yet is a Thunk. Evaluation.force turns a Lazy into a Value.

import type { Span } from "../text/span";
import type { Condition } from "./datum";
import type { Evaluation } from "./evaluation";
import type { Provenance } from "./provenance";

export type Value = KnownValue | UnknownValue | AlternativesValue | ErrorValue;

/** A value that Nix itself has. */
export type KnownValue =
  | NullValue
  | BoolValue
  | IntValue
  | FloatValue
  | StringValue
  | PathValue
  | ListValue
  | AttrsValue
  | FunctionValue;

/** A value or the promise of one. Attributes, list items and arguments are Lazy. */
export type Lazy = Value | Thunk;

interface Origin {
  /** Where this was typed; undefined for what no file says (a model's value). */
  readonly span: Span | undefined;
}

export interface NullValue extends Origin {
  readonly kind: "null";
}

export interface BoolValue extends Origin {
  readonly kind: "bool";
  readonly value: boolean;
}

/** Invariant: fits 64 bits, signed. */
export interface IntValue extends Origin {
  readonly kind: "int";
  readonly value: bigint;
}

export interface FloatValue extends Origin {
  readonly kind: "float";
  readonly value: number;
}

/**
 * A wholly known string. It never has a string context: whatever would give it one (a derivation, a path copied to
 * the store) is Unknown here, and so is every string made of it.
 */
export interface StringValue extends Origin {
  readonly kind: "string";
  readonly text: string;
  /** Which literals the text came from; undefined: as a whole from `span`. */
  readonly pieces: Provenance | undefined;
  /** Written without quotes: a URL literal. */
  readonly unquoted?: boolean;
}

/** An absolute, canonical path. */
export interface PathValue extends Origin {
  readonly kind: "path";
  readonly path: string;
}

export interface ListValue extends Origin {
  readonly kind: "list";
  readonly items: readonly Lazy[];
  /** Present: these and perhaps more, in unknown places; says why. */
  readonly open?: string;
}

export interface AttrsValue extends Origin {
  readonly kind: "attrs";
  /** In no particular order; sort with sortedNames where order is seen. */
  readonly attrs: ReadonlyMap<string, Attr>;
  /** Present: these and perhaps more; says why, for people ("comes from pkgs"). */
  readonly open?: string;
  /** Of an open set: which names are perhaps there too; the others certainly are not. */
  readonly perhaps?: Pick<ReadonlySet<string>, "has">;
  /** What `import` of this set gives, for models of inputs whose store path is not known. */
  readonly imported?: Lazy;
}

/** One attribute. */
export interface Attr {
  readonly value: Lazy;
  /** Where the name stands; kept through mapAttrs and the like, so that a host points at where it was named. */
  readonly nameSpan: Span | undefined;
  /** Where the definition's value stands. */
  readonly span: Span | undefined;
  /** The name was not written by this binding (mapAttrs, listToAttrs, …), so Nix may give it another position. */
  readonly computed?: boolean;
}

/** A lambda or a builtin, perhaps with some arguments already given. */
export interface FunctionValue extends Origin {
  readonly kind: "function";
  /** For messages. */
  readonly name: string | undefined;
  readonly builtin: boolean;
  /** How many arguments `run` takes; at least 1. */
  readonly arity: number;
  /** Arguments given so far. Invariant: fewer than `arity`. */
  readonly bound: readonly Lazy[];
  /** What `builtins.functionArgs` says: name → has a default. Undefined for `x: …` and builtins. */
  readonly formals: ReadonlyMap<string, boolean> | undefined;
  readonly run: NativeCode;
}

/** Receives exactly as many arguments as its function declares, and the span of the call. */
export type NativeCode = (ctx: Evaluation, args: readonly Lazy[], site: Span | undefined) => Value;

/** Not knowable here. Every operation that needs such a value gives it on. */
export interface UnknownValue extends Origin {
  readonly kind: "unknown";
  /** For people, one line: "comes from pkgs". LIMIT where a limit ended the evaluation. */
  readonly reason: string;
  /** A string of which only some pieces are not known: its text with UNKNOWN_TEXT in their place. */
  readonly partial?: PartialText;
}

export interface PartialText {
  readonly text: string;
  readonly pieces: Provenance | undefined;
  /** The text begins with UNKNOWN_TEXT, which stands for the copy of this path in the store. */
  readonly copyOf?: string;
}

/** The reason of an Unknown that a limit of the evaluation has made. */
export const LIMIT = "limit";

/** One of these, depending on something unknown. Invariant: two or more branches, none of them alternatives. */
export interface AlternativesValue extends Origin {
  readonly kind: "alternatives";
  readonly branches: readonly ValueBranch[];
}

export interface ValueBranch {
  /** All of them hold in this branch. */
  readonly conditions: readonly BranchCondition[];
  readonly value: KnownValue | UnknownValue | ErrorValue;
}

/** A condition with an identity: two with the same `subject` are about the same unknown truth value. */
export interface BranchCondition extends Condition {
  readonly subject: object;
  /** Which truth value of the subject it stands for. */
  readonly sense: boolean;
}

export type ErrorKind =
  | "throw"
  | "assert"
  | "abort"
  | "type"
  | "missing-attribute"
  | "undefined-variable"
  | "duplicate-attribute"
  | "missing-argument"
  | "unexpected-argument"
  | "infinite-recursion"
  | "missing-import"
  | "syntax"
  /** Division by zero, integer overflow, index out of bounds, an invalid regular expression, … */
  | "evaluation";

/** What Nix would say instead of a value. An error that nobody needs is none. */
export interface ErrorValue extends Origin {
  readonly kind: "error";
  readonly error: ErrorKind;
  /** In Nix's words, without "error: ". */
  readonly message: string;
  /** Calls and selections on the way, innermost first, at most MAX_TRACE. */
  readonly trace: readonly Span[];
  /** The name it is about (a missing attribute, an argument, a path) and what there is instead. */
  readonly subject?: ErrorSubject;
}

export interface ErrorSubject {
  readonly name: string;
  readonly candidates: readonly string[];
  /** The function that was called, for an argument. */
  readonly declared?: Span;
  /** Where an unexpected argument is named; for a missing one the set of arguments. */
  readonly given?: Span;
  /** The argument of a module is wanted to find its imports, before `_module.args` can be known. */
  readonly forImports?: true;
  /** The file is on disk, but Git does not track it, so that a flake does not see it. */
  readonly untracked?: true;
}

export const MAX_TRACE = 24;

/** Compiled code of an expression; env is what the compiler laid out. */
export type Code<E> = (env: E, ctx: Evaluation) => Value;

/** A computation that runs at most once. Only Evaluation.force looks inside. */
export class Thunk {
  readonly kind = "thunk";
  /** Set when done. */
  value: Value | undefined = undefined;
  /** How many speculations were under way when its computation began; -1 while it has not begun. */
  startedAt = -1;
  /** What the value rests on; see Dependencies. */
  rests = 0;

  private constructor(
    private code: Code<unknown> | undefined,
    private env: unknown,
  ) {}

  static of<E>(code: Code<E>, env: E): Thunk {
    // The pair stays together in this object, so the code only ever sees the environment it was made for.
    return new Thunk(code as Code<unknown>, env);
  }

  run(ctx: Evaluation): Value {
    return this.code === undefined
      ? { kind: "unknown", reason: LIMIT, span: undefined }
      : this.code(this.env, ctx);
  }

  finish(value: Value, rests: number): void {
    this.value = value;
    this.rests = rests;
    this.code = undefined;
    this.env = undefined;
  }
}

/** A value computed by native code when it is needed, at most once. */
export function lazily(compute: (ctx: Evaluation) => Value): Thunk {
  return Thunk.of((_env: undefined, ctx) => compute(ctx), undefined);
}

export function nullValue(span?: Span): NullValue {
  return { kind: "null", span };
}

export function boolValue(value: boolean, span?: Span): BoolValue {
  if (span === undefined) return value ? TRUE : FALSE;
  return { kind: "bool", value, span };
}

const TRUE: BoolValue = { kind: "bool", value: true, span: undefined };
const FALSE: BoolValue = { kind: "bool", value: false, span: undefined };

export function intValue(value: bigint | number, span?: Span): IntValue {
  return { kind: "int", value: BigInt(value), span };
}

export function floatValue(value: number, span?: Span): FloatValue {
  return { kind: "float", value, span };
}

export function stringValue(text: string, span?: Span, pieces?: Provenance): StringValue {
  return { kind: "string", text, span, pieces };
}

/** `path` must be absolute and canonical. */
export function pathValue(path: string, span?: Span): PathValue {
  return { kind: "path", path, span };
}

export function listValue(items: readonly Lazy[], span?: Span): ListValue {
  return { kind: "list", items, span };
}

/** These items and perhaps more, in unknown places. */
export function openList(items: readonly Lazy[], why: string, span?: Span): ListValue {
  return { kind: "list", items, open: why, span };
}

export function attrsValue(attrs: ReadonlyMap<string, Attr>, span?: Span): AttrsValue {
  return { kind: "attrs", attrs, span };
}

/** These attributes and perhaps more. */
export function openAttrs(attrs: ReadonlyMap<string, Attr>, why: string, span?: Span): AttrsValue {
  return { kind: "attrs", attrs, open: why, span };
}

/** Why an attribute that is not among those of the set may be there all the same; undefined where it certainly is not. */
export function openFor({ open, perhaps }: AttrsValue, name: string): string | undefined {
  return perhaps === undefined || perhaps.has(name) ? open : undefined;
}

/** A closed set from plain name → value pairs, for native code. */
export function attrsOf(values: Readonly<Record<string, Lazy>>, span?: Span): AttrsValue {
  const attrs = new Map<string, Attr>();
  for (const [name, value] of Object.entries(values)) attrs.set(name, attrOf(value, span));
  return attrsValue(attrs, span);
}

/** An attribute that native code made; `span` is what it should point at. */
export function attrOf(value: Lazy, span?: Span): Attr {
  return { value, nameSpan: span, span, computed: true };
}

export function unknownValue(reason: string, span?: Span): UnknownValue {
  return { kind: "unknown", reason, span };
}

/** What an operation makes of something that is not known: not known either, and no longer that text. */
export function unknownFrom(value: UnknownValue): UnknownValue {
  return value.partial === undefined ? value : unknownValue(value.reason, value.span);
}

export function errorValue(
  error: ErrorKind,
  message: string,
  span?: Span,
  subject?: ErrorSubject,
): ErrorValue {
  return { kind: "error", error, message, span, trace: [], ...(subject === undefined ? {} : { subject }) };
}

/** A native function of `arity` arguments. It gets them unforced. */
export function nativeFunction(name: string, arity: number, run: NativeCode, span?: Span): FunctionValue {
  return { kind: "function", name, builtin: true, arity, bound: [], formals: undefined, run, span };
}

export function isKnown(value: Value): value is KnownValue {
  return value.kind !== "unknown" && value.kind !== "alternatives" && value.kind !== "error";
}
