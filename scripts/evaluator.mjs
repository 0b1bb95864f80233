// The evaluator for scripts: bundles the TypeScript sources into a temporary folder and loads them.
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const SOURCES = [
  "io/grammar",
  "io/evaluatorPorts",
  "core/eval/evaluator",
  "core/eval/evalFile",
  "core/eval/files",
  "core/eval/printValue",
  "core/eval/reify",
  "core/eval/toJson",
  "core/eval/value",
];

/** Everything that the evaluator's files export, in one object. */
export async function loadEvaluator() {
  return loadSources(SOURCES);
}

/** Everything that some files below server/src export, in one object. */
export async function loadSources(files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "nix-deploy-evaluator-"));
  try {
    const outfile = path.join(folder, "evaluator.cjs");
    await esbuild.build({
      absWorkingDir: root,
      stdin: {
        contents: files.map(file => `export * from "./server/src/${file}";`).join("\n"),
        resolveDir: root,
        loader: "ts",
      },
      outfile,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      logLevel: "error",
      alias: { "web-tree-sitter": path.join(root, "node_modules/web-tree-sitter/web-tree-sitter.cjs") },
    });
    return createRequire(import.meta.url)(outfile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The parser, from the committed grammar. */
export async function loadParserFor(evaluator) {
  return evaluator.loadParser({
    runtime: path.join(root, "node_modules/web-tree-sitter/web-tree-sitter.wasm"),
    grammar: path.join(root, "grammar/tree-sitter-nix.wasm"),
  });
}
