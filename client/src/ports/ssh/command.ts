// Runs one fixed script on a connected host and collects its bounded answer. The script and its arguments travel over
// standard input to `sh -s`, so the user's login shell never sees them and nothing has to be quoted for it.

import type { ClientChannel } from "ssh2";
import { t } from "../../l10n";
import { quoteRemote } from "../quoteRemote";
import type { Connected } from "./login";
import { failed, type SshOutcome } from "./outcome";

/** A fixed POSIX sh text; `args` are its "$1", "$2", … and may hold anything but NUL. */
export interface RemoteScript {
  readonly name: string;
  readonly text: string;
  readonly args?: readonly string[];
  /** "sudo -n" and the like, as words; they are put before `sh -s`. Only plain words are allowed. */
  readonly elevate?: readonly string[];
}

export interface CommandOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Of each of stdout and stderr; what is beyond is thrown away and `truncated` set. */
  readonly maxBytes: number;
}

const PLAIN_WORD = /^[A-Za-z0-9_./-]+$/;

/**
 * Runs the script; ends when its channel closes, at the time limit, or at the signal.
 * @throws RangeError for an argument with a NUL character
 */
export function runScript(
  connection: Connected,
  script: RemoteScript,
  options: CommandOptions,
): Promise<SshOutcome> {
  const words = [...(script.elevate ?? []), "sh", "-s"];
  for (const word of words) if (!PLAIN_WORD.test(word)) throw new Error(`not a plain word: ${word}`);
  const host = connection.to.hostName;
  // here, where whoever called hears what it throws
  const text = scriptText(script);
  return new Promise(resolve => {
    let channel: ClientChannel | undefined;
    const finish = (outcome: SshOutcome): void => {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", abort);
      connection.client.removeListener("close", lost);
      channel?.close();
      resolve(outcome);
    };
    const abort = (): void => finish(failed("cancelled", "cancelled"));
    const lost = (): void =>
      finish(failed("unreachable", t("the connection to {0} broke while {1} ran", host, script.name)));
    const timer = setTimeout(
      () =>
        finish(
          failed(
            "timeout",
            t("{0} did not finish {1} within {2} s", host, script.name, Math.round(options.timeoutMs / 1000)),
          ),
        ),
      options.timeoutMs,
    );
    if (options.signal.aborted) return abort();
    options.signal.addEventListener("abort", abort, { once: true });
    connection.client.once("close", lost);
    connection.client.exec(words.join(" "), (error, opened) => {
      if (error) return finish(failed("protocol", t("{0} does not run commands: {1}", host, error.message)));
      channel = opened;
      collect(opened, options.maxBytes, finish);
      opened.end(text);
    });
  });
}

function scriptText(script: RemoteScript): string {
  return `set -- ${(script.args ?? []).map(quoteRemote).join(" ")}\n${script.text}`;
}

/** So many times the limit, and nobody waits any longer for the end of what is thrown away. */
const MOST_TIMES_LIMIT = 4;

function collect(channel: ClientChannel, maxBytes: number, finish: (outcome: SshOutcome) => void): void {
  const out = new Bounded(maxBytes);
  const err = new Bounded(maxBytes);
  const end = (exitCode: number | undefined, signal: string | undefined): void => {
    const truncated = out.truncated || err.truncated;
    finish({ kind: "done", stdout: out.text(), stderr: err.text(), truncated, exitCode, signal });
  };
  const add = (stream: Bounded, data: Buffer): void => {
    stream.add(data);
    if (stream.seen > maxBytes * MOST_TIMES_LIMIT) end(undefined, undefined);
  };
  channel.on("data", (data: Buffer) => add(out, data));
  channel.stderr.on("data", (data: Buffer) => add(err, data));
  channel.on("error", () => undefined);
  // the exit status comes with "close" if the server sent one at all
  channel.on("close", (code: number | null | undefined, signal: string | undefined) =>
    end(code ?? undefined, signal?.replace(/^SIG/, "")),
  );
}

class Bounded {
  private readonly chunks: Buffer[] = [];
  private left: number;
  truncated = false;
  /** All that came, kept or not. */
  seen = 0;

  constructor(limit: number) {
    this.left = limit;
  }

  add(data: Buffer): void {
    this.seen += data.length;
    if (data.length > this.left) this.truncated = true;
    if (this.left <= 0) return;
    const kept = data.subarray(0, this.left);
    this.chunks.push(kept);
    this.left -= kept.length;
  }

  text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}
