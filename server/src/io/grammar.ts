// Loads the grammar and the runtime of the parser, two WebAssembly files that lie beside the bundle.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Language, Parser } from "web-tree-sitter";
import type { NixParser } from "../core/analysis";
import { directCursor } from "../core/syntax/nodeCursor";
import { createGrammar, createParser, type Grammar, type TreesAhead } from "../core/syntax/parser";

export interface GrammarFiles {
  /** The parser's runtime, `web-tree-sitter.wasm` of the package of that name. */
  readonly runtime: string;
  /** Our grammar, `tree-sitter-nix.wasm`. */
  readonly grammar: string;
}

/** What web-tree-sitter puts its functions on. It initialises itself once in a process, so there is one of it. */
const runtimeModule = {};

/** Loads the parser; rejects where a file is missing or is not a grammar of this runtime's format. */
export async function loadParser(files?: GrammarFiles, ahead?: TreesAhead): Promise<NixParser> {
  return createParser(await loadGrammar(files), ahead);
}

/** Loads what a parser is made with; rejects as `loadParser` does. */
export async function loadGrammar(files = grammarFiles(__dirname)): Promise<Grammar> {
  const [runtime, grammar] = await Promise.all([readFile(files.runtime), readFile(files.grammar)]);
  await Parser.init(Object.assign(runtimeModule, { wasmBinary: runtime }));
  return createGrammar(await Language.load(grammar), directCursor(runtimeModule));
}

/** The build puts both files beside the bundle; a run from the sources finds them where the build takes them from. */
export function grammarFiles(folder: string): GrammarFiles {
  const built = {
    runtime: path.join(folder, "web-tree-sitter.wasm"),
    grammar: path.join(folder, "tree-sitter-nix.wasm"),
  };
  if (existsSync(built.grammar)) return built;
  const root = path.join(folder, "../../..");
  return {
    runtime: path.join(root, "node_modules/web-tree-sitter/web-tree-sitter.wasm"),
    grammar: path.join(root, "grammar/tree-sitter-nix.wasm"),
  };
}
