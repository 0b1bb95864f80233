// A syntax tree as arrays in document order. Reading it costs nothing, where every question to a tree-sitter node is a
// call into WebAssembly; and no depth of nesting can exhaust the stack while it is built. Comments are kept aside.

import type { Language, Tree, TreeCursor } from "web-tree-sitter";
import { type NodeKind, type NodeType, nodeType } from "./nodeKinds";

const ERROR_NODE: NodeType = { kind: "ERROR", leaf: false, gap: false, length: 0 };

/** Describes the node types of one grammar by their number. */
export class NodeTypes {
  private readonly types: readonly NodeType[];

  constructor(language: Language) {
    this.types = language.types.map(nodeType);
  }

  get(id: number): NodeType {
    return this.types[id] ?? ERROR_NODE;
  }
}

/** A stretch of the text. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Nodes are numbers from 0 (the root) in the order of their starts. The children of `node` are `node + 1` and from
 * there each `after(child)`, up to `after(node)`.
 */
export class FlatTree {
  private readonly kinds: NodeKind[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly afters: number[] = [];
  private readonly missing = new Map<number, string>();
  readonly comments: Stretch[] = [];
  /** Whether anything in the text is not Nix; where not, there is no ERROR, no gap and nothing missing. */
  damaged: boolean;

  private constructor(
    private readonly types: NodeTypes,
    private readonly limit: number,
    hasError: boolean,
  ) {
    this.damaged = hasError;
  }

  /** Reads a tree; what lies beyond `limit` is held to end there. */
  static of(tree: Tree, types: NodeTypes, limit: number): FlatTree {
    const hasError = tree.rootNode.hasError;
    const flat = new FlatTree(types, limit, hasError);
    const cursor = tree.walk();
    try {
      flat.fill(cursor, hasError);
    } finally {
      cursor.delete();
    }
    return flat;
  }

  get size(): number {
    return this.kinds.length;
  }

  kind(node: number): NodeKind {
    return this.kinds[node] ?? "ERROR";
  }

  start(node: number): number {
    return this.starts[node] ?? 0;
  }

  end(node: number): number {
    return this.ends[node] ?? 0;
  }

  /** The first node behind `node` and all that is in it. */
  after(node: number): number {
    return this.afters[node] ?? this.kinds.length;
  }

  /** The grammar's name of a token that the parser put in because it has to be there; it is empty then. */
  missingToken(node: number): string | undefined {
    return this.missing.get(node);
  }

  /** The first child of a kind; undefined where there is none. */
  child(node: number, kind: NodeKind): number | undefined {
    const end = this.after(node);
    for (let each = node + 1; each < end; each = this.after(each)) {
      if (this.kinds[each] === kind) return each;
    }
    return undefined;
  }

  /** Invariant: `open` holds the nodes from the root to the cursor's parent. */
  private fill(cursor: TreeCursor, hasError: boolean): void {
    const open: number[] = [];
    let reached = 0;
    for (;;) {
      const type = this.types.get(cursor.nodeTypeId);
      if (type.kind === "comment") {
        this.addComment(cursor);
      } else if (this.enter(cursor, type)) {
        open.push(this.kinds.length - 1);
        continue;
      } else {
        reached = this.addLeaf(cursor, type, hasError, reached);
      }
      while (!cursor.gotoNextSibling()) {
        const node = open.pop();
        if (node === undefined) return;
        cursor.gotoParent();
        reached = this.close(node, reached);
      }
    }
  }

  private addComment(cursor: TreeCursor): void {
    const start = cursor.startIndex;
    if (start < this.limit) this.comments.push({ start, end: Math.min(cursor.endIndex, this.limit) });
  }

  /** Goes down into a node that has children; an ERROR's extent is asked for, as its children need not fill it. */
  private enter(cursor: TreeCursor, type: NodeType): boolean {
    if (type.leaf) return false;
    const error = type.kind === "ERROR";
    const start = error ? cursor.startIndex : -1;
    const end = error ? cursor.endIndex : -1;
    if (!cursor.gotoFirstChild()) return false;
    this.push(type.kind, start, end);
    return true;
  }

  /** A gap sits where the text before it ends, not where the next token begins. */
  private addLeaf(cursor: TreeCursor, type: NodeType, hasError: boolean, reached: number): number {
    if (type.gap) {
      this.damaged = true;
      this.push(type.kind, reached, reached);
      return reached;
    }
    const start = cursor.startIndex;
    if (hasError && cursor.nodeIsMissing) {
      this.missing.set(this.kinds.length, cursor.nodeType);
      this.push(type.kind, reached, reached);
      return reached;
    }
    const end = type.length > 0 ? start + type.length : cursor.endIndex;
    this.push(type.kind, start, end);
    return Math.min(end, this.limit);
  }

  private push(kind: NodeKind, start: number, end: number): void {
    this.kinds.push(kind);
    this.starts.push(Math.min(start, this.limit));
    this.ends.push(Math.min(end, this.limit));
    this.afters.push(this.kinds.length);
  }

  /** Ends a node: it reaches from its first child to the last text in it. */
  private close(node: number, reached: number): number {
    this.afters[node] = this.kinds.length;
    if (this.starts[node] === -1) {
      const first = node + 1 < this.kinds.length ? this.starts[node + 1] : undefined;
      this.starts[node] = first ?? reached;
      this.ends[node] = Math.max(reached, first ?? reached);
    }
    return Math.max(reached, this.ends[node] ?? 0);
  }
}
