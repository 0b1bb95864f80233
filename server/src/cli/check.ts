// `nix-deploy check`: prints findings in the format asked for.

import { RULES } from "../core/rules/index";
import type { Severity } from "../core/rules/rule";
import { loadPackageVersion } from "../io/packageVersion";
import { type Arguments, oneOf, readArguments } from "./arguments";
import type { Command } from "./command";
import { type FindingsReport, reaches, reportFindings } from "./findingsReport";
import { formatSarif } from "./formatSarif";
import { formatGithub, formatText } from "./formatText";
import { loadPaths } from "./loadPaths";
import { warnOfCrashes } from "./warnOfCrashes";

const USAGE = "check [PATH…] [--format text|json|sarif|github] [--fail-on error|warning|info|hint]";

export const check: Command = {
  name: "check",
  usage: USAGE,
  summary: "Say what is wrong with caches, keys and deploy settings",
  async run(given, output) {
    const args = readArguments(given, { format: "string", "fail-on": "string" }, USAGE);
    const format = oneOf(args, "format", ["text", "json", "sarif", "github"], "text");
    const threshold = thresholdOf(args);
    const loaded = await loadPaths(args.positionals, output);
    const report = reportFindings(loaded);
    warnOfCrashes(loaded.analysis, output);
    output.print(FORMATS[format](report));
    return reaches(report, threshold) ? 1 : 0;
  },
};

const FORMATS: Readonly<Record<"text" | "json" | "sarif" | "github", (report: FindingsReport) => string>> = {
  text: formatText,
  github: formatGithub,
  json: report => `${JSON.stringify(report, null, 2)}\n`,
  sarif: report => formatSarif(report, RULES, loadPackageVersion(__dirname)),
};

function thresholdOf(args: Arguments): Severity {
  const given = oneOf(args, "fail-on", ["error", "warning", "info", "information", "hint"], "warning");
  return given === "info" ? "information" : given;
}
