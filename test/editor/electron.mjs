// npm run test:electron: the suite of the extension host in VS Code desktop. Needs the Internet once (cached in .vscode-test/) or
// VSCODE_EXECUTABLE=/path/to/code. VSCODE_VERSION=stable|insiders|1.105.0 picks another version.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from "@vscode/test-electron";
import { root, runMain, SetupError } from "../../scripts/setup.mjs";
import { conclude, mochaCounts } from "../../scripts/suites.mjs";
import { buildSuite } from "./buildSuite.mjs";

const version = process.env.VSCODE_VERSION ?? "stable";

await runMain(async () => {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY)
    throw new SetupError(
      "test:electron: no display. Run it as `xvfb-run -a npm run test:electron` (Debian and Ubuntu: package xvfb)",
    );
  const vscodeExecutablePath = await findDesktop();
  execFileSync(process.execPath, [path.join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
  const extensionTestsPath = await buildSuite();
  // short: a deep path makes the name of VS Code's socket too long
  const folder = mkdtempSync(path.join(os.tmpdir(), "nd-"));
  const report = path.join(folder, "report.json");
  const workspace = path.join(folder, "fleet");
  cpSync(path.join(root, "examples/fleet"), workspace, { recursive: true });
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv: { EDITOR_TEST_REPORT: report },
      launchArgs: [workspace, "--disable-extensions", `--user-data-dir=${path.join(folder, "user")}`],
    });
  } catch (error) {
    // a failed test is in the report
    if (!(error instanceof TestRunFailedError)) throw error;
  }
  if (!existsSync(report)) console.error("test:electron: the run ended without a report");
  const counts = mochaCounts(report);
  rmSync(folder, { recursive: true, force: true });
  return conclude("electron", counts);
});

async function findDesktop() {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: path.join(root, ".vscode-test") });
  } catch (error) {
    throw new SetupError(
      `test:electron: VS Code ${version} is not in .vscode-test/ and could not be downloaded (${error.code ?? error.message}).\n` +
        "Connect to the Internet and try again, or set VSCODE_EXECUTABLE to an installed VS Code, " +
        "or run the same suite in the workbench in the browser: npm run test:editor",
    );
  }
}
