// Shows any view made of TreeNodeData. It computes nothing: it is handed new rows and tells VS Code.

import * as vscode from "vscode";
import { DisposableStore } from "../disposableStore";
import { Emitter } from "../events";
import { ShownRows } from "../shownRows";
import type { TreeNodeData } from "../treeNode";
import { toRange } from "./ranges";
import { decoratedUri } from "./rowDecorations";

export class DataTree implements vscode.TreeDataProvider<TreeNodeData>, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<TreeNodeData[] | undefined>());
  readonly #visible = this.#store.add(new Emitter<boolean>());
  readonly #view: vscode.TreeView<TreeNodeData>;
  readonly #viewId: string;
  readonly #rows = new ShownRows();
  readonly onDidChangeTreeData = this.#changed.event;
  /** The view was shown or hidden. */
  readonly onDidChangeVisibility = this.#visible.event;

  constructor(viewId: string, options: { readonly canSelectMany: boolean }) {
    this.#viewId = viewId;
    this.#view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this,
      canSelectMany: options.canSelectMany,
      showCollapseAll: true,
    });
    this.#store.add(this.#view);
    this.#noteEmpty(true);
    this.#store.add(this.#view.onDidChangeVisibility(event => this.#visible.fire(event.visible)));
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  /** Replaces all rows. `message` stands above them; it hides the welcome text, so leave it out for empty views. */
  show(roots: readonly TreeNodeData[], message = ""): void {
    if ((roots.length === 0) !== this.#rows.isEmpty) this.#noteEmpty(roots.length === 0);
    if ((this.#view.message ?? "") !== message) this.#view.message = message;
    this.#draw(this.#rows.replace(roots));
  }

  /**
   * For the `when` clauses of welcome texts. VS Code shows a text that may be shown before it has asked for the rows; whoever
   * goes to the view by the keyboard is put into the text then, and nowhere once the rows take its place.
   */
  #noteEmpty(empty: boolean): void {
    void vscode.commands.executeCommand("setContext", `${this.#viewId}.empty`, empty);
  }

  /** Replaces one row of the top. Of a row that is not shown nothing happens. */
  refresh(row: TreeNodeData): void {
    this.#draw(this.#rows.replaceOne(row));
  }

  #draw(outdated: readonly TreeNodeData[] | "all"): void {
    if (outdated === "all") this.#changed.fire(undefined);
    else if (outdated.length > 0) this.#changed.fire([...outdated]);
  }

  /** Shows a moving bar above the view until the work is over; answers the work. */
  busyWhile(work: Promise<void>): Promise<void> {
    const settled = () => work.catch(() => undefined);
    void vscode.window.withProgress({ location: { viewId: this.#viewId } }, settled);
    return work;
  }

  set badge(badge: vscode.ViewBadge | undefined) {
    this.#view.badge = badge;
  }

  /** Selects the row with this id and scrolls to it, if it exists. */
  async reveal(id: string): Promise<void> {
    const node = this.#rows.find(id);
    if (node !== undefined) await this.#view.reveal(node, { select: true, focus: true, expand: true });
  }

  getTreeItem(given: TreeNodeData): vscode.TreeItem {
    const node = this.#rows.current(given);
    const item = new vscode.TreeItem(node.label, collapsibleState(node));
    item.id = node.id;
    if (node.description !== undefined) item.description = node.description;
    if (node.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(node.tooltip);
    if (node.contextValue !== undefined) item.contextValue = node.contextValue;
    if (node.accessibilityLabel !== undefined)
      item.accessibilityInformation = { label: node.accessibilityLabel };
    if (node.icon !== undefined) {
      const { id, color } = node.icon;
      item.iconPath = new vscode.ThemeIcon(
        id,
        color === undefined ? undefined : new vscode.ThemeColor(color),
      );
    }
    if (node.decoration !== undefined) item.resourceUri = decoratedUri(node.id, node.decoration);
    if (node.run !== undefined) item.command = { title: "", command: node.run, arguments: [node] };
    else if (node.open !== undefined) {
      const { path, range } = node.open;
      const options = range === null ? {} : { selection: toRange(range) };
      item.command = { title: "", command: "vscode.open", arguments: [vscode.Uri.file(path), options] };
    }
    return item;
  }

  getChildren(node?: TreeNodeData): TreeNodeData[] {
    return [...this.#rows.hand(node)];
  }

  getParent(node: TreeNodeData): TreeNodeData | undefined {
    return this.#rows.parent(node);
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function collapsibleState(node: TreeNodeData): vscode.TreeItemCollapsibleState {
  // asking for the children would make lazy ones
  if (!("children" in node)) return vscode.TreeItemCollapsibleState.None;
  return node.expanded === true
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
}
