// The one place where core's plain data becomes protocol data and back: URIs, ranges, diagnostics, edits.

import {
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type Location,
  type Position,
  type TextEdit as ProtocolTextEdit,
  type Range,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import type { Finding, Severity } from "../core/rules/rule";
import { LineIndex } from "../core/text/lineIndex";
import type { Span } from "../core/text/span";
import type { EditsByPath } from "../core/text/textEdit";

export const DIAGNOSTIC_SOURCE = "nix-deploy";
const RULE_PAGES = "https://github.com/nix-deploy/nix-deploy/blob/main/docs/rules";

/** Codes whose text has no effect: shown faded. */
const UNNECESSARY = new Set(["key-duplicate", "substituter-duplicate", "setting-ignored"]);
const DEPRECATED = new Set(["setting-deprecated", "flag-deprecated"]);

/** The page of a rule, linked from each of its diagnostics. */
export function rulePage(code: string): string {
  return `${RULE_PAGES}/${code}.md`;
}

/** Behind the URI of a document that is in no file yet, so that core takes it for Nix. */
const UNTITLED = "#.nix";

/** The key under which core knows a document: a path for files, the URI itself for anything else. */
export function pathOfUri(uri: string): string {
  const parsed = URI.parse(uri);
  if (parsed.scheme === "untitled") return `${uri}${UNTITLED}`;
  return parsed.scheme === "file" ? parsed.fsPath.replaceAll("\\", "/") : uri;
}

export function uriOfPath(path: string): string {
  if (path.startsWith("untitled:") && path.endsWith(UNTITLED)) return path.slice(0, -UNTITLED.length);
  return /^[a-z][a-z0-9+.-]+:/i.test(path) && !/^[a-z]:\//i.test(path) ? path : URI.file(path).toString();
}

/** The texts of one snapshot, with their line starts remembered for as long as the text is the same. */
export class LineIndexes {
  private readonly known = new Map<string, { readonly text: string; readonly index: LineIndex }>();

  constructor(private readonly textOf: (path: string) => string | undefined) {}

  /** The line index of a file; undefined for a file that core was not given. */
  of(path: string): LineIndex | undefined {
    const text = this.textOf(path);
    if (text === undefined) {
      this.known.delete(path);
      return undefined;
    }
    const known = this.known.get(path);
    if (known?.text === text) return known.index;
    const index = new LineIndex(text);
    this.known.set(path, { text, index });
    return index;
  }

  /** The range of a span; undefined where its file is not known. */
  range(span: Span): Range | undefined {
    return this.of(span.path)?.range(span);
  }

  offset(path: string, position: Position): number | undefined {
    return this.of(path)?.offset(position);
  }
}

export interface DiagnosticAbilities {
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
}

/** A finding as a diagnostic; undefined where its file is not known any more. */
export function toDiagnostic(
  finding: Finding,
  lines: LineIndexes,
  can: DiagnosticAbilities,
): Diagnostic | undefined {
  const range = lines.range(finding.span);
  if (range === undefined) return undefined;
  const diagnostic: Diagnostic = {
    range,
    message: finding.message,
    severity: toSeverity(finding.severity),
    code: finding.code,
    source: DIAGNOSTIC_SOURCE,
  };
  if (can.codeDescription) diagnostic.codeDescription = { href: rulePage(finding.code) };
  const tags = toTags(finding.code);
  if (tags.length > 0) diagnostic.tags = tags;
  const related = finding.related.flatMap(({ span, message }) => {
    const place = lines.range(span);
    return place === undefined ? [] : [{ location: { uri: uriOfPath(span.path), range: place }, message }];
  });
  if (can.relatedInformation && related.length > 0) diagnostic.relatedInformation = related;
  return diagnostic;
}

function toSeverity(severity: Severity): DiagnosticSeverity {
  switch (severity) {
    case "error":
      return DiagnosticSeverity.Error;
    case "warning":
      return DiagnosticSeverity.Warning;
    case "information":
      return DiagnosticSeverity.Information;
    case "hint":
      return DiagnosticSeverity.Hint;
  }
}

function toTags(code: string): DiagnosticTag[] {
  if (UNNECESSARY.has(code)) return [DiagnosticTag.Unnecessary];
  return DEPRECATED.has(code) ? [DiagnosticTag.Deprecated] : [];
}

/** Places as locations; those in files that are not known any more are left out. */
export function toLocations(spans: readonly Span[], lines: LineIndexes): Location[] {
  return spans.flatMap(span => {
    const range = lines.range(span);
    return range === undefined ? [] : [{ uri: uriOfPath(span.path), range }];
  });
}

/** Edits by document; undefined if one of the files is not known any more, since half an edit is a wrong one. */
export function toChanges(
  edits: EditsByPath,
  lines: LineIndexes,
): Record<string, ProtocolTextEdit[]> | undefined {
  const changes: Record<string, ProtocolTextEdit[]> = {};
  for (const [path, list] of edits) {
    const index = lines.of(path);
    if (index === undefined) return undefined;
    changes[uriOfPath(path)] = list.map(edit => ({ range: index.range(edit), newText: edit.newText }));
  }
  return changes;
}

/**
 * A workspace edit that names the version of every open document where the client understands that, so that an edit
 * computed for an older text is refused by the editor instead of applied in the wrong place.
 */
export function toWorkspaceEdit(
  changes: Record<string, ProtocolTextEdit[]>,
  versionOf: (uri: string) => number | undefined,
  canDocumentChanges: boolean,
): WorkspaceEdit {
  if (!canDocumentChanges) return { changes };
  return {
    documentChanges: Object.entries(changes).map(([uri, edits]) => ({
      textDocument: { uri, version: versionOf(uri) ?? null },
      edits,
    })),
  };
}
