// A syntax tree as arrays in document order. Reading it costs nothing, where every question to a tree-sitter node is a
// call into WebAssembly; and it can be handed from one thread to another. Comments are kept aside.

import type { Language } from "web-tree-sitter";
import { type NodeKind, type NodeType, nodeType } from "./nodeKinds";

const ERROR_NODE: NodeType = { name: "ERROR", kind: "ERROR", leaf: false, gap: false, length: 0 };

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

/** What a tree is made of: numbers alone. The arrays may be longer than `count`. */
export interface TreeData {
  readonly count: number;
  /** Numbers of node types. */
  readonly ids: Uint16Array;
  /** UTF-16 offsets into the text. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly afters: Int32Array;
  /** The names of tokens that the parser put in. */
  readonly missing: ReadonlyMap<number, string>;
  readonly comments: readonly Stretch[];
  /** Whether anything in the text is not Nix; where not, there is no ERROR, no gap and nothing missing. */
  readonly damaged: boolean;
}

/**
 * Nodes are numbers from 0 (the root) in the order of their starts. The children of `node` are `node + 1` and from
 * there each `after(child)`, up to `after(node)`.
 */
export class FlatTree {
  private readonly count: number;
  private readonly ids: Uint16Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly afters: Int32Array;

  constructor(
    private readonly data: TreeData,
    private readonly types: NodeTypes,
  ) {
    this.count = data.count;
    this.ids = data.ids;
    this.starts = data.starts;
    this.ends = data.ends;
    this.afters = data.afters;
  }

  get size(): number {
    return this.count;
  }

  get damaged(): boolean {
    return this.data.damaged;
  }

  get comments(): readonly Stretch[] {
    return this.data.comments;
  }

  kind(node: number): NodeKind {
    return node < this.count ? this.types.get(this.ids[node] ?? 0).kind : "ERROR";
  }

  start(node: number): number {
    return this.starts[node] ?? 0;
  }

  end(node: number): number {
    return this.ends[node] ?? 0;
  }

  /** The first node behind `node` and all that is in it. */
  after(node: number): number {
    return node < this.count ? (this.afters[node] ?? 0) : this.count;
  }

  /** The grammar's name of a token that the parser put in because it has to be there; it is empty then. */
  missingToken(node: number): string | undefined {
    return this.data.missing.get(node);
  }

  /** The first child of a kind; undefined where there is none. */
  child(node: number, kind: NodeKind): number | undefined {
    const end = this.after(node);
    for (let each = node + 1; each < end; each = this.after(each)) {
      if (this.kind(each) === kind) return each;
    }
    return undefined;
  }
}
