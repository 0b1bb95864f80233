// Text -> SourceFile with web-tree-sitter. A tree lives only as long as the function that reads it.

import { type Language, Parser, type Tree } from "web-tree-sitter";
import type { SourceFile } from "./expr";
import { FlatTree, NodeTypes } from "./flatTree";
import { hasReadableRoot, lowerFile } from "./lower";
import { Names } from "./names";
import { type OpenCursor, publicCursor } from "./nodeCursor";
import { findUnclosed } from "./unclosed";

/** Reads Nix text. Total: what is not Nix is in the problems of the file it returns. */
export interface NixTextParser {
  parse(path: string, text: string): SourceFile;
}

/** A parser for a loaded grammar; web-tree-sitter has to be initialised before. */
export function createParser(language: Language, openCursor: OpenCursor = publicCursor): NixTextParser {
  const parser = new Parser();
  parser.setLanguage(language);
  const types = new NodeTypes(language);
  const names = new Names();
  const read = (text: string, length: number) =>
    withTree(parser, text, tree => FlatTree.of(tree, types, length, openCursor));
  return {
    parse(path, text) {
      const tree = read(text, text.length);
      const unclosed = tree.damaged ? findUnclosed(text, tree) : undefined;
      if (unclosed === undefined) return lowerFile({ path, text, tree, names }, undefined);
      const closed = read(text + unclosed.closers, text.length);
      if (!hasReadableRoot(closed)) return lowerFile({ path, text, tree, names }, undefined);
      return lowerFile({ path, text, tree: closed, names }, unclosed.problem);
    },
  };
}

/** Parses, lets `use` read the tree and deletes it; nothing of the tree may leave `use`. */
function withTree<T>(parser: Parser, text: string, use: (tree: Tree) => T): T {
  const tree = parser.parse(text);
  if (tree === null) throw new Error("the parser has no language");
  try {
    return use(tree);
  } finally {
    tree.delete();
  }
}
