// Proves that the committed module was built from the committed sources: their hashes are those of the last build,
// and where a compiler is installed the build is repeated and compared.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { compileWasm, missingForCompile, version } from "./compile.mjs";
import { folder, PROVENANCE, provenance } from "./provenance.mjs";
import { cases, treeOf } from "./snapshotCases";

const recorded = JSON.parse(readFileSync(PROVENANCE, "utf8"));
const wasm = readFileSync(path.join(folder, "tree-sitter-nix.wasm"));

test("sources and module are those of the last build; if not: npm run build:grammar", () => {
  const { inputs, output } = provenance();
  expect({ inputs: recorded.inputs, output: recorded.output }).toEqual({ inputs, output });
});

test("a change of any source is noticed", () => {
  const copy = mkdtempSync(path.join(tmpdir(), "grammar-"));
  try {
    const root = path.join(copy, "grammar");
    mkdirSync(path.join(copy, "node_modules/tree-sitter-nix"), { recursive: true });
    for (const file of [...Object.keys(recorded.inputs), ...Object.keys(recorded.output)]) {
      cpSync(path.join(folder, file), path.join(root, file), { recursive: true });
    }
    expect(provenance(root)).toEqual(provenance());
    for (const file of Object.keys(recorded.inputs)) {
      const original = readFileSync(path.join(root, file));
      writeFileSync(path.join(root, file), Buffer.concat([original, Buffer.from("\n")]));
      expect(provenance(root).inputs[file], file).not.toBe(recorded.inputs[file]);
      writeFileSync(path.join(root, file), original);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

test.runIf(missingForCompile().length === 0)(
  "compiling the sources again gives the same module",
  async () => {
    const rebuilt = compileWasm(path.join(folder, "src"));
    if (version("clang") === recorded.compiler && version("wasm-ld") === recorded.linker) {
      expect(rebuilt.equals(wasm)).toBe(true);
      return;
    }
    // Another compiler writes other bytes, but the parser must read every case alike.
    for (const { title, text } of cases()) {
      expect(await treeOf(text, rebuilt), title).toBe(await treeOf(text, wasm));
    }
  },
);
