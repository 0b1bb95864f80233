// The workbench as a user sees it: the packaged extension installed, a folder opened, and what people do with it.
// Selectors are here and nowhere else.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { installExtension, launchBrowser, makeWorld, startServer } from "../../../scripts/workbench.mjs";
import { runCommand } from "../../fleet/command";

const root = path.resolve(import.meta.dirname, "../../..");

/** How an editor is opened, where it differs from a trusted one on a copy of the example fleet. */
export interface EditorOptions {
  /** The folder to open; the editor gets a copy of it. */
  readonly workspace?: string;
  /** A file of the workspace to show at once. */
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Which VS Code: a current one, or the oldest that is supported. */
  readonly edition?: "current" | "floor";
  /** Leaves the question of workspace trust to the user, as VS Code does. */
  readonly askForTrust?: boolean;
}

/** The editors that are open now. */
export const openEditors = new Set<Editor>();

/** Opens a new editor with the packaged extension. Each suite opens its own and closes it. */
export async function openEditor(options: EditorOptions = {}): Promise<Editor> {
  const vsix = process.env["EDITOR_VSIX"];
  if (!vsix)
    throw new Error("the editor suites run by `npm run test:editor` only: it packages the extension");
  const world = makeWorld({
    workspace: options.workspace ?? path.join(root, "examples/fleet"),
    copy: true,
    settings: options.settings ?? {},
    edition: options.edition ?? "current",
  });
  const closers = [async () => world.remove()];
  const close = async () => {
    for (const editor of openEditors) if (editor.workspace === world.workspace) openEditors.delete(editor);
    for (const closer of closers.reverse()) await closer();
  };
  try {
    installExtension(world, vsix);
    const server = await startServer(world, { askForTrust: options.askForTrust ?? false });
    closers.push(server.stop);
    const browser = await launchBrowser();
    closers.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(20_000);
    const file = options.file && server.fileUri(path.join(world.workspace, options.file));
    const editor = new Editor(page, world.workspace, close);
    openEditors.add(editor);
    await page.goto(server.pageUrl(file ? [["openFile", file]] : []));
    await editor.activityBarEntry().waitFor({ timeout: 40_000 });
    return editor;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Console errors that VS Code's own server build always has. */
const foreignErrors = [
  /favicon/,
  /serviceWorker/,
  /404\) was received when fetching the script/,
  /update\/check/,
  /vsda/,
  /authentication provider 'github'/,
  /_static\/src\/browser\/media/,
  // a key pressed on a row while the tree is renewed
  /TreeError .* Data tree node not found/,
  // parts of the editor that are compiled or downloaded at its installation: the oldest one goes without
  /Could not locate the bindings file|Cannot find module '\.\/build\/Release\/watchdog'|bin\/rg ENOENT/,
  // the editor's own note of a slow machine: the extension takes no part in saving
  /Aborted onWillSaveTextDocument-event/,
];

/** One open workbench. */
export class Editor {
  readonly #close: () => Promise<void>;
  readonly #errors: string[] = [];

  constructor(
    readonly page: Page,
    /** The folder that is open: a copy of what was asked for. */
    readonly workspace: string,
    close: () => Promise<void>,
  ) {
    this.#close = close;
    page.on("console", message => {
      if (message.type() === "error") this.#errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", error => this.#errors.push(String(error.stack ?? error)));
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** Files that hold this text: of the editor (settings, logs, storage), of the extension, of the repository. */
  async filesWith(text: string): Promise<readonly string[]> {
    const search = ["grep", "-rlF", "--", text, path.dirname(this.workspace)];
    const { code, stdout, stderr } = await runCommand(search);
    if (code !== 0 && code !== 1) throw new Error(stderr);
    return stdout.split("\n").filter(line => line !== "");
  }

  /** Console errors so far that the extension may have caused. */
  errors(): string[] {
    return this.#errors.filter(text => !foreignErrors.some(foreign => foreign.test(text)));
  }

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

  /** The input of whatever asks: palette, pick or input box. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget .quick-input-box input");
  }

  /** Runs a command from the palette, by its whole title such as "Nix Deploy: Deploy". */
  async runCommand(title: string): Promise<void> {
    await (await this.#findCommand(title)).click();
  }

  /** Runs a command from the palette without the mouse. */
  async typeCommand(title: string): Promise<void> {
    await this.#walkTo(await this.#findCommand(title));
    await this.page.keyboard.press("Enter");
  }

  /** The palette's row of a command: Enter would take the first fuzzy match, and "Deploy" is the beginning of other titles. */
  async #findCommand(title: string): Promise<Locator> {
    const row = this.#commandRow(title);
    // a palette that was opened before a command was enabled goes on without it
    for (let attempt = 1; ; attempt++) {
      await this.#searchCommand(title);
      try {
        await row.waitFor({ timeout: 3000 });
        return row;
      } catch (error) {
        if (attempt === 5) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Takes the row of an open pick that says this, without the mouse. */
  async typePick(text: string | RegExp): Promise<void> {
    const row = this.pickRows(text).first();
    await row.waitFor();
    await this.#walkTo(row);
    await this.page.keyboard.press("Enter");
  }

  /** Ticks the row of an open pick that takes several and says this, without the mouse, and accepts. */
  async typePickTicked(text: string | RegExp): Promise<void> {
    const row = this.pickRows(text).first();
    await row.waitFor();
    await this.#walkTo(row);
    await this.page.keyboard.press("Space");
    await row.locator('.monaco-checkbox[aria-checked="true"]').waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** Presses the arrow key until this row of a quick input has the focus. */
  async #walkTo(row: Locator): Promise<void> {
    for (let step = 0; step < 50; step++) {
      if (/\bfocused\b/.test((await row.getAttribute("class")) ?? "")) return;
      await this.page.keyboard.press("ArrowDown");
    }
    throw new Error("the arrow keys do not reach the row");
  }

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

  /** The row of a tree that the arrow keys are on. */
  focusedRow(view: string): Locator {
    return this.tree(view).locator(".monaco-list-row.focused");
  }

  /** The question for a folder. */
  get folderQuestion(): Locator {
    return this.page.locator(".quick-input-widget").getByRole("button", { name: "Use This Folder" });
  }

  /** Counts presses of mouse buttons from now on; returns what tells the count. */
  async countClicks(): Promise<() => Promise<number>> {
    let count = 0;
    await this.page.exposeFunction("noteClick", () => count++);
    await this.page.evaluate("addEventListener('mousedown', () => noteClick(), true)");
    return async () => {
      // what the page has still to report comes before the answer
      await this.page.evaluate("0");
      return count;
    };
  }

  /** Whether the palette offers a command. */
  async hasCommand(title: string): Promise<boolean> {
    await this.#searchCommand(title);
    const rows = this.page.locator(".quick-input-list .monaco-list-row");
    await rows.first().waitFor();
    const found = (await this.#commandRow(title).count()) > 0;
    await this.page.keyboard.press("Escape");
    return found;
  }

  async #searchCommand(title: string): Promise<void> {
    // whatever takes the focus just then, such as a view that is drawn, closes a palette that has hardly opened
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press("F1");
      try {
        await this.quickInput.waitFor({ timeout: 4000 });
        await this.quickInput.fill(`>${title}`, { timeout: 4000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }

  #commandRow(title: string): Locator {
    const labels = [`[aria-label="${title}"]`, `[aria-label^="${title},"]`];
    return this.page
      .locator(labels.map(label => `.quick-input-list .monaco-list-row${label}`).join(", "))
      .first();
  }

  /** Rows of the pick that is open. */
  pickRows(text: string | RegExp): Locator {
    return this.page.locator(".quick-input-widget .monaco-list-row", { hasText: text });
  }

  /** Takes the row that says this of the pick with this title: one pick may follow another that has a row like it. */
  async answerPick(title: string, text: string): Promise<void> {
    await this.page.locator(".quick-input-widget .quick-input-title", { hasText: title }).waitFor();
    await this.pickRows(text).first().click();
  }

  /** Ticks exactly these rows of a pick that takes several, whatever was ticked before, and accepts. */
  async pickMany(...labels: string[]): Promise<void> {
    const widget = this.page.locator(".quick-input-widget");
    const row = (label: string) =>
      widget.locator(".monaco-list-row", { has: this.page.locator(`.label-name >> text="${label}"`) });
    await row(labels[0] ?? "").waitFor();
    const ticked = widget.locator('.monaco-list-row .monaco-checkbox[aria-checked="true"]');
    while ((await ticked.count()) > 0) await ticked.first().click();
    for (const label of labels) await row(label).locator(".monaco-checkbox").click();
    await widget.getByRole("button", { name: "OK" }).click();
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

  /** Hides the panel below the editors. */
  async closePanel(): Promise<void> {
    await this.runCommand("View: Hide Panel");
  }

  /** Types into the input box whose placeholder or title says this, and accepts. */
  async answerInput(asks: string, text: string): Promise<void> {
    const input = this.page.locator(`.quick-input-widget .quick-input-box input[aria-label*="${asks}"]`);
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
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

  /** The modal dialog. */
  get modal(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** What the modal dialog says. */
  async modalText(): Promise<string> {
    await this.modal.waitFor();
    return (await this.modal.locator(".dialog-message-text, .dialog-message-detail").allTextContents()).join(
      "\n",
    );
  }

  /** Presses a button of the modal dialog. */
  async answerModal(button: string): Promise<void> {
    await this.modal.getByRole("button", { name: button }).click();
    await this.modal.waitFor({ state: "detached" });
  }

  /** Waits until the modal dialog is about this, and presses one of its buttons. */
  async agree(asks: string, button: string, timeout = 60_000): Promise<void> {
    await this.modal.filter({ hasText: asks }).waitFor({ timeout });
    await this.answerModal(button);
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

  /** Loads the window again, as after a restart of VS Code. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.activityBarEntry().waitFor({ timeout: 40_000 });
    await this.showSidebar();
  }

  /** Notifications with this text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast", { hasText: text });
  }

  /** The lines that the active terminal shows. */
  async terminalText(): Promise<string> {
    const lines = await this.page.locator(".terminal-wrapper.active .xterm-rows > div").allTextContents();
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** The text of the output channel that is shown. */
  async outputText(): Promise<string> {
    const output = this.page.locator('.monaco-editor[data-uri^="output:"]');
    await output.waitFor();
    return textOf(output);
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

  /** The complaint of the input box that asks. */
  inputProblem(text: string): Locator {
    return this.page.locator(".quick-input-widget .quick-input-message", { hasText: text });
  }

  /** Names a folder in the dialog that asks for one, and accepts. */
  async chooseFolder(folder: string): Promise<void> {
    await this.#nameFolder(folder);
    await this.folderQuestion.click();
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** The same without the mouse. */
  async typeFolder(folder: string): Promise<void> {
    await this.#nameFolder(folder);
    const isReached = () => this.folderQuestion.evaluate(button => button === document.activeElement);
    for (let step = 0; !(await isReached()); step++) {
      if (step === 10) throw new Error("Tab does not reach the button");
      await this.page.keyboard.press("Tab");
    }
    await this.page.keyboard.press("Enter");
    await this.quickInput.waitFor({ state: "hidden" });
  }

  async #nameFolder(folder: string): Promise<void> {
    await this.folderQuestion.waitFor();
    // the dialog writes the folder it starts in when it has read it, and loses what was typed before that
    do {
      await this.quickInput.fill(`${folder}/`);
      await this.page.waitForTimeout(500);
    } while ((await this.quickInput.inputValue()) !== `${folder}/`);
  }

  /** A picture in test-results/, and in place of the README's of that name when the run was asked to make them (`--screenshots`). */
  async screenshot(name: string): Promise<void> {
    // toasts and lists settle
    await this.page.waitForTimeout(500);
    mkdirSync(path.join(root, "test-results"), { recursive: true });
    const picture = path.join(root, "test-results", `${name}.png`);
    await this.page.screenshot({ path: picture });
    const shown = path.join(root, "media/screenshots", `${name}.png`);
    if (process.env["EDITOR_SCREENSHOTS"] && existsSync(shown)) copyFileSync(picture, shown);
  }
}

/** The lines that a text editor shows, from top to bottom; their order in the page is another. */
async function textOf(editor: Locator): Promise<string> {
  const lines = await editor.locator(".view-line").evaluateAll(found =>
    found
      .map(line => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map(line => line.text),
  );
  return lines.join("\n").replaceAll("\u00a0", " ");
}
