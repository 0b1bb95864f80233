// npm run test:fleet [-- vitest arguments]: the suites of test/fleet inside namespaces that vanish with the run.
import { fileURLToPath } from "node:url";
import { runMain } from "../../scripts/setup.mjs";
import { conclude, runSuite } from "../../scripts/suites.mjs";
import { runInFleet } from "./namespaces.mjs";

/** Runs the suites and returns their counts. */
export function runFleetSuites(args = []) {
  const config = "test/fleet/vitest.config.mts";
  return runSuite("fleet", { config, reporter: "verbose", args, run: argv => runInFleet(argv) });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runMain(async () => conclude("fleet", await runFleetSuites(process.argv.slice(2))));
