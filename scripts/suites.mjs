// Runs a vitest suite in its own process and counts what happened from the report it writes, never from an exit code alone.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "./setup.mjs";

/** @typedef {{ passed: number, failed: number, skipped?: number }} Counts */

/**
 * Runs the suite of one vitest configuration. The report stays in test-results/NAME.json.
 * @param {string} name
 * @param {{ config: string, reporter?: string, args?: string[], env?: Record<string, string>, run?: (argv: string[], env: Record<string, string>) => Promise<number> }} options
 * `run` starts argv and returns its exit code, for suites that need other surroundings
 */
export async function runSuite(
  name,
  { config, reporter = "default", args = [], env = {}, run = runInherited },
) {
  const report = path.join(root, `test-results/${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const reporters = [`--reporter=${reporter}`, "--reporter=json", `--outputFile.json=${report}`];
  const code = await run([process.execPath, vitest, "run", `--config=${config}`, ...reporters, ...args], env);
  const counts = vitestCounts(report);
  // an error outside of tests ends with a code and no failed test
  return code === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** Counts of the report that the suite inside the extension host writes. A missing report is a failure. */
export function mochaCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { results } = JSON.parse(readFileSync(file, "utf8"));
  const count = state => results.filter(result => result.state === state).length;
  return { passed: count("passed"), failed: count("failed") };
}

/** The sum of several counts. @param {Counts[]} all @returns {Counts} */
export function addCounts(...all) {
  const sum = field => all.reduce((total, counts) => total + (counts[field] ?? 0), 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** Prints the line that others read, and returns the exit code: nothing failed, and something ran. */
export function conclude(name, { passed, failed, skipped = 0 }) {
  const rest = skipped > 0 ? `, ${skipped} skipped` : "";
  console.log(`${name ? `${name}: ` : ""}${passed} passed, ${failed} failed${rest}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** Counts of a vitest JSON report. A file that could not be loaded counts as one failure. */
function vitestCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(file, "utf8"));
  const broken = report.testResults.filter(
    suite => suite.status === "failed" && !suite.assertionResults.some(test => test.status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests,
  };
}

function runInherited([command, ...args], env) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}
