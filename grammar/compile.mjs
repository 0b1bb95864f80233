// Compiles the generated parser and the scanner to the WebAssembly side module that web-tree-sitter loads. The same
// sources and the same clang give the same bytes; the provenance test relies on it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const C_HEADERS = "/usr/include/wasm32-wasi";

const COMPILE = [
  "--target=wasm32-unknown-emscripten",
  "-fPIC",
  "-Os",
  "-g0",
  "-fvisibility=hidden",
  "-nostdlib",
  "-isystem",
  C_HEADERS,
];
const LINK = [
  "--shared",
  "--experimental-pic",
  "--export=tree_sitter_nix",
  "--strip-all",
  "--allow-undefined",
];

/** What the compilation needs and this machine lacks, each with the way to get it; empty if it can compile. */
export function missingForCompile() {
  const missing = [];
  if (version("clang") === undefined) missing.push("clang (Debian: apt install clang)");
  if (version("wasm-ld") === undefined) missing.push("wasm-ld (Debian: apt install lld)");
  if (!existsSync(path.join(C_HEADERS, "stdlib.h"))) {
    missing.push(`C headers in ${C_HEADERS} (Debian: apt install wasi-libc)`);
  }
  return missing;
}

/** The first line of a tool's `--version`; undefined where the tool is not installed. */
export function version(tool) {
  try {
    const output = execFileSync(tool, ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.split("\n")[0].trim();
  } catch (error) {
    if (error.code === "ENOENT" || error.status) return undefined;
    throw error;
  }
}

/** The module's bytes, compiled from `parser.c` and `scanner.c` in `sources`. */
export function compileWasm(sources) {
  const out = mkdtempSync(path.join(tmpdir(), "grammar-"));
  try {
    for (const name of ["parser", "scanner"]) {
      const args = [...COMPILE, "-I", ".", "-c", `${name}.c`, "-o", path.join(out, `${name}.o`)];
      execFileSync("clang", args, { cwd: sources, stdio: ["ignore", "inherit", "inherit"] });
    }
    const objects = ["parser.o", "scanner.o"];
    execFileSync("wasm-ld", [...LINK, "--no-entry", ...objects, "-o", "nix.wasm"], {
      cwd: out,
      stdio: "inherit",
    });
    return readFileSync(path.join(out, "nix.wasm"));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
