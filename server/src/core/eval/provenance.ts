// Where the pieces of a string came from. A rope, so that concatenation and slicing cost nothing; flattened only when
// a value is handed to rules. Offsets count UTF-16 units of the string's text.

import type { Span } from "../text/span";
import type { TextPiece } from "./datum";

export type Provenance = Leaf | Join | Slice;

/** `length` units that came from `span`: one to one (by way of `map`, see TextPart), or only as a whole. */
interface Leaf {
  readonly kind: "leaf";
  readonly span: Span;
  readonly exact: boolean;
  readonly map: readonly number[] | undefined;
  readonly length: number;
  readonly size: 1;
}

interface Join {
  readonly kind: "join";
  readonly left: Provenance;
  readonly right: Provenance;
  readonly length: number;
  readonly size: number;
}

interface Slice {
  readonly kind: "slice";
  readonly of: Provenance;
  readonly from: number;
  readonly length: number;
  readonly size: number;
}

/** Beyond this many nodes a text is only known to come from its first and last literal; keeps memory bounded. */
const MAX_NODES = 4096;

/** Text typed one to one at `span.start`; `map` as in TextPart, its source offsets absolute. */
export function exactly(span: Span, length: number, map?: readonly number[]): Provenance {
  return { kind: "leaf", span, exact: true, map, length, size: 1 };
}

/** Text that came from `span` as a whole, such as the result of a function. */
export function roughly(span: Span, length: number): Provenance {
  return { kind: "leaf", span, exact: false, map: undefined, length, size: 1 };
}

export function join(left: Provenance, right: Provenance): Provenance {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const size = left.size + right.size + 1;
  if (size > MAX_NODES) return roughly(firstSpan(left), left.length + right.length);
  return { kind: "join", left, right, length: left.length + right.length, size };
}

export function slice(of: Provenance, from: number, length: number): Provenance {
  if (from === 0 && length === of.length) return of;
  if (of.kind === "slice") return { ...of, from: of.from + from, length };
  return { kind: "slice", of, from, length, size: of.size + 1 };
}

function firstSpan(of: Provenance): Span {
  let at = of;
  while (at.kind !== "leaf") at = at.kind === "join" ? at.left : at.of;
  return at.span;
}

/** The pieces as rules see them, ascending and without gaps. */
export function flatten(of: Provenance): TextPiece[] {
  const pieces: TextPiece[] = [];
  const pending: { node: Provenance; from: number; to: number; at: number }[] = [
    { node: of, from: 0, to: of.length, at: 0 },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, from, to, at } = next;
    if (from >= to) continue;
    if (node.kind === "slice") {
      pending.push({ node: node.of, from: node.from + from, to: node.from + to, at });
    } else if (node.kind === "join") {
      const middle = node.left.length;
      const rightFrom = Math.max(from - middle, 0);
      pending.push({
        node: node.right,
        from: rightFrom,
        to: to - middle,
        at: at + rightFrom + middle - from,
      });
      pending.push({ node: node.left, from, to: Math.min(to, middle), at });
    } else addLeaf(pieces, node, from, to, at);
  }
  return pieces;
}

function addLeaf(pieces: TextPiece[], leaf: Leaf, from: number, to: number, at: number): void {
  const { span, map } = leaf;
  if (!leaf.exact) {
    pieces.push({ at, span, exact: false });
    return;
  }
  const pairs = map === undefined || map.length === 0 ? [0, span.start] : map;
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const cooked = pairs[i] ?? 0;
    const source = pairs[i + 1] ?? span.start;
    const until = pairs[i + 2] ?? leaf.length;
    const start = Math.max(cooked, from);
    const end = Math.min(until, to);
    if (start >= end) continue;
    const first = source + (start - cooked);
    pieces.push({
      at: at + start - from,
      span: { path: span.path, start: first, end: first + end - start },
      exact: true,
    });
  }
}
