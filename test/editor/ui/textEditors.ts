// Text editors: their files, mistakes, hovers and fixes, and the changes that are shown before they are made.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Locator } from "playwright-core";
import { textOf } from "./editorWindow";
import { QuickInputs } from "./quickInputs";

export class TextEditors extends QuickInputs {
  /** Opens a file of the workspace by name without the mouse. */
  async typeFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+P");
    await this.quickInput.waitFor();
    await this.page.keyboard.type(name);
    await this.pickRows(path.basename(name)).first().waitFor();
    await this.page.keyboard.press("Enter");
    await this.textEditor(name).waitFor();
  }

  /** The problem that "next problem" has unfolded in the text. */
  get shownProblem(): Locator {
    return this.page.locator(".marker-widget");
  }

  /** Opens a file of the workspace by name and returns its editor. */
  async openFile(name: string): Promise<Locator> {
    await this.page.keyboard.press("Control+P");
    await this.quickInput.waitFor();
    await this.quickInput.fill(name);
    await this.pickRows(path.basename(name)).first().click();
    const editor = this.textEditor(name);
    await editor.waitFor();
    return editor;
  }

  /** The editor of an open file. */
  textEditor(name: string): Locator {
    return this.page.locator(`.monaco-editor[data-uri$="/${name}"]`);
  }

  /** Text that an editor shows. */
  async visibleText(name: string): Promise<string> {
    return textOf(this.textEditor(name));
  }

  /** The underlined places of an editor, by severity. */
  squiggles(name: string, severity: "error" | "warning" | "info"): Locator {
    return this.textEditor(name).locator(`.squiggly-${severity}`);
  }

  /** Puts the caret in front of the first place where the file on disk says this. */
  async caretOn(name: string, text: string): Promise<void> {
    const editor = this.textEditor(name);
    await editor.locator(".view-line").first().click();
    const file = await editor.getAttribute("data-uri");
    const lines = readFileSync(new URL(file ?? "").pathname, "utf8").split("\n");
    const line = lines.findIndex(candidate => candidate.includes(text));
    if (line === -1) throw new Error(`${name} does not say ${text}`);
    await this.page.keyboard.press("Control+G");
    await this.quickInput.waitFor();
    await this.quickInput.fill(`:${line + 1}:${(lines[line]?.indexOf(text) ?? 0) + 1}`);
    await this.page.keyboard.press("Enter");
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** Shows the hover of the place where the file says this. */
  async hover(name: string, text: string): Promise<void> {
    await this.caretOn(name, text);
    await this.page.keyboard.press("Control+K");
    await this.page.keyboard.press("Control+I");
  }

  /** The quick fixes at the caret. They stay open: click one, or press Escape. */
  async quickFixes(): Promise<Locator> {
    const rows = this.page.locator(".action-widget .monaco-list-row.action");
    // findings may still be on their way: then the menu says that there is nothing, and is asked again
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press("Control+.");
      try {
        await rows.first().waitFor({ timeout: 2000 });
        break;
      } catch (error) {
        if (attempt === 8) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
    return rows;
  }

  /** Saves the active editor. */
  async save(): Promise<void> {
    await this.page.locator(".tab.active.dirty").waitFor();
    await this.page.keyboard.press("Control+S");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  /** The rows of the Problems panel. */
  async problems(): Promise<Locator> {
    await this.runCommand("Problems: Focus on Problems View");
    return this.page.locator(".markers-panel-container").getByRole("treeitem");
  }

  /** The editor that shows the changes of several files. */
  get changes(): Locator {
    return this.page.locator(".multiDiffEditor");
  }

  /** Waits for the question beside the changes, and presses its button; answers the lines that would come. */
  async agreeToChanges(button: string, timeout = 60_000): Promise<string> {
    const row = this.pickRows(button).first();
    await row.waitFor({ timeout });
    const added = this.changes.locator(".modified .view-line");
    await added.first().waitFor();
    const lines = (await added.allTextContents()).join("\n").replaceAll("\u00a0", " ");
    await row.click();
    await this.changes.waitFor({ state: "detached" });
    return lines;
  }
}
