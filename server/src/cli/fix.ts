// `nix-deploy fix`: applies the safe fixes, or shows them as a diff.

import { realpath } from "node:fs/promises";
import type { AnalysisHost } from "../core/analysis";
import { fixAll } from "../core/features/fixAll";
import { applyEdits } from "../core/text/textEdit";
import { writeTextFile } from "../io/fileSystem";
import { readArguments } from "./arguments";
import type { Command } from "./command";
import { loadPaths } from "./loadPaths";
import { unifiedDiff } from "./unifiedDiff";
import { UserError } from "./userError";
import { warnOfCrashes } from "./warnOfCrashes";

const USAGE = "fix [PATH…] [--dry-run]";
/** A fix may make room for another; more rounds than these would mean that two fixes undo each other. */
const MAX_ROUNDS = 8;

export const fix: Command = {
  name: "fix",
  usage: USAGE,
  summary: "Apply the safe fixes",
  async run(given, output) {
    const args = readArguments(given, { "dry-run": "boolean" }, USAGE);
    const { host, analysis, relative } = await loadPaths(args.positionals, output);
    const before = new Map(analysis.paths.map(path => [path, analysis.text(path) ?? ""]));
    const titles = safeFixTitles(host);
    const changed = fixEverything(host);
    warnOfCrashes(host.analysis(), output);
    for (const [path, text] of [...changed].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (args.flag("dry-run")) {
        output.print(unifiedDiff(relative(path), before.get(path) ?? "", text));
        continue;
      }
      await write(path, relative(path), text);
      for (const title of titles.get(path) ?? []) output.print(`${relative(path)}: ${title}\n`);
    }
    if (!args.flag("dry-run")) output.print(summary(changed.size));
    return 0;
  },
};

/** The new texts of the files that safe fixes change, by path. Leaves them applied in the host. */
function fixEverything(host: AnalysisHost): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const analysis = host.analysis();
    const changes = analysis.paths.flatMap(path => {
      const edits = fixAll(analysis, path);
      return edits.length === 0 ? [] : [{ path, text: applyEdits(analysis.text(path) ?? "", edits) }];
    });
    if (changes.length === 0) break;
    for (const { path, text } of changes) changed.set(path, text);
    host.apply(changes);
  }
  return changed;
}

function safeFixTitles(host: AnalysisHost): ReadonlyMap<string, readonly string[]> {
  const titles = new Map<string, readonly string[]>();
  for (const [path, findings] of host.analysis().allFindings()) {
    const own = findings.flatMap(({ code, fixes }) => {
      const safe = fixes.find(each => each.safety === "safe");
      return safe === undefined ? [] : [`${safe.title} [${code}]`];
    });
    titles.set(path, own);
  }
  return titles;
}

async function write(path: string, shown: string, text: string): Promise<void> {
  try {
    // behind a link lies the file that is meant; replacing the link itself would cut it off
    await writeTextFile(await realpath(path), text);
  } catch (error) {
    throw new UserError(
      `${shown} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function summary(files: number): string {
  if (files === 0) return "nothing to fix\n";
  return `fixed ${files} file${files === 1 ? "" : "s"}\n`;
}
