// What a file says about deploying, condensed from its expression tree: definitions of options and of Nix settings,
// wherever and however they are written. Rules read these, never syntax. Nothing here knows about hosts.

import type { StaticProblem } from "../eval/compile/compiledFile";
import type { Condition, Datum, PathDatum, TextDatum } from "../eval/datum";
import type { Span } from "../text/span";
import type { ScriptFacts } from "./scriptFacts";

/** One definition of a NixOS (nix-darwin, home-manager) option, such as `nix.sshServe.keys = [ … ];`. */
export interface OptionFact {
  /** The option's path from its root, without `config`: ["nix", "sshServe", "keys"]. */
  readonly option: readonly string[];
  readonly value: Datum;
  /** The last name of the attribute path. */
  readonly nameSpan: Span;
  /** The whole binding with its semicolon. */
  readonly span: Span;
  readonly priority: Priority;
  /** What the definition as a whole hangs on (`mkIf`, an `if` around the set); alternatives inside are in `value`. */
  readonly conditions: readonly Condition[];
  /** The set in which the binding stands; absent where none was read. */
  readonly inSet?: InSet;
  /** The binding at the root of the module that holds the definition, or is it; absent where none was read. */
  readonly outermost?: { readonly span: Span; readonly inSet: InSet };
}

/** A binding and what else its set holds: another name must not be there already. */
export interface InSet {
  /** The binding's own attribute path, as written: ["nix", "trustedUsers"]. */
  readonly path: readonly string[];
  /** Attribute paths of all values of the set, through the sets written out in it. */
  readonly taken: readonly (readonly string[])[];
  /** A `rec` set, whose other values may use the name. */
  readonly recursive?: true;
}

/** How a definition was wrapped: mkDefault (1000), none (100), mkForce (50), mkOverride N. */
export interface Priority {
  readonly level: number;
  /** The wrapper's name and span, for messages and fixes; absent for the ordinary priority. */
  readonly wrapper?: { readonly name: string; readonly span: Span };
}

export const ORDINARY: Priority = { level: 100 };

/** Where a Nix setting was written; decides grammar, effect and wording. */
export type Surface =
  /** `nix.settings.NAME` */
  | "option"
  /** `nix.binaryCaches` and the like */
  | "legacy-option"
  /** text inside `nix.extraOptions` or `nix.extraConfig` */
  | "option-text"
  /** `nixConfig.NAME` of a flake.nix */
  | "flake"
  /** a nix.conf file */
  | "nix.conf";

/** One assignment of a Nix setting, the same for every surface. */
export interface SettingFact {
  /** The current name without an `extra-` prefix: "substituters", whatever alias was written. */
  readonly name: string;
  /** As written: "binary-caches", "extra-substituters", "binaryCaches". */
  readonly written: string;
  /** `extra-NAME`: appends instead of replacing. */
  readonly extra: boolean;
  readonly surface: Surface;
  /** Lists are ListDatum on every surface (nix.conf text is split at blanks); scalars of nix.conf text are text. */
  readonly value: Datum;
  readonly nameSpan: Span;
  /** The whole assignment: binding with semicolon, or line. */
  readonly span: Span;
  readonly priority: Priority;
  readonly conditions: readonly Condition[];
  readonly inSet?: InSet;
}

/** Everything that one file says, in the order of the text. */
export interface FileFacts {
  readonly path: string;
  readonly options: readonly OptionFact[];
  readonly settings: readonly SettingFact[];
  /** Every nix.conf text: a nix.conf file, or a branch of `nix.extraOptions`. */
  readonly confs: readonly ConfFact[];
  /** What stands in a flake's `nixConfig` and is not a literal, so that Nix refuses the whole flake. */
  readonly computedFlakeConfig: readonly ComputedFlakeConfig[];
  /** Every string literal of the file that may hold a secret: they are pasted anywhere. */
  readonly texts: readonly TextDatum[];
  /** Every path literal of the file that names no Nix file, for secrets that lie in the work tree. */
  readonly paths?: readonly PathDatum[];
  /** Of scripts, task files and workflows only. */
  readonly script?: ScriptFacts;
  /** Options that the file declares as a module, `nix.gc.often`; of the roots that rules know. */
  readonly declared?: readonly string[];
  /** What Nix refuses in this file before it evaluates anything. */
  readonly refused?: readonly StaticProblem[];
}

/** One text in the grammar of nix.conf, whose settings are also among the SettingFacts. */
export interface ConfFact {
  readonly surface: "option-text" | "nix.conf";
  readonly text: TextDatum;
  readonly conditions: readonly Condition[];
}

export interface ComputedFlakeConfig {
  /** The setting it belongs to; undefined where `nixConfig` itself is computed. */
  readonly setting: string | undefined;
  /** In words: "a `let`", "an interpolation". */
  readonly what: string;
  readonly span: Span;
  /** What it comes to, as far as it can be read. */
  readonly value: Datum;
}
