// The sidebar: the extension's views and their rows.
import type { Locator } from "playwright-core";
import { EditorWindow } from "./editorWindow";

export class Sidebar extends EditorWindow {
  /** The icon of the extension's views. */
  activityBarEntry(): Locator {
    return this.page.locator('.activitybar a.action-label[aria-label="Nix Deploy"]');
  }

  /** Shows the extension's views. */
  async showSidebar(): Promise<void> {
    const entry = this.activityBarEntry();
    const open = this.page.locator('.part.sidebar .composite.title:has-text("Nix Deploy")');
    if (!(await open.isVisible())) await entry.click();
    await open.waitFor();
  }

  /** A tree of the sidebar, by the view's name. */
  tree(view: string): Locator {
    return this.page.getByRole("tree", { name: view });
  }

  /** A row of a tree, by a part of its accessible name. */
  treeRow(view: string, name: string | RegExp): Locator {
    return this.tree(view).getByRole("treeitem", { name });
  }

  /** Opens a folded row of a tree; a click would open what the row is about. */
  async expandRow(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) !== "true") await row.locator(".monaco-tl-twistie").click();
  }

  /** Clicks a button that a row shows while the mouse is over it. */
  async rowAction(row: Locator, title: string): Promise<void> {
    await row.hover();
    await row.getByRole("button", { name: title }).click();
  }

  /** The row of a tree that the arrow keys are on. */
  focusedRow(view: string): Locator {
    return this.tree(view).locator(".monaco-list-row.focused");
  }

  /** Loads the window again, as after a restart of VS Code. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.activityBarEntry().waitFor({ timeout: 40_000 });
    await this.showSidebar();
  }

  /** Opens a folded view of the sidebar. */
  async expandView(title: string): Promise<void> {
    const header = this.page.locator(".pane-header", { hasText: title });
    if ((await header.getAttribute("aria-expanded")) !== "true") await header.click();
  }

  /** Folds a view of the sidebar, so that others have room: rows that are out of sight don't exist. */
  async foldView(title: string): Promise<void> {
    const header = this.page.locator(".pane-header", { hasText: title });
    if ((await header.getAttribute("aria-expanded")) === "true") await header.click();
  }
}
