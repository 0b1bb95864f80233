// What an option type is to the module system: what it takes and how it merges definitions. The types of nixpkgs'
// lib.types are in types/; a set that calls itself an option type but is not ours is read through its attributes.

import type { Evaluation } from "../eval/evaluation";
import { type AttrsValue, errorValue, type KnownValue, unknownValue, type Value } from "../eval/value";
import type { Span } from "../text/span";
import { Model } from "./model";
import type { Definition, Discharged } from "./properties";

/** Where in the option tree: names from the root. */
export type Loc = readonly string[];

/** A definition that is ready to be merged: its value is known as far as it is. */
export type Ready = Discharged & { readonly value: KnownValue };

export interface OptionType {
  readonly name: string;
  readonly description: string;
  /** Whether a value may stand there at all; undefined: cannot be told. */
  check(ctx: Evaluation, value: KnownValue): boolean | undefined;
  /** Merges one or more definitions, all of one priority, in order, all of them accepted by `check`. */
  merge(ctx: Evaluation, loc: Loc, definitions: readonly Ready[]): Value;
  /** The value without any definition. */
  readonly empty?: Value;
  /** The same where it has to be worked out. */
  readonly emptyAt?: (ctx: Evaluation, loc: Loc) => Value;
  /**
   * Merges definitions some of which hang on conditions, where that says more than merging each case by itself.
   * Takes definitions still in their conditions; all have one priority.
   */
  readonly mergeConditional?: (ctx: Evaluation, loc: Loc, definitions: readonly Discharged[]) => Value;
  /** Options may be declared below it in other modules (submodules). */
  readonly extendWith?: (modules: readonly ExtraModule[]) => OptionType;
  /** This type and another one declared for the same option; undefined where that is not modelled. */
  readonly joinWith?: (other: OptionType) => OptionType | undefined;
  /**
   * Merges what is defined name by name, for sets of which definitions are known only by name (a freeform type).
   * `open`: there may be more names.
   */
  readonly mergeChildren?: (ctx: Evaluation, loc: Loc, children: Children) => Value;
  /** Takes one definition at most, so that what is defined is the value, whatever else may be defined elsewhere. */
  readonly single?: true;
  /** But a module that is not read may declare it as an option that merges: a set of one definition has perhaps more. */
  readonly mayMerge?: true;
  /** Takes the place of something's copy in the store: its text is not known, but it is followed on from the option. */
  readonly takesCopies?: boolean;
  /** Merges definitions where there may be more of them: why. */
  readonly mergeOpen?: (ctx: Evaluation, loc: Loc, definitions: readonly Discharged[], open: string) => Value;
  /** The type of what is inside (attrsOf, listOf, nullOr), for `nestedTypes.elemType`. */
  readonly element?: OptionType;
}

/** Definitions by name. */
export interface Children {
  readonly names: ReadonlyMap<string, readonly Definition[]>;
  readonly open: string | undefined;
  readonly span: Span | undefined;
}

/** A set of options that some module declares below an option of a submodule type. */
export interface ExtraModule {
  readonly options: AttrsValue;
  readonly path: string | undefined;
}

export const optionTypes = new Model<OptionType>();

/** A type of which nothing is known. */
export const UNKNOWN_TYPE: OptionType = {
  name: "unknown",
  description: "unknown",
  check: () => undefined,
  merge: (_ctx, loc) => unknownValue(`the type of the option ${showLoc(loc)} is not known`),
};

export function showLoc(loc: Loc): string {
  return loc.map(name => (/^[A-Za-z_*<][\w'<>*-]*$/.test(name) ? name : JSON.stringify(name))).join(".");
}

export function wrongType(loc: Loc, type: OptionType, span: Span | undefined): Value {
  const message = `A definition for option \`${showLoc(loc)}' is not of type \`${type.description}'.`;
  return errorValue("throw", message, span, { name: showLoc(loc), candidates: [] });
}

export function conflicting(loc: Loc, definitions: readonly Definition[]): Value {
  const at = definitions.at(-1)?.span;
  const message = `The option \`${showLoc(loc)}' has conflicting definition values`;
  return errorValue("throw", message, at, { name: showLoc(loc), candidates: [] });
}

export function undefinedOption(loc: Loc, site: Span | undefined): Value {
  const message = `The option \`${showLoc(loc)}' was accessed but has no value defined. Try setting the option.`;
  return errorValue("throw", message, site, { name: showLoc(loc), candidates: [] });
}
