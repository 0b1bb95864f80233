// Which files the module is built from and what they hash to. build.mjs writes this down after a build; the test
// compares it with the files as they are.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const folder = path.dirname(fileURLToPath(import.meta.url));
export const PROVENANCE = path.join(folder, "provenance.json");

const INPUTS = [
  "../node_modules/tree-sitter-nix/grammar.js",
  "compile.mjs",
  "grammar.js",
  "src/parser.c",
  "src/scanner.c",
  "src/tree_sitter/parser.h",
];
const OUTPUT = "tree-sitter-nix.wasm";

/** SHA-256 of every input and of the output, as they are in `root` now. */
export function provenance(root = folder) {
  const sha256 = file =>
    createHash("sha256")
      .update(readFileSync(path.join(root, file)))
      .digest("hex");
  return {
    inputs: Object.fromEntries(INPUTS.map(file => [file, sha256(file)])),
    output: { [OUTPUT]: sha256(OUTPUT) },
  };
}
