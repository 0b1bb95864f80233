// The cases of the grammar's snapshots, and the tree of a text in the form in which the snapshots show it.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Language, type Node, Parser } from "web-tree-sitter";

const folder = path.dirname(fileURLToPath(import.meta.url));

export interface Case {
  /** The file it stands in, without `.nix`. */
  readonly file: string;
  readonly title: string;
  readonly text: string;
}

/** The cases of every file; each begins at a line `#--- title`. */
export function cases(): readonly Case[] {
  const files = readdirSync(path.join(folder, "snapshots")).filter(file => file.endsWith(".nix"));
  return files.sort().flatMap(file => {
    const text = readFileSync(path.join(folder, "snapshots", file), "utf8");
    const pieces = text.split(/^#--- /m).slice(1);
    return pieces.map(piece => {
      const titleEnd = piece.indexOf("\n");
      return {
        file: file.replace(/\.nix$/, ""),
        title: piece.slice(0, titleEnd),
        text: piece.slice(titleEnd + 1).trimEnd(),
      };
    });
  });
}

const languages = new Map<Uint8Array, Promise<Language>>();

/** The tree as an indented outline: fields, named nodes, and the text of leaves. */
export async function treeOf(text: string, grammar: Uint8Array): Promise<string> {
  const language = await languageOf(grammar);
  const parser = new Parser();
  try {
    const tree = parser.setLanguage(language).parse(text);
    const outlined = tree === null ? "" : outline(tree.rootNode, undefined, 0);
    tree?.delete();
    return outlined;
  } finally {
    parser.delete();
  }
}

function languageOf(grammar: Uint8Array): Promise<Language> {
  const known = languages.get(grammar);
  if (known !== undefined) return known;
  const language = Parser.init().then(() => Language.load(grammar));
  languages.set(grammar, language);
  return language;
}

function outline(node: Node, field: string | undefined, depth: number): string {
  const children = node.children.map((child, index) => ({ child, field: node.fieldNameForChild(index) }));
  const shown = children.filter(({ child }) => child.isNamed || child.isMissing || child.isError);
  const label = node.isMissing ? `MISSING ${JSON.stringify(node.type)}` : node.type;
  const leaf = shown.length === 0 && !node.isMissing ? ` ${JSON.stringify(node.text)}` : "";
  const line = `${"  ".repeat(depth)}${field === undefined ? "" : `${field}: `}${label}${leaf}\n`;
  return line + shown.map(each => outline(each.child, each.field ?? undefined, depth + 1)).join("");
}
