// Findings as SARIF 2.1.0, the format that code-scanning services take.

import type { Rule, Severity } from "../core/rules/rule";
import type { Range } from "../core/text/lineIndex";
import type { FindingsReport, ReportedFinding } from "./findingsReport";

const HOME = "https://github.com/nix-deploy/nix-deploy";
const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/** One SARIF log with one run. Lines and columns count from 1, columns in UTF-16 units. */
export function formatSarif(report: FindingsReport, rules: readonly Rule[], version: string): string {
  const index = new Map(rules.map((rule, i) => [rule.meta.code, i]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "nix-deploy", informationUri: HOME, version, rules: rules.map(descriptor) },
        },
        columnKind: "utf16CodeUnits",
        results: report.findings.map(finding => result(finding, index.get(finding.code))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor({ meta }: Rule): object {
  return {
    id: meta.code,
    shortDescription: { text: plain(meta.docs.summary) },
    fullDescription: { text: plain(meta.docs.why) },
    help: { text: plain(meta.docs.why), markdown: meta.docs.why },
    helpUri: `${HOME}/blob/main/docs/rules/${meta.code}.md`,
    defaultConfiguration: { level: LEVELS[meta.severity] },
    properties: { tags: [meta.category] },
  };
}

function result(finding: ReportedFinding, ruleIndex: number | undefined): object {
  return {
    ruleId: finding.code,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: physicalLocation(finding.path, finding.range) }],
    ...(finding.related.length === 0
      ? {}
      : {
          relatedLocations: finding.related.map(({ path, range, message }, id) => ({
            id,
            message: { text: message },
            physicalLocation: physicalLocation(path, range),
          })),
        }),
  };
}

function physicalLocation(path: string, { start, end }: Range): object {
  return {
    artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
    region: {
      startLine: start.line + 1,
      startColumn: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
    },
  };
}

/** Markdown as plain text: the code marks go. */
function plain(markdown: string): string {
  return markdown.replaceAll("`", "").replaceAll("**", "");
}
