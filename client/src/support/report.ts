// The report of the command Doctor: what was found on this machine, and what to do about what is missing. Copyable
// Markdown without secrets and without the name of the user.

import { t } from "../l10n";
import { markdownTable } from "../markdownTable";
import { redact } from "../redact";
import { advice } from "./advice";

export interface ToolFinding {
  readonly name: string;
  /** The setting below `nixDeploy.tools` that names it, if there is one. */
  readonly setting?: string;
  /** Undefined: not found. */
  readonly path: string | undefined;
  /** Its own words, one line; undefined when it did not say. */
  readonly version: string | undefined;
}

export type AgentFinding =
  | { readonly kind: "none" }
  | { readonly kind: "silent" }
  | { readonly kind: "running"; readonly keys: number };

export interface DoctorFindings {
  readonly extension: string;
  readonly editor: string;
  readonly platform: string;
  /** The user's folder, written as `~`. */
  readonly home: string;
  readonly trusted: boolean;
  readonly server: string;
  /** The tools of every host. */
  readonly hosts: readonly (readonly string[])[];
  readonly entryPoints: readonly {
    readonly path: string;
    readonly complete: boolean;
    readonly why: readonly string[];
  }[];
  /** Undefined in an untrusted workspace, where nothing is run. */
  readonly tools: readonly ToolFinding[] | undefined;
  readonly features: string | undefined;
  readonly sshAgent: AgentFinding | undefined;
  readonly sshConfigFile: string | undefined;
}

const NEEDED = "nix-command flakes";

export function doctorReport(findings: DoctorFindings): string {
  const sections = [
    `# ${t("Nix Deploy: Doctor")}`,
    bullets([
      [t("Extension"), findings.extension],
      [t("Editor"), findings.editor],
      [t("System"), findings.platform],
      [
        t("Workspace trusted"),
        findings.trusted ? t("yes") : t("no: nothing is run and no host is contacted"),
      ],
      [t("Language server"), findings.server],
      [t("Hosts"), String(findings.hosts.length)],
    ]),
    `## ${t("What to do")}`,
    adviceList(findings),
    `## ${t("Entry points")}`,
    entryPoints(findings),
    `## ${t("Tools")}`,
    findings.tools === undefined ? t("Not asked: the workspace is not trusted.") : toolTable(findings.tools),
    `## ${t("Settings")}`,
    bullets([
      [t("Experimental features of Nix"), features(findings)],
      [t("SSH agent"), agent(findings.sshAgent)],
      [t("SSH configuration"), findings.sshConfigFile ?? t("ssh's own")],
    ]),
  ];
  return `${redact(withoutHome(sections.join("\n\n"), findings.home))}\n`;
}

function withoutHome(text: string, home: string): string {
  // a root directory as home would turn every slash into a tilde
  return home.length < 2 ? text : text.replaceAll(`${home}/`, "~/");
}

function bullets(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `- ${name}: ${oneLine(value)}`).join("\n");
}

function adviceList(findings: DoctorFindings): string {
  const lines = advice(findings);
  return lines.length === 0
    ? t("Nothing: all that is needed was found.")
    : lines.map(line => `- ${line}`).join("\n");
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
  const rows = tools.map(({ name, path, version }) =>
    [name, version ?? "", path ?? t("not found")].map(cell),
  );
  return markdownTable([[t("Tool"), t("Version"), t("Path")], ...rows]).join("\n");
}

function features({ tools, features: value }: DoctorFindings): string {
  if (tools === undefined) return t("not asked");
  if (value === undefined) return t("not known");
  const missing = NEEDED.split(" ").filter(name => !value.split(/\s+/).includes(name));
  const shown = value === "" ? t("none") : value;
  return missing.length === 0
    ? shown
    : t("{0} (missing {1}; deploying turns them on for its own commands)", shown, missing.join(", "));
}

function agent(finding: AgentFinding | undefined): string {
  switch (finding?.kind) {
    case undefined:
      return t("not asked");
    case "none":
      return t("none (SSH_AUTH_SOCK is not set)");
    case "silent":
      return t("does not answer");
    case "running":
      return finding.keys === 0 ? t("running, without keys") : t("running, keys: {0}", finding.keys);
  }
}

function cell(text: string): string {
  return oneLine(text).replace(/\|/g, "\\|");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
