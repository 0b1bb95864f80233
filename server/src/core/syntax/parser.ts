// Text -> SourceFile with web-tree-sitter. A tree lives only as long as the function that reads it.

import { type Language, Parser } from "web-tree-sitter";
import type { SourceFile } from "./expr";
import { FlatTree, NodeTypes, type TreeData } from "./flatTree";
import { hasReadableRoot, lowerFile } from "./lower";
import { Names } from "./names";
import { type OpenCursor, publicCursor } from "./nodeCursor";
import { readTree } from "./readTree";
import { findUnclosed } from "./unclosed";

/** Reads Nix text. Total: what is not Nix is in the problems of the file it returns. */
export interface NixTextParser {
  parse(path: string, text: string): SourceFile;
}

/** Trees that somebody else has read in the meantime. */
export interface TreesAhead {
  /**
   * The tree of exactly this text; undefined where it has to be read here. `read` is how that is done: while somebody else
   * is at this text, another one may be read with it.
   */
  take(path: string, text: string, read: TextReader): TreeData | undefined;
}

/** Reads text up to `limit`, behind which only closers are. */
export type TextReader = (text: string, limit: number) => TreeData;

/** What a parser is made with: the half of it that needs tree-sitter. */
export interface Grammar {
  readonly types: NodeTypes;
  readonly read: TextReader;
}

/** Of a loaded language; web-tree-sitter has to be initialised before. */
export function createGrammar(language: Language, openCursor: OpenCursor = publicCursor): Grammar {
  const parser = new Parser();
  parser.setLanguage(language);
  const types = new NodeTypes(language);
  const read: TextReader = (text, limit) => {
    const tree = parser.parse(text);
    if (tree === null) throw new Error("the parser has no language");
    try {
      return readTree(tree, types, limit, openCursor);
    } finally {
      tree.delete();
    }
  };
  return { types, read };
}

/** A parser with its grammar. */
export function createParser({ types, read }: Grammar, ahead?: TreesAhead): NixTextParser {
  const names = new Names();
  return {
    parse(path, text) {
      const tree = new FlatTree(ahead?.take(path, text, read) ?? read(text, text.length), types);
      const unclosed = tree.damaged ? findUnclosed(text, tree) : undefined;
      if (unclosed === undefined) return lowerFile({ path, text, tree, names }, undefined);
      const closed = new FlatTree(read(text + unclosed.closers, text.length), types);
      if (!hasReadableRoot(closed)) return lowerFile({ path, text, tree, names }, undefined);
      return lowerFile({ path, text, tree: closed, names }, unclosed.problem);
    },
  };
}
