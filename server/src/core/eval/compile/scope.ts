// Static scopes: which frame and slot a name is in is decided once, when a file is compiled.

import { type Span, spanOf } from "../../text/span";
import type { Evaluation } from "../evaluation";
import { type Code, type Lazy, LIMIT, Thunk, unknownValue, type Value } from "../value";
import type { SourceText } from "./compiledFile";
import type { Content } from "./plan";

/** The variables of one scope at run time. A `with` has one slot: its set. */
export class Frame {
  constructor(
    /** Filled in order while a recursive scope is built; a slot read too early is undefined. */
    readonly slots: (Lazy | undefined)[],
    readonly up: Frame | undefined,
  ) {}
}

/** The innermost frame; undefined outside of every scope. */
export type Env = Frame | undefined;

/** Expressions nested deeper than this are Unknown; far more than people write, far less than the stack holds. */
export const MAX_NESTING = 700;

/** The names that are in scope. */
export interface Names {
  /** Undefined for a `with`. */
  readonly names: { has(name: string): boolean } | undefined;
  readonly up: Names | undefined;
}

/** The names of one scope at compile time. */
export interface Scope extends Names {
  /** Name → slot; undefined for a `with`. */
  readonly names: ReadonlyMap<string, number> | undefined;
  readonly up: Scope | undefined;
}

/** An expression, compiled. */
export interface Compiled {
  /** Its value in weak head normal form. */
  now(env: Env, ctx: Evaluation): Value;
  /** The same, but only when needed; what costs nothing is done at once. */
  later(env: Env): Lazy;
}

/** What the compilation of one file shares. */
export interface Unit {
  readonly source: SourceText;
  readonly globals: ReadonlyMap<string, Lazy>;
  /** scopedImport: names not bound in the file are looked up in its set first; that set is in the root frame. */
  readonly scoped: boolean;
  /** How deep the expression being compiled is nested. */
  depth: number;
  /** Compiles any expression; handed in so that the forms need not know each other. */
  readonly compile: (unit: Unit, scope: Scope | undefined, content: Content) => Compiled;
}

export type Place =
  | { readonly kind: "slot"; readonly up: number; readonly slot: number }
  | { readonly kind: "global"; readonly value: Lazy }
  /** Frames of enclosing `with`s, innermost first. */
  | { readonly kind: "with"; readonly frames: readonly number[] }
  | { readonly kind: "undefined" };

/** Lexical scopes beat globals, globals beat `with`, an inner `with` beats an outer one. */
export function findPlace(unit: Unit, scope: Scope | undefined, name: string): Place {
  const frames: number[] = [];
  let up = 0;
  for (let at = scope; at !== undefined; at = at.up, up++) {
    if (at.names === undefined) frames.push(up);
    else {
      const slot = at.names.get(name);
      if (slot !== undefined) return { kind: "slot", up, slot };
    }
  }
  const value = unit.globals.get(name);
  if (unit.scoped) {
    // The set of scopedImport is the outermost frame; its names are lexical, so they beat globals and every `with`.
    const root = frames.slice(-1);
    return { kind: "with", frames: value === undefined ? [...root, ...frames.slice(0, -1)] : root };
  }
  if (value !== undefined) return { kind: "global", value };
  return frames.length > 0 ? { kind: "with", frames } : { kind: "undefined" };
}

/** Whether Nix finds no place for a name, in a file that is not read with scopedImport. */
export function isUndefined(
  globals: ReadonlyMap<string, Lazy>,
  scope: Names | undefined,
  name: string,
): boolean {
  for (let at = scope; at !== undefined; at = at.up) {
    if (at.names === undefined || at.names.has(name)) return false;
  }
  return !globals.has(name) && name !== CURRENT_POSITION;
}

/** A variable that Nix's parser replaces, whatever is bound to that name. */
export const CURRENT_POSITION = "__curPos";

export function undefinedVariable(name: string): string {
  return `undefined variable '${name}'`;
}

export function frameAt(env: Env, up: number): Frame | undefined {
  let frame = env;
  for (let i = up; i > 0; i--) frame = frame?.up;
  return frame;
}

export function spanIn(unit: Unit, range: { readonly start: number; readonly end: number }): Span {
  return spanOf(unit.source.path, range);
}

/** The source text of an expression on one line, for conditions shown to people. */
export function sourceText(unit: Unit, range: { readonly start: number; readonly end: number }): string {
  const text = unit.source.text.slice(range.start, range.end).replace(/\s+/g, " ");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** What is the same in every environment; a set or a list of such is one as well. */
export class Constant implements Compiled {
  constructor(readonly value: Value) {}

  now(): Value {
    return this.value;
  }

  later(): Value {
    return this.value;
  }
}

class Delayed implements Compiled {
  constructor(readonly now: Code<Env>) {}

  later(env: Env): Lazy {
    return Thunk.of(this.now, env);
  }
}

class Immediate implements Compiled {
  constructor(readonly now: (env: Env) => Value) {}

  later(env: Env): Value {
    return this.now(env);
  }
}

export function constant(value: Value): Compiled {
  return new Constant(value);
}

/** For a place in which there is nothing. */
export const NOTHING: Compiled = new Constant(unknownValue(LIMIT));

/** The values of what is the same in every environment; undefined where anything of it is not. */
export function constantsOf(compiled: readonly Compiled[]): Value[] | undefined {
  const values: Value[] = [];
  for (const each of compiled) {
    if (!(each instanceof Constant)) return undefined;
    values.push(each.value);
  }
  return values.slice();
}

/** Computed when needed. */
export function delayed(now: Code<Env>): Compiled {
  return new Delayed(now);
}

/** Cheap and total: done at once. */
export function immediate(make: (env: Env) => Value): Compiled {
  return new Immediate(make);
}
