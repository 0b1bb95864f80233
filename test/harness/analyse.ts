// Runs the whole pipeline on texts in memory: the one place of the tests that knows how core is called.

import { type Analysis, type AnalysisHost, DEFAULT_CONFIG } from "../../server/src/core/analysis";
import type { HostObservation } from "../../server/src/core/fleet/observation";
import type { Finding } from "../../server/src/core/rules/rule";
import { loadAnalysisHost } from "../../server/src/io/analysisHost";
import { FIXTURE_ROOT, fixturePath } from "./fixture";

const host: AnalysisHost = await loadAnalysisHost();

/** What hosts said of themselves, as JSON, for rules that ask: a fixture's file of this name. */
const OBSERVED = fixturePath("observed.json");

/** What Git tracks, a path a line, for a fixture that is a Git work tree: a fixture's file of this name. */
const TRACKED = fixturePath(".git/index");

/** A snapshot of these files. Everything is computed, and a crash of any rule fails the test. */
export function analyse(files: ReadonlyMap<string, string>): Analysis {
  const tracked = files.get(TRACKED);
  host.apply([
    { path: FIXTURE_ROOT, gone: true },
    ...[...files].flatMap(([path, text]) => (path === TRACKED ? [] : [{ path, text }])),
    { path: FIXTURE_ROOT, whole: true },
    { path: FIXTURE_ROOT, tracked: tracked === undefined ? undefined : trackedPaths(tracked) },
  ]);
  const observed = files.get(OBSERVED);
  host.observe(observed === undefined ? [] : (JSON.parse(observed) as HostObservation[]));
  return computed();
}

function trackedPaths(lines: string): ReadonlySet<string> {
  return new Set(lines.split("\n").filter(Boolean).map(fixturePath));
}

/** A snapshot of the files of the last `analyse` with one of them changed, as when somebody types. */
export function analyseChange(path: string, text: string): Analysis {
  host.apply([{ path, text }]);
  return computed();
}

function computed(): Analysis {
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
