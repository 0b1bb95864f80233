// What asks at the top of the window: the palette, picks, input boxes and the question for a folder.
import type { Locator } from "playwright-core";
import { Sidebar } from "./sidebar";

export class QuickInputs extends Sidebar {
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
    const row = await this.#findCommand(title);
    await this.#walkTo(row);
    await this.page.keyboard.press("Enter");
    await row.waitFor({ state: "hidden" });
    // the palette takes Enter until its timer has told that the focus is elsewhere: a later timer comes after it
    await this.page.evaluate("new Promise(done => setTimeout(done))");
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

  /** The question for a folder. */
  get folderQuestion(): Locator {
    return this.page.locator(".quick-input-widget").getByRole("button", { name: "Use This Folder" });
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
}
