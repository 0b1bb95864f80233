// A window of the workbench: its dialogs, messages and panels, what went wrong in it, and pictures of it.
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { runCommand } from "../../fleet/command";

const root = path.resolve(import.meta.dirname, "../../..");

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

export class EditorWindow {
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
export async function textOf(editor: Locator): Promise<string> {
  const lines = await editor.locator(".view-line").evaluateAll(found =>
    found
      .map(line => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map(line => line.text),
  );
  return lines.join("\n").replaceAll("\u00a0", " ");
}
