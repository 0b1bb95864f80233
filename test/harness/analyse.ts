// Runs the whole pipeline on texts in memory: the one place of the tests that knows how core is called.

import { type Analysis, AnalysisHost, DEFAULT_CONFIG } from "../../server/src/core/analysis";
import type { Finding } from "../../server/src/core/rules/rule";
import { loadParser } from "../../server/src/io/grammar";

const parser = await loadParser();

/** A snapshot of these files. Everything is computed, and a crash of any rule fails the test. */
export function analyse(files: ReadonlyMap<string, string>): Analysis {
  const host = new AnalysisHost({ parser });
  host.apply([...files].map(([path, text]) => ({ path, text })));
  const analysis = host.analysis(DEFAULT_CONFIG);
  analysis.allFindings();
  const [crash] = analysis.crashes;
  if (crash !== undefined)
    throw new Error(`${crash.where} crashed on ${crash.path}: ${crash.stack ?? crash.message}`);
  return analysis;
}

/** All findings of one rule, in the order of files and places. */
export function findingsOfRule(analysis: Analysis, code: string): readonly Finding[] {
  return [...analysis.allFindings().values()].flat().filter(finding => finding.code === code);
}
