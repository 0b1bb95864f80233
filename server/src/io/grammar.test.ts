// Loading from the sources works, and files that are not the grammar are refused with an error.

import { expect, test } from "vitest";
import { loadParser } from "./grammar";

test("loads the parser from the sources", async () => {
  const parser = await loadParser();
  expect(parser.parse("/a.nix", "1 + x").root.kind).toBe("binary");
});

test("a grammar file that is missing is an error", async () => {
  const runtime = "node_modules/web-tree-sitter/web-tree-sitter.wasm";
  await expect(loadParser({ runtime, grammar: "/nowhere/tree-sitter-nix.wasm" })).rejects.toThrow("ENOENT");
});
