// A terminal whose content we write ourselves, for tasks. Closing it or pressing Ctrl+C aborts the work.

import { setTimeout as sleep } from "node:timers/promises";
import * as vscode from "vscode";
import type { TerminalWork } from "../ports/terminalWork";

/** VS Code calls an end within half a second a failed launch. */
const LAUNCH_MS = 700;

const CTRL_C = "\u0003";

export class TaskTerminal implements vscode.Pseudoterminal {
  readonly #work: TerminalWork;
  readonly #abort = new AbortController();
  readonly #written = new vscode.EventEmitter<string>();
  readonly #ended = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#ended.event;

  constructor(work: TerminalWork) {
    this.#work = work;
  }

  open(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const launched = sleep(LAUNCH_MS);
    const code = await this.#runWork();
    await launched;
    this.#ended.fire(code);
  }

  async #runWork(): Promise<number> {
    const write = (line: string) => this.#written.fire(`${line}\r\n`);
    try {
      return await this.#work(write, this.#abort.signal);
    } catch (error) {
      write(error instanceof Error ? error.message : String(error));
      return 1;
    }
  }

  handleInput(data: string): void {
    if (data === CTRL_C) this.#abort.abort();
  }

  close(): void {
    this.#abort.abort();
  }
}
