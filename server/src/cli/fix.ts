// `nix-deploy fix`: applies the safe fixes, or shows them as a diff.

import { realpath } from "node:fs/promises";
import type { AnalysisHost } from "../core/analysis";
import { chooseFixes, editsOf } from "../core/features/fixAll";
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
    const fixed = fixEverything(host);
    warnOfCrashes(host.analysis(), output);
    for (const [path, { text, titles }] of [...fixed].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (args.flag("dry-run")) {
        output.print(unifiedDiff(relative(path), before.get(path) ?? "", text));
        continue;
      }
      await write(path, relative(path), text);
      for (const title of titles) output.print(`${relative(path)}: ${title}\n`);
    }
    if (!args.flag("dry-run")) output.print(summary(fixed.size));
    return 0;
  },
};

interface FixedFile {
  readonly text: string;
  /** What was done, in the order in which it was done. */
  readonly titles: readonly string[];
}

/** The files that safe fixes change, by path. Leaves them applied in the host. */
function fixEverything(host: AnalysisHost): ReadonlyMap<string, FixedFile> {
  const fixed = new Map<string, FixedFile>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const analysis = host.analysis();
    const changes = analysis.paths.flatMap(path => {
      const chosen = chooseFixes(analysis, path);
      if (chosen.length === 0) return [];
      const text = applyEdits(analysis.text(path) ?? "", editsOf(chosen));
      const titles = chosen.map(({ fix, finding }) => `${fix.title} [${finding.code}]`);
      fixed.set(path, { text, titles: [...(fixed.get(path)?.titles ?? []), ...titles] });
      return [{ path, text }];
    });
    if (changes.length === 0) break;
    host.apply(changes);
  }
  return fixed;
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
