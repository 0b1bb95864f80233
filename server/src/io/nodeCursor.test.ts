// The cursor on the runtime itself against the public one: the same nodes at the same places, whatever the text.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Language, Parser, type Tree } from "web-tree-sitter";
import { directCursor, type NodeCursor, type OpenCursor, publicCursor } from "../core/syntax/nodeCursor";

const root = path.resolve(__dirname, "../../..");
const runtime = {
  wasmBinary: readFileSync(path.join(root, "node_modules/web-tree-sitter/web-tree-sitter.wasm")),
};
await Parser.init(runtime);
const language = await Language.load(readFileSync(path.join(root, "grammar/tree-sitter-nix.wasm")));

const TEXTS = {
  "a module":
    '{ config, lib ? 1, ... }@args:\nwith lib;\n{ a."b".${c} = [ 1 2.5 ./x <y> ~/z ]; inherit (d) e; }',
  "strings beyond ASCII": "{ é = \"👩‍🚀 ${''\n  été ${x}\n''}\"; } # 👋",
  "a missing token": "{ a = 1 b = 2; }",
  "what is not Nix": "{ a = ]; b = ( 1; } }} @@ let",
  "an unclosed set": "{ a = { b = [ 1 ; ",
  nothing: "",
  "deep nesting": `${"[".repeat(3_000)}${"]".repeat(3_000)}`,
};

function walk(tree: Tree, open: OpenCursor): string[] {
  const cursor = open(tree);
  const seen: string[] = [];
  let depth = 0;
  try {
    for (;;) {
      seen.push(describeNode(cursor, depth));
      if (cursor.toFirstChild()) depth++;
      else {
        while (!cursor.toNextSibling()) {
          if (depth-- === 0) return seen;
          cursor.toParent();
        }
      }
    }
  } finally {
    cursor.delete();
  }
}

function describeNode(cursor: NodeCursor, depth: number): string {
  const missing = cursor.isMissing() ? " missing" : "";
  return `${depth} ${cursor.typeId()} ${cursor.start()}-${cursor.end()}${missing}`;
}

describe("the runtime's own cursor", () => {
  const direct = directCursor(runtime);

  test("is there in the version that is used", () => {
    expect(direct).not.toBe(publicCursor);
  });

  test.each(Object.entries(TEXTS))("walks through %s as the public one does", (_name, text) => {
    const parser = new Parser();
    parser.setLanguage(language);
    const tree = parser.parse(text);
    if (tree === null) throw new Error("no tree");
    const expected = walk(tree, publicCursor);
    expect(walk(tree, direct)).toEqual(expected);
    expect(walk(tree, publicCursor)).toEqual(expected);
    tree.delete();
  });

  test("gives way to the public one where the runtime has other functions", () => {
    expect(directCursor({})).toBe(publicCursor);
  });
});
