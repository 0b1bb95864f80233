// npm run check: types, lint, layers, generated files, build, unit and protocol tests, in two lanes. Under a minute, and needs
// nothing beyond `npm ci`.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies, root, runMain } from "./setup.mjs";
import { addCounts, conclude, runSuite } from "./suites.mjs";

/** Runs all checks and returns the counts of the tests; every other check that fails counts as one failure. */
export async function runChecks() {
  const lanes = await Promise.all([
    inOrder([
      () => check("types", ["node_modules/typescript/bin/tsc", "-b"]),
      () => check("lint", ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", "."]),
      () => check("layers", ["node_modules/dependency-cruiser/bin/dependency-cruise.mjs", ...layerArguments]),
    ]),
    inOrder([
      () => check("build", ["scripts/build.mjs"]),
      () => check("generated files", ["scripts/generate.mjs", "--check"]),
      // the protocol tests run what was built
      () => timed("tests", () => runSuite("unit", { config: "vitest.config.mts" })),
    ]),
  ]);
  return addCounts(...lanes.flat());
}

const layerArguments = [
  "--config",
  ".dependency-cruiser.cjs",
  "--output-type",
  "err",
  "client/src",
  "server/src",
];

async function inOrder(steps) {
  const counts = [];
  for (const step of steps) counts.push(await step());
  return counts;
}

/** Runs a script of the project or of a dependency; its output is shown only when it fails. */
async function check(name, [script, ...args]) {
  return timed(name, async () => {
    const child = spawn(process.execPath, [path.join(root, script), ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", text => {
        output += text;
      });
    const code = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (code === 0) return { passed: 0, failed: 0 };
    console.error(`check: ${name} failed\n${output.trimEnd()}`);
    return { passed: 0, failed: 1 };
  });
}

async function timed(name, action) {
  const start = Date.now();
  const counts = await action();
  console.log(
    `check: ${name}: ${counts.failed === 0 ? "ok" : "FAILED"}, ${((Date.now() - start) / 1000).toFixed(1)} s`,
  );
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runMain(async () => {
    ensureDependencies();
    return conclude("check", await runChecks());
  });
