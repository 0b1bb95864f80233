// Findings for people at a terminal and for GitHub's log annotations.

import type { FindingsReport, ReportedFinding } from "./findingsReport";

/** One line a finding, one more for each related place, and a last line that counts. */
export function formatText(report: FindingsReport): string {
  const lines = report.findings.flatMap(finding => [
    `${place(finding)}: ${finding.severity}: ${finding.message} [${finding.code}]`,
    ...finding.related.map(related => `  ${place(related)}: ${related.message}`),
  ]);
  return `${[...lines, summary(report)].join("\n")}\n`;
}

function place(at: Pick<ReportedFinding, "path" | "range">): string {
  return `${at.path}:${at.range.start.line + 1}:${at.range.start.character + 1}`;
}

function summary({ findings, files, hosts }: FindingsReport): string {
  const counted = [count(findings.length, "finding"), `in ${count(files, "file")}`];
  const fixable = findings.filter(finding => finding.fixes.some(fix => fix.safety === "safe")).length;
  const about = hosts > 0 ? `, ${count(hosts, "host")}` : "";
  return `${counted.join(" ")}${about}${fixable > 0 ? `; nix-deploy fix mends ${fixable}` : ""}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** Workflow commands of GitHub Actions: `::error file=…,line=…::message`. Lines and columns count from 1. */
export function formatGithub(report: FindingsReport): string {
  return report.findings.map(finding => `${annotation(finding)}\n`).join("");
}

const COMMANDS = { error: "error", warning: "warning", information: "notice", hint: "notice" } as const;

function annotation({ severity, path, range, code, message }: ReportedFinding): string {
  const { start, end } = range;
  const properties = {
    file: path,
    line: start.line + 1,
    endLine: end.line + 1,
    col: start.character + 1,
    // GitHub takes columns only for a single line
    endColumn: start.line === end.line ? Math.max(end.character, start.character + 1) : start.character + 1,
    title: code,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${COMMANDS[severity]} ${list.join(",")}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
