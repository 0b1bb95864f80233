// The façade of core, all that lsp/ and the command line may call. AnalysisHost is the only mutable thing in core:
// it takes changes, counts revisions and hands out immutable snapshots.

import type { Fleet } from "./fleet/fleet";
import type { Finding, Severity } from "./rules/rule";
import type { SourceFile } from "./syntax/expr";

/**
 * A workspace file with its new text, or the mark that it is gone (a file, or a folder with all that is in it), or
 * that it exists but is not read: a file that holds no text for us, or a folder of unknown content. Together they
 * answer `pathExists` and `readDir`. Paths are absolute with forward slashes.
 */
export type Change =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly gone: true }
  | { readonly path: string; readonly unread: "file" | "folder" };

/** What users configure about the analysis. Passed in, never stored elsewhere. */
export interface AnalysisConfig {
  /** Severity by rule code; "off" silences a rule. Absent: the rule's own. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** Syntax and scope errors are reported only where no other Nix extension does. */
  readonly languageDiagnostics: boolean;
}

export const DEFAULT_CONFIG: AnalysisConfig = { severities: {}, languageDiagnostics: true };

/** A crash of one rule or of one file's reading: data, not an exception. The caller logs it. */
export interface Crash {
  /** A rule's code, or "read" for the reading of a file. */
  readonly where: string;
  readonly path: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Turns text into a tree of ours; given in because the grammar is loaded by the caller. Total and synchronous. */
export interface NixParser {
  parse(path: string, text: string): SourceFile;
}

/** An immutable snapshot of one revision. */
export interface Analysis {
  readonly revision: number;
  /** Findings of one file, sorted by place, at most 100. */
  findings(path: string): readonly Finding[];
  /** The part of `findings` that the file's own text alone tells, without looking at the fleet: fast. */
  ownFindings(path: string): readonly Finding[];
  /** Every file that has findings, those of closed files too. */
  allFindings(): ReadonlyMap<string, readonly Finding[]>;
  fleet(): Fleet;
  text(path: string): string | undefined;
  file(path: string): SourceFile | undefined;
  readonly paths: readonly string[];
  readonly crashes: readonly Crash[];
}
