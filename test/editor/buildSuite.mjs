// Bundles the suite of the extension host, one file each, to out/editor/suite. `vscode` and mocha come from where it runs.
import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import esbuild from "esbuild";
import { root } from "../../scripts/setup.mjs";

const source = path.join(root, "test/editor/suite");
const target = path.join(root, "out/editor/suite");

/** Builds the suite and returns the module that VS Code is to run. */
export async function buildSuite() {
  rmSync(target, { recursive: true, force: true });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: readdirSync(source)
      .filter(isEntry)
      .map(file => path.join(source, file)),
    outdir: target,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return path.join(target, "index.js");
}

function isEntry(file) {
  return file === "index.ts" || file.endsWith(".test.ts");
}
