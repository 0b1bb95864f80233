// npm test: everything, on a machine where nothing is installed: checks, the evaluator against real Nix, real hosts, the real
// workbench. Ends with `N passed, N failed`; a stage that fails or in which nothing ran counts as failed,
// and so does every test that is skipped.
import { ensureDependencies, runMain } from "./setup.mjs";

await runMain(async () => {
  ensureDependencies();
  // only now are the dependencies of the stages there
  const { addCounts, conclude } = await import("./suites.mjs");
  const { stages } = await import("./stages.mjs");
  const all = [];
  for (const [name, run] of stages) all.push(await runStage(name, run, conclude));
  return conclude("", addCounts(...all));
});

async function runStage(name, run, conclude) {
  console.log(`\n=== ${name}`);
  const start = Date.now();
  let counts;
  try {
    counts = await run();
  } catch (error) {
    console.error(error.name === "Error" ? error.message : error);
    counts = { passed: 0, failed: 1 };
  }
  if (counts.passed === 0 && counts.failed === 0) counts = { passed: 0, failed: 1 };
  // whatever a test needs has been installed by now: one that was skipped hides something
  if (counts.skipped > 0) counts = { ...counts, failed: counts.failed + counts.skipped };
  conclude(`${name} (${((Date.now() - start) / 1000).toFixed(0)} s)`, counts);
  return counts;
}
