// The trees of the files that were asked for last. Of all others only what follows from them is kept: a tree takes ten
// times the room of its text, and is read again in a millisecond.

import type { NixParser } from "./analysis";
import type { SourceFile } from "./syntax/expr";

/** More than anybody has open and edits in turn. */
const KEPT = 32;

export class RecentTrees {
  /** By path, in the order in which they were last asked for. */
  private readonly trees = new Map<string, SourceFile>();

  constructor(private readonly parser: NixParser) {}

  /** The tree of a text; the same one as long as it is kept, which it is until the file has another text. */
  of(path: string, text: string): SourceFile {
    const known = this.trees.get(path);
    const tree = known?.text === text ? known : this.parser.parse(path, text);
    this.trees.delete(path);
    this.trees.set(path, tree);
    if (this.trees.size > KEPT) {
      const [oldest] = this.trees.keys();
      if (oldest !== undefined) this.trees.delete(oldest);
    }
    return tree;
  }
}
