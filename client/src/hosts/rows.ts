// Small rows under a host: a label, a value, an icon.

import type { NodeIcon, TreeNodeData } from "../treeNode";

export interface InfoRow {
  readonly id: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly icon: NodeIcon;
  /** Plain text; it is escaped by who shows it as Markdown. */
  readonly tooltip?: string | undefined;
  readonly children?: readonly TreeNodeData[] | undefined;
}

export function infoRow({ id, label, description, icon, tooltip, children }: InfoRow): TreeNodeData {
  return {
    id,
    label,
    icon,
    contextValue: "info",
    accessibilityLabel: [label, description ?? ""].filter(part => part !== "").join(", "),
    ...(description === undefined || description === "" ? {} : { description }),
    ...(tooltip === undefined ? {} : { tooltip }),
    ...(children === undefined || children.length === 0 ? {} : { children }),
  };
}
