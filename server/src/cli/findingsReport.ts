// The findings of a run in terms of paths and lines: what every output format is made from, and the JSON format itself.

import type { Analysis } from "../core/analysis";
import type { Finding, Severity } from "../core/rules/rule";
import { LineIndex, type Range } from "../core/text/lineIndex";
import type { Span } from "../core/text/span";
import type { LoadedPaths } from "./loadPaths";

export interface FindingsReport {
  readonly version: 1;
  readonly findings: readonly ReportedFinding[];
  readonly files: number;
  readonly hosts: number;
}

export interface ReportedFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly path: string;
  readonly range: Range;
  readonly related: readonly { readonly path: string; readonly range: Range; readonly message: string }[];
  readonly fixes: readonly { readonly title: string; readonly safety: "safe" | "review" }[];
}

/** Everything that was found, by path and place. */
export function reportFindings({ analysis, files, relative }: LoadedPaths): FindingsReport {
  const ranges = new Ranges(analysis);
  const findings = [...analysis.allFindings().values()]
    .flat()
    .map(finding => toReported(finding, ranges, relative));
  return {
    version: 1,
    findings: findings.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    files: files.length,
    hosts: analysis.fleet().hosts.length,
  };
}

function toReported(finding: Finding, ranges: Ranges, relative: (path: string) => string): ReportedFinding {
  const { code, severity, message, span } = finding;
  return {
    code,
    severity,
    message,
    path: relative(span.path),
    range: ranges.of(span),
    related: finding.related.map(related => ({
      path: relative(related.span.path),
      range: ranges.of(related.span),
      message: related.message,
    })),
    fixes: finding.fixes.map(({ title, safety }) => ({ title, safety })),
  };
}

/** Ranges of spans; each file's lines are counted once. */
class Ranges {
  private readonly indexes = new Map<string, LineIndex>();

  constructor(private readonly analysis: Analysis) {}

  of(span: Span): Range {
    const known = this.indexes.get(span.path) ?? new LineIndex(this.analysis.text(span.path) ?? "");
    this.indexes.set(span.path, known);
    return known.range(span);
  }
}

const RANKS: Readonly<Record<Severity, number>> = { error: 3, warning: 2, information: 1, hint: 0 };

/** Whether any finding is at or above a severity. */
export function reaches(report: FindingsReport, threshold: Severity): boolean {
  return report.findings.some(finding => RANKS[finding.severity] >= RANKS[threshold]);
}
