// npm run test:fleet [-- vitest arguments]: the suites of test/fleet inside namespaces that vanish with the run.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { vitestCounts } from "../../scripts/counts.mjs";
import { root, runMain } from "../../scripts/setup.mjs";
import { ensureFleet } from "./setup.mjs";

const report = path.join(root, "test-results/fleet.json");

await runMain(async () => {
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const code = await inFleet([
    process.execPath,
    path.join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--config=test/fleet/vitest.config.mts",
    "--reporter=verbose",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ]);
  const { passed, failed } = vitestCounts(report);
  console.log(`fleet: ${passed} passed, ${failed} failed`);
  return code === 0 && passed > 0 && failed === 0 ? 0 : 1;
});

/** Runs argv in the fleet's namespaces. `unshare` ignores polite signals: ending this process kills it. */
async function inFleet(argv) {
  const [command, ...args] = [...ensureFleet(), ...argv];
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}
