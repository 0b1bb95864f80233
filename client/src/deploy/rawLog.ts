// The raw log of each host of a run, on disk: everything that its commands printed. Bounded in size and in number; secrets are
// taken out before anything is written.

import { createWriteStream, mkdirSync, readdirSync, rmSync, type WriteStream } from "node:fs";
import path from "node:path";
import { redact } from "../redact";
import { logPath } from "../state/deploymentLogs";
import type { DeployEvent } from "./events";

const MAX_BYTES = 20 * 1024 * 1024;
const KEPT_RUNS = 50;

export class RawLogs {
  readonly #folder: string;
  readonly #onError: (error: unknown) => void;
  readonly #open = new Map<string, { readonly stream: WriteStream; bytes: number }>();

  /** `folder` holds the logs of all runs; `run` is this one's name in it, and sorts by time. */
  constructor(folder: string, run: string, onError: (error: unknown) => void) {
    this.#folder = path.join(folder, run);
    this.#onError = onError;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const runs = readdirSync(folder).sort();
      for (const old of runs.slice(0, Math.max(0, runs.length - KEPT_RUNS))) {
        rmSync(path.join(folder, old), { recursive: true, force: true });
      }
    } catch (error) {
      onError(error);
    }
  }

  /** Where the log of a host is. */
  pathOf(host: string): string {
    return logPath(this.#folder, host);
  }

  write(event: DeployEvent): void {
    if (event.kind === "line") this.#append(event.host, event.text);
    else if (event.kind === "command") this.#append(event.host, `$ ${event.text}`);
    else if (event.kind === "note") this.#append(event.host, `# ${event.text}`);
    else if (event.kind === "end")
      this.#append(event.result.host, `# ${event.result.outcome}: ${event.result.why}`);
  }

  async close(): Promise<void> {
    const streams = [...this.#open.values()].map(({ stream }) => stream);
    this.#open.clear();
    await Promise.all(streams.map(stream => new Promise<void>(resolve => stream.end(() => resolve()))));
  }

  #append(host: string, text: string): void {
    let log = this.#open.get(host);
    if (log === undefined) {
      const stream = createWriteStream(this.pathOf(host), { flags: "a", mode: 0o600 });
      stream.on("error", this.#onError);
      log = { stream, bytes: 0 };
      this.#open.set(host, log);
    }
    if (log.bytes > MAX_BYTES) return;
    const line = `${redact(text)}\n`;
    log.bytes += Buffer.byteLength(line);
    log.stream.write(log.bytes > MAX_BYTES ? "# the rest is left out\n" : line);
  }
}
