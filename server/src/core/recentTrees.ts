// The trees of the files that were asked for last. Of all others only what follows from them is kept: a tree takes ten
// times the room of its text, and is read again in a millisecond.

import type { NixParser } from "./analysis";
import type { SourceFile } from "./syntax/expr";

/** More than anybody has open and edits in turn. */
const KEPT = 32;

interface Text {
  readonly path: string;
  readonly text: string;
}

export class RecentTrees {
  /** In the order in which they were last asked for. */
  private readonly trees = new Map<Text, SourceFile>();

  constructor(private readonly parser: NixParser) {}

  /** The tree of a text; the same one for the same object as long as it is kept. */
  of(text: Text): SourceFile {
    const tree = this.trees.get(text) ?? this.parser.parse(text.path, text.text);
    this.trees.delete(text);
    this.trees.set(text, tree);
    if (this.trees.size > KEPT) {
      const [oldest] = this.trees.keys();
      if (oldest !== undefined) this.trees.delete(oldest);
    }
    return tree;
  }
}
