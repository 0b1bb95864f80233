// What a rule is and what it reports. One rule is one file named after its code; index.ts lists them.

import type { PathDatum } from "../eval/datum";
import type { FileFacts } from "../facts/facts";
import type { Fleet } from "../fleet/fleet";
import type { HostObservation } from "../fleet/observation";
import type { Span } from "../text/span";
import type { EditsByPath } from "../text/textEdit";

export type Severity = "error" | "warning" | "information" | "hint";

export type RuleCategory = "keys" | "caches" | "settings" | "ssh" | "deploy-rs" | "colmena" | "evaluation";

export interface RuleMeta {
  /** kebab-case; equals the file name, the settings key and the docs anchor; names the bad thing. */
  readonly code: string;
  readonly category: RuleCategory;
  readonly severity: Severity;
  /** The version of the extension that brought the rule. */
  readonly since: string;
  readonly fix: "none" | "sometimes" | "always";
  /** About the language Nix itself: silent where another extension for Nix says the same. */
  readonly language?: true;
  /** About what a value does: silent about a definition that every host overrides. */
  readonly ofEffect?: true;
  readonly docs: RuleDocs;
}

export interface RuleDocs {
  /** One line, no final period: what is wrong. */
  readonly summary: string;
  /** Markdown: why it matters, what Nix or the tool does then (with its message), what to do. */
  readonly why: string;
  /** Each must yield at least one finding of this rule; a fixture in the form of the test harness, without carets. */
  readonly bad: readonly Example[];
  /** Each must yield none. */
  readonly good: readonly Example[];
}

/** Files by path (`configuration.nix`, `flake.nix`, `nix.conf`); one unnamed file is `configuration.nix`. */
export type Example = string | Readonly<Record<string, string>>;

export interface Rule {
  readonly meta: RuleMeta;
  /** Judges what one file says by itself. Called once for every file. */
  readonly checkFile?: (ctx: FileContext, report: Report) => void;
  /** Judges the fleet as a whole. Called once for every revision of the fleet. */
  readonly checkFleet?: (ctx: FleetContext, report: Report) => void;
}

/**
 * What one file says. The engine also calls with what a host's evaluation found, so facts may have been typed in
 * several files: take paths from spans, never from `facts.path`.
 */
export interface FileContext {
  readonly facts: FileFacts;
  /** The text of a file, for fixes that keep comments and layout; undefined for one that core was not given. */
  readonly textOf: (path: string) => string | undefined;
}

export interface FleetContext {
  readonly fleet: Fleet;
  /** What real Nix or the hosts themselves said. */
  readonly observations: readonly HostObservation[];
  /** The paths that Nix files name by literals, other than those of Nix files. */
  readonly namedPaths: readonly PathDatum[];
  /** The text of a file of this revision; undefined for one that core was not given. */
  readonly textOf: (path: string) => string | undefined;
}

export type Report = (finding: Draft) => void;

/** A finding before the engine adds code and severity. */
export interface Draft {
  readonly span: Span;
  /** One line with the actual names in it, no final period: what is wrong and what will happen. */
  readonly message: string;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  /** The option that is said not to exist: nothing is said where a module of the workspace declares it. */
  readonly missingOption?: string;
}

export interface Finding extends Draft {
  readonly code: string;
  readonly severity: Severity;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

/** The other party of a finding: where it is first defined, the host that does not serve, … */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

export interface Fix {
  /** Imperative: "Replace by https://cache.nixos.org". */
  readonly title: string;
  /** Only safe ones join fix-all. */
  readonly safety: "safe" | "review";
  readonly edits: EditsByPath;
  /** What no edit can do, such as making a key. */
  readonly command?: FixCommand;
}

/** A command of the extension, which an editor with the extension has. */
export interface FixCommand {
  readonly id: string;
  /** The file that it is about. */
  readonly path?: string;
}
