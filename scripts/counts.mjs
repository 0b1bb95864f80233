// How many tests passed and failed, read from the reports that the runners write. A missing report is a failure, not zero.
import { existsSync, readFileSync } from "node:fs";

/** Counts of a vitest JSON report. A file that could not be loaded counts as one failure. */
export function vitestCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(file, "utf8"));
  const brokenFiles = report.testResults.filter(
    suite => suite.status === "failed" && !suite.assertionResults.some(test => test.status === "failed"),
  ).length;
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles };
}

/** Counts of the report that the suite inside the extension host writes. */
export function mochaCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { results } = JSON.parse(readFileSync(file, "utf8"));
  const count = state => results.filter(result => result.state === state).length;
  return { passed: count("passed"), failed: count("failed") };
}

/** The sum of several counts. */
export function addCounts(...all) {
  const sum = field => all.reduce((total, counts) => total + counts[field], 0);
  return { passed: sum("passed"), failed: sum("failed") };
}
