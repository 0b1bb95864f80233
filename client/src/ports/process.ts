// Child processes: argv only, never a shell. Nothing here knows Nix or VS Code.

import type { Disposable } from "../disposableStore";

export interface ProcessSpec {
  /** A program's name, looked up on PATH, or its absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to our own environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to standard input, which is then closed. Without it standard input is empty. */
  readonly input?: string;
}

export interface OutputLine {
  readonly stream: "stdout" | "stderr";
  /** Without its line break. */
  readonly text: string;
  /** The line was longer than the limit and its rest was dropped. */
  readonly cut: boolean;
}

export type ProcessResult =
  | { readonly kind: "exited"; readonly code: number }
  /** Ended by a signal that we did not send. */
  | { readonly kind: "killed"; readonly signal: string }
  /** Stopped because the caller's signal was aborted. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "spawnFailed"; readonly reason: SpawnFailure; readonly message: string };

export type SpawnFailure = "notFound" | "notExecutable" | "noSuchFolder" | "other";

export interface ProcessRunner extends Disposable {
  /**
   * Runs to the end. Aborting the signal ends the whole process group: TERM, then KILL after five seconds.
   * Never rejects.
   */
  run(spec: ProcessSpec, onLine: (line: OutputLine) => void, signal?: AbortSignal): Promise<ProcessResult>;
}

export interface Captured {
  readonly result: ProcessResult;
  readonly stdout: string;
  readonly stderr: string;
}

const CAPTURE_LIMIT = 1_000_000;

/** Runs and keeps both streams, each up to a million characters. */
export async function capture(
  runner: ProcessRunner,
  spec: ProcessSpec,
  signal?: AbortSignal,
): Promise<Captured> {
  const text = { stdout: "", stderr: "" };
  const keep = (line: OutputLine) => {
    if (text[line.stream].length < CAPTURE_LIMIT) text[line.stream] += `${line.text}\n`;
  };
  const result = await runner.run(spec, keep, signal);
  return { result, ...text };
}

/** Whether the process ran to its end and said that all is well. */
export function succeeded(result: ProcessResult): boolean {
  return result.kind === "exited" && result.code === 0;
}
