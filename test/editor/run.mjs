// npm run test:editor [-- --only=host|ui] [-- --screenshots] [-- vitest arguments]: the suite inside the extension host, then
// the packaged extension driven in a real workbench, inside the test fleet's namespaces so that it can deploy to real hosts.
import { fileURLToPath } from "node:url";
import { packageExtension } from "../../scripts/package.mjs";
import { ensureCommands, runMain } from "../../scripts/setup.mjs";
import { ensureWorkbench } from "../../scripts/setupWorkbench.mjs";
import { addCounts, conclude, runSuite } from "../../scripts/suites.mjs";
import { ensureBrowser } from "../../scripts/workbench.mjs";
import { runInFleet } from "../fleet/namespaces.mjs";
import { runInExtensionHost } from "./extensionHost.mjs";

const ownFlags = ["--screenshots", "--only=host", "--only=ui"];

/** Runs both suites and returns their counts. A suite of which nothing ran counts as failed. */
export async function runEditorSuites(args = []) {
  // a compiler for the native part of the workbench that fills the Output panel
  ensureCommands("python3", "make", "g++");
  ensureWorkbench();
  if (!args.includes("--only=host")) ensureWorkbench("floor");
  ensureBrowser();
  const vsix = packageExtension();
  const stages = [];
  if (!args.includes("--only=ui")) stages.push(await runInExtensionHost());
  if (!args.includes("--only=host")) stages.push(await runUi(vsix, args));
  return addCounts(
    ...stages.map(stage => (stage.passed === 0 && stage.failed === 0 ? { passed: 0, failed: 1 } : stage)),
  );
}

function runUi(vsix, args) {
  const env = { EDITOR_VSIX: vsix, EDITOR_SCREENSHOTS: args.includes("--screenshots") ? "1" : "" };
  return runSuite("editor", {
    config: "test/editor/vitest.config.mts",
    reporter: "verbose",
    args: args.filter(argument => !ownFlags.includes(argument)),
    run: argv => runInFleet(argv, env),
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runMain(async () => conclude("editor", await runEditorSuites(process.argv.slice(2))));
