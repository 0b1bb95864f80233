// A row of a view as plain data. Views are pure functions from state to these; editor/dataTree.ts shows them and
// test/harness/outline.ts prints them.

import type { ProtocolRange } from "../../server/src/protocol";
import type { CommandId } from "./commands";
import type { Subject } from "./subject";

export interface TreeNodeData {
  /** Unique in its view and the same after a refresh, or VS Code forgets what was expanded. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Markdown. Text from a configuration or a host must go through escapeMarkdown. */
  readonly tooltip?: string;
  readonly icon?: NodeIcon;
  /** For `viewItem ==` in menus; constants in ContextValue. */
  readonly contextValue?: ContextValue;
  /** What a screen reader says; label and description are read one after the other where it is absent. */
  readonly accessibilityLabel?: string;
  /** What commands called on this row are about. */
  readonly subject?: Subject;
  /** What a click opens. */
  readonly open?: Place;
  /** The command that a click runs on this row. */
  readonly run?: CommandId;
  /** A mark at the end of the row. */
  readonly decoration?: RowDecoration;
  /** Absent: a leaf. */
  readonly children?: readonly TreeNodeData[];
  readonly expanded?: boolean;
}

export interface Place {
  readonly path: string;
  readonly range: ProtocolRange | null;
}

export interface RowDecoration {
  /** At most two characters. */
  readonly badge: string;
  readonly tooltip: string;
  /** A theme colour's id. */
  readonly color?: string;
}

export interface NodeIcon {
  /** A codicon's name. */
  readonly id: string;
  /** A theme colour's id. */
  readonly color?: string;
}

/** Every value that rows may carry; the manifest test compares them with package.json's menus. */
export const CONTEXT_VALUES = ["host", "generation", "cache", "key", "deployment", "group", "info"] as const;
export type ContextValue = (typeof CONTEXT_VALUES)[number];

/** The text with everything escaped that Markdown would read. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, "\\$&").replace(/\s+/g, " ");
}

/** The row with children that are made when somebody first looks at them. Not to be spread: that looks at them. */
export function withLazyChildren(
  row: Omit<TreeNodeData, "children">,
  make: () => readonly TreeNodeData[],
): TreeNodeData {
  let made: readonly TreeNodeData[] | undefined;
  return {
    ...row,
    get children() {
      made ??= make();
      return made;
    },
  };
}

/** The same for pages that are read as text: only what could make a link, HTML, code or a table cell is escaped. */
export function escapePage(text: string): string {
  return text.replace(/[\\`*[\]<>|]/g, "\\$&").replace(/\s+/g, " ");
}
