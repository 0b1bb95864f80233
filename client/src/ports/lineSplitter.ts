// Bytes to lines, bounded: a program that never ends its line cannot fill our memory.

import { StringDecoder } from "node:string_decoder";

const LINE_LIMIT = 64 * 1024;

export class LineSplitter {
  readonly #decoder = new StringDecoder("utf8");
  readonly #onLine: (text: string, cut: boolean) => void;
  #rest = "";
  #cut = false;

  constructor(onLine: (text: string, cut: boolean) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Buffer): void {
    this.#take(this.#decoder.write(bytes));
  }

  /** Hands out a last line without a line break, if there is one. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#rest !== "") this.#emit();
  }

  #take(text: string): void {
    let start = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", start)) {
      this.#append(text.slice(start, at));
      this.#emit();
      start = at + 1;
    }
    this.#append(text.slice(start));
  }

  #append(text: string): void {
    const room = LINE_LIMIT - this.#rest.length;
    this.#rest += text.length <= room ? text : text.slice(0, room);
    if (text.length > room) this.#cut = true;
  }

  #emit(): void {
    const line = this.#rest.endsWith("\r") ? this.#rest.slice(0, -1) : this.#rest;
    const cut = this.#cut;
    this.#rest = "";
    this.#cut = false;
    this.#onLine(line, cut);
  }
}
