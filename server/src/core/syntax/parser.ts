// Text -> SourceFile with web-tree-sitter. A tree lives only as long as the function that reads it.

import { type Language, Parser, type Tree } from "web-tree-sitter";
import type { SourceFile } from "./expr";
import { FlatTree, NodeTypes } from "./flatTree";
import { lowerFile } from "./lower";

/** Reads Nix text. Total: what is not Nix is in the problems of the file it returns. */
export interface NixTextParser {
  parse(path: string, text: string): SourceFile;
}

/** A parser for a loaded grammar; web-tree-sitter has to be initialised before. */
export function createParser(language: Language): NixTextParser {
  const parser = new Parser();
  parser.setLanguage(language);
  const types = new NodeTypes(language);
  return {
    parse: (path, text) => withTree(parser, text, tree => lowerFile(path, text, FlatTree.of(tree, types))),
  };
}

/** Parses, lets `use` read the tree and deletes it; nothing of the tree may leave `use`. */
export function withTree<T>(parser: Parser, text: string, use: (tree: Tree) => T): T {
  const tree = parser.parse(text);
  if (tree === null) throw new Error("the parser has no language");
  try {
    return use(tree);
  } finally {
    tree.delete();
  }
}
