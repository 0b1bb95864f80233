// npm run build:grammar: grammar.js and tree-sitter-nix -> src/parser.c -> tree-sitter-nix.wasm, then provenance.json,
// which says what was built from what. Says what is missing and how to get it; README.md has the whole recipe.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compileWasm, missingForCompile, version } from "./compile.mjs";
import { folder, PROVENANCE, provenance } from "./provenance.mjs";

/** The generator decides the bytes of parser.c and the parser's format, which web-tree-sitter must know (14 here). */
const CLI_VERSION = "0.22.6";
const cli = process.env["TREE_SITTER"] ?? "tree-sitter";

function missingTools() {
  const missing = missingForCompile();
  const found = version(cli);
  if (found?.split(" ")[1] !== CLI_VERSION) {
    missing.push(
      `tree-sitter ${CLI_VERSION}${found ? ` (found: ${found})` : ""}: cargo install tree-sitter-cli --version ${CLI_VERSION} --locked, ` +
        "or Debian 13's package tree-sitter-cli; name another place with TREE_SITTER=/path/to/tree-sitter",
    );
  }
  return missing;
}

/** Generates in a temporary folder, because the generator also writes bindings nobody here needs. */
function generateParser() {
  const work = mkdtempSync(path.join(tmpdir(), "grammar-"));
  try {
    cpSync(path.join(folder, "grammar.js"), path.join(work, "grammar.js"));
    symlinkSync(path.join(folder, "../node_modules"), path.join(work, "node_modules"));
    execFileSync(cli, ["generate", "--no-bindings"], { cwd: work, stdio: "inherit" });
    mkdirSync(path.join(folder, "src/tree_sitter"), { recursive: true });
    for (const file of ["parser.c", "tree_sitter/parser.h"]) {
      cpSync(path.join(work, "src", file), path.join(folder, "src", file));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const missing = missingTools();
if (missing.length > 0) {
  console.error(
    `The grammar cannot be built here. Missing:\n${missing.map(each => `  - ${each}`).join("\n")}`,
  );
  process.exit(1);
}
generateParser();
const wasm = compileWasm(path.join(folder, "src"));
writeFileSync(path.join(folder, "tree-sitter-nix.wasm"), wasm);
const record = {
  generator: version(cli),
  compiler: version("clang"),
  linker: version("wasm-ld"),
  ...provenance(),
};
writeFileSync(PROVENANCE, `${JSON.stringify(record, null, 2)}\n`);
console.log(`tree-sitter-nix.wasm: ${wasm.length} bytes`);
