// Reads a tree of tree-sitter into arrays, by a cursor: no depth of nesting can exhaust the stack.

import type { Tree } from "web-tree-sitter";
import type { NodeTypes, Stretch, TreeData } from "./flatTree";
import type { NodeCursor, OpenCursor } from "./nodeCursor";
import type { NodeType } from "./nodeKinds";

/** Reads a tree; what lies beyond `limit` is held to end there. */
export function readTree(tree: Tree, types: NodeTypes, limit: number, openCursor: OpenCursor): TreeData {
  const hasError = tree.rootNode.hasError;
  const reader = new TreeReader(types, limit, hasError);
  const cursor = openCursor(tree);
  try {
    reader.fill(cursor, hasError);
  } finally {
    cursor.delete();
  }
  return reader;
}

class TreeReader implements TreeData {
  count = 0;
  ids: Uint16Array;
  starts: Int32Array;
  ends: Int32Array;
  afters: Int32Array;
  readonly missing = new Map<number, string>();
  readonly comments: Stretch[] = [];
  damaged: boolean;

  constructor(
    private readonly types: NodeTypes,
    private readonly limit: number,
    hasError: boolean,
  ) {
    this.damaged = hasError;
    const room = Math.ceil(limit / 3) + 64;
    this.ids = new Uint16Array(room);
    this.starts = new Int32Array(room);
    this.ends = new Int32Array(room);
    this.afters = new Int32Array(room);
  }

  /** Invariant: `open` holds the nodes from the root to the cursor's parent. */
  fill(cursor: NodeCursor, hasError: boolean): void {
    const open: number[] = [];
    let reached = 0;
    for (;;) {
      const id = cursor.typeId();
      const type = this.types.get(id);
      if (type.kind === "comment") {
        this.addComment(cursor);
      } else if (this.enter(cursor, id, type)) {
        open.push(this.count - 1);
        continue;
      } else {
        reached = this.addLeaf(cursor, id, type, hasError, reached);
      }
      while (!cursor.toNextSibling()) {
        const node = open.pop();
        if (node === undefined) return;
        cursor.toParent();
        reached = this.close(node, reached);
      }
    }
  }

  private addComment(cursor: NodeCursor): void {
    const start = cursor.start();
    if (start < this.limit) this.comments.push({ start, end: Math.min(cursor.end(), this.limit) });
  }

  /** Goes down into a node that has children; an ERROR's extent is asked for, as its children need not fill it. */
  private enter(cursor: NodeCursor, id: number, type: NodeType): boolean {
    if (type.leaf) return false;
    const error = type.kind === "ERROR";
    const start = error ? cursor.start() : -1;
    const end = error ? cursor.end() : -1;
    if (!cursor.toFirstChild()) return false;
    this.push(id, start, end);
    return true;
  }

  /** A gap sits where the text before it ends, not where the next token begins. */
  private addLeaf(
    cursor: NodeCursor,
    id: number,
    type: NodeType,
    hasError: boolean,
    reached: number,
  ): number {
    if (type.gap) {
      this.damaged = true;
      this.push(id, reached, reached);
      return reached;
    }
    const start = cursor.start();
    if (hasError && cursor.isMissing()) {
      this.missing.set(this.count, type.name);
      this.push(id, reached, reached);
      return reached;
    }
    const end = type.length > 0 ? start + type.length : cursor.end();
    this.push(id, start, end);
    return Math.min(end, this.limit);
  }

  private push(id: number, start: number, end: number): void {
    const node = this.count++;
    if (node === this.ids.length) this.grow();
    this.ids[node] = id;
    this.starts[node] = Math.min(start, this.limit);
    this.ends[node] = Math.min(end, this.limit);
    this.afters[node] = this.count;
  }

  private grow(): void {
    this.ids = larger(this.ids, new Uint16Array(this.ids.length * 2));
    this.starts = larger(this.starts, new Int32Array(this.starts.length * 2));
    this.ends = larger(this.ends, new Int32Array(this.ends.length * 2));
    this.afters = larger(this.afters, new Int32Array(this.afters.length * 2));
  }

  /** Ends a node: it reaches from its first child to the last text in it. */
  private close(node: number, reached: number): number {
    this.afters[node] = this.count;
    if (this.starts[node] === -1) {
      const first = node + 1 < this.count ? this.starts[node + 1] : undefined;
      this.starts[node] = first ?? reached;
      this.ends[node] = Math.max(reached, first ?? reached);
    }
    return Math.max(reached, this.ends[node] ?? 0);
  }
}

/** `array` moved into `to`. */
function larger<T extends Uint16Array | Int32Array>(array: T, to: T): T {
  to.set(array);
  return to;
}
