// What is asked of this machine for a report, and the report itself: copyable Markdown without secrets.

import { t } from "../l10n";
import { redact } from "../redact";

export interface ToolFinding {
  readonly name: string;
  /** Undefined: not found. */
  readonly path: string | undefined;
  /** Its own words, one line; undefined when it did not say. */
  readonly version: string | undefined;
}

export interface DoctorFindings {
  readonly extension: string;
  readonly platform: string;
  readonly trusted: boolean;
  readonly server: string;
  readonly hosts: number;
  readonly entryPoints: readonly {
    readonly path: string;
    readonly complete: boolean;
    readonly why: readonly string[];
  }[];
  /** Undefined in an untrusted workspace, where nothing is run. */
  readonly tools: readonly ToolFinding[] | undefined;
  readonly features: string | undefined;
  readonly sshAgent: string | undefined;
  readonly sshConfigFile: string | undefined;
}

const NEEDED = "nix-command flakes";

export function doctorReport(findings: DoctorFindings): string {
  const sections = [
    `# ${t("Nix Deploy: Doctor")}`,
    bullets([
      [t("Extension"), findings.extension],
      [t("System"), findings.platform],
      [
        t("Workspace trusted"),
        findings.trusted ? t("yes") : t("no: nothing is run and no host is contacted"),
      ],
      [t("Language server"), findings.server],
      [t("Hosts"), String(findings.hosts)],
    ]),
    `## ${t("Entry points")}`,
    entryPoints(findings),
    `## ${t("Tools")}`,
    findings.tools === undefined ? t("Not asked: the workspace is not trusted.") : toolTable(findings.tools),
    `## ${t("Settings")}`,
    bullets([
      [t("Experimental features of Nix"), features(findings.features)],
      [t("SSH agent"), findings.sshAgent ?? t("not asked")],
      [t("SSH configuration"), findings.sshConfigFile ?? t("ssh's own")],
    ]),
  ];
  return `${redact(sections.join("\n\n"))}\n`;
}

function bullets(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `- ${name}: ${oneLine(value)}`).join("\n");
}

function entryPoints(findings: DoctorFindings): string {
  if (findings.entryPoints.length === 0) return t("None was found in this workspace.");
  return findings.entryPoints
    .map(({ path, complete, why }) => {
      const state = complete ? t("read completely") : [t("read in part"), ...why].join("; ");
      return `- \`${path.replace(/`/g, "")}\`: ${oneLine(state)}`;
    })
    .join("\n");
}

function toolTable(tools: readonly ToolFinding[]): string {
  const rows = tools.map(
    ({ name, path, version }) => `| ${name} | ${cell(version ?? "")} | ${cell(path ?? t("not found"))} |`,
  );
  return [`| ${t("Tool")} | ${t("Version")} | ${t("Path")} |`, "| --- | --- | --- |", ...rows].join("\n");
}

function features(value: string | undefined): string {
  if (value === undefined) return t("not asked");
  const missing = NEEDED.split(" ").filter(name => !value.split(/\s+/).includes(name));
  const shown = value === "" ? t("none") : value;
  return missing.length === 0
    ? shown
    : t("{0} (missing {1}; deploying turns them on for its own commands)", shown, missing.join(", "));
}

function cell(text: string): string {
  return oneLine(text).replace(/\|/g, "\\|");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
