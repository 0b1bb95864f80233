// Walks through a tree of tree-sitter, node by node. web-tree-sitter's own cursor writes its place into the runtime's
// memory before every question and reads it back after every step; nobody else uses that memory while a tree is read
// here, so asking the runtime directly gives the same answers in a quarter of the time.

import type { Tree } from "web-tree-sitter";

/** A place in a tree; begins at its root. */
export interface NodeCursor {
  /** The number of the node's type in the grammar. */
  typeId(): number;
  /** UTF-16 offsets into the text. */
  start(): number;
  end(): number;
  /** Whether the parser put the node in because it has to be there. */
  isMissing(): boolean;
  /** These say whether there is such a node, and stay where they are if not. */
  toFirstChild(): boolean;
  toNextSibling(): boolean;
  toParent(): void;
  /** Ends its use; nothing else may be asked of the tree before. */
  delete(): void;
}

export type OpenCursor = (tree: Tree) => NodeCursor;

/** With what web-tree-sitter offers to everybody. */
export function publicCursor(tree: Tree): NodeCursor {
  const cursor = tree.walk();
  return {
    typeId: () => cursor.nodeTypeId,
    start: () => cursor.startIndex,
    end: () => cursor.endIndex,
    isMissing: () => cursor.nodeIsMissing,
    toFirstChild: () => cursor.gotoFirstChild(),
    toNextSibling: () => cursor.gotoNextSibling(),
    toParent: () => void cursor.gotoParent(),
    delete: () => cursor.delete(),
  };
}

type RuntimeFunction = (tree: number) => number;

/** What a cursor needs of the runtime: each takes the address of a tree and keeps its place in the runtime's memory. */
interface CursorFunctions {
  readonly open: RuntimeFunction;
  readonly close: RuntimeFunction;
  readonly typeId: RuntimeFunction;
  readonly start: RuntimeFunction;
  readonly end: RuntimeFunction;
  readonly isMissing: RuntimeFunction;
  readonly firstChild: RuntimeFunction;
  readonly nextSibling: RuntimeFunction;
  readonly parent: RuntimeFunction;
}

const NAMES: Readonly<Record<keyof CursorFunctions, string>> = {
  open: "new",
  close: "delete",
  typeId: "current_node_type_id",
  start: "start_index",
  end: "end_index",
  isMissing: "current_node_is_missing",
  firstChild: "goto_first_child",
  nextSibling: "goto_next_sibling",
  parent: "goto_parent",
};

/**
 * With the functions of the runtime itself. `runtime` is the object that was given to `Parser.init`, which carries them
 * after that. Where it does not, as another version of web-tree-sitter may have it, the public cursor serves.
 */
export function directCursor(runtime: object): OpenCursor {
  const functions = cursorFunctions(runtime);
  if (functions === undefined) return publicCursor;
  return tree => {
    const address = addressOf(tree);
    return address === undefined ? publicCursor(tree) : new DirectCursor(functions, tree, address);
  };
}

function cursorFunctions(runtime: object): CursorFunctions | undefined {
  const exported: ReadonlyMap<string, unknown> = new Map(Object.entries(runtime));
  const found: Partial<Record<keyof CursorFunctions, RuntimeFunction>> = {};
  for (const [key, name] of Object.entries(NAMES)) {
    const each = exported.get(`_ts_tree_cursor_${name}_wasm`);
    if (typeof each !== "function") return undefined;
    found[key as keyof CursorFunctions] = each as RuntimeFunction;
  }
  return found as CursorFunctions;
}

/** web-tree-sitter keeps it in the field 0. */
function addressOf(tree: Tree): number | undefined {
  const address: unknown = Reflect.get(tree, 0);
  return typeof address === "number" && address > 0 ? address : undefined;
}

class DirectCursor implements NodeCursor {
  constructor(
    private readonly functions: CursorFunctions,
    tree: Tree,
    private readonly address: number,
  ) {
    // Reading it leaves the root where a new cursor is opened.
    void tree.rootNode;
    functions.open(address);
  }

  typeId(): number {
    return this.functions.typeId(this.address);
  }

  start(): number {
    return this.functions.start(this.address);
  }

  end(): number {
    return this.functions.end(this.address);
  }

  isMissing(): boolean {
    return this.functions.isMissing(this.address) === 1;
  }

  toFirstChild(): boolean {
    return this.functions.firstChild(this.address) === 1;
  }

  toNextSibling(): boolean {
    return this.functions.nextSibling(this.address) === 1;
  }

  toParent(): void {
    this.functions.parent(this.address);
  }

  delete(): void {
    this.functions.close(this.address);
  }
}
