// Prints the rows of a view as an indented outline, so that a test shows what a person would see.

import type { TreeNodeData } from "../../client/src/treeNode";

/** `-` has children, `+` is a leaf; then label, (description), [context value] and $(icon). */
export function outline(nodes: readonly TreeNodeData[], depth = 0): string {
  return nodes.map(node => lines(node, depth)).join("\n");
}

function lines(node: TreeNodeData, depth: number): string {
  const parts = [
    node.children === undefined ? "+" : "-",
    node.label,
    node.description === undefined || node.description === "" ? "" : `(${node.description})`,
    node.contextValue === undefined ? "" : `[${node.contextValue}]`,
    node.icon === undefined ? "" : `$(${node.icon.id})`,
  ];
  const own = "  ".repeat(depth) + parts.filter(part => part !== "").join(" ");
  const children = outline(node.children ?? [], depth + 1);
  return children === "" ? own : `${own}\n${children}`;
}
