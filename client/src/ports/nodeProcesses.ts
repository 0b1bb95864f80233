// The process port on node:child_process. Every child leads its own process group, so that ending it ends its children.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { Disposable } from "../disposableStore";
import type { Clock } from "./clock";
import { hasCode } from "./files";
import { LineSplitter } from "./lineSplitter";
import type { OutputLine, ProcessResult, ProcessRunner, ProcessSpec, SpawnFailure } from "./process";

const KILL_AFTER_MS = 5_000;
/** How long pipes may stay open after the end: a grandchild such as an ssh master may hold them for ever. */
const DRAIN_MS = 500;

export class NodeProcesses implements ProcessRunner {
  readonly #clock: Clock;
  readonly #running = new Set<ChildProcess>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  run(spec: ProcessSpec, onLine: (line: OutputLine) => void, signal?: AbortSignal): Promise<ProcessResult> {
    if (signal?.aborted === true) return Promise.resolve({ kind: "cancelled" });
    return new Promise(resolve => {
      let child: ChildProcess;
      try {
        child = this.#start(spec);
      } catch (error) {
        // spawn throws at once for a NUL character in an argument and for arguments that are too long
        resolve({ kind: "spawnFailed", reason: "other", message: String(error) });
        return;
      }
      this.#follow(child, spec, onLine, signal, resolve);
    });
  }

  #start(spec: ProcessSpec): ChildProcess {
    const child = spawn(spec.command, [...spec.args], {
      cwd: spec.cwd,
      env: { ...process.env, ...spec.env },
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: [spec.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    this.#running.add(child);
    // a child that ends before it has read everything breaks the pipe; its exit code tells what matters
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(spec.input);
    return child;
  }

  #follow(
    child: ChildProcess,
    spec: ProcessSpec,
    onLine: (line: OutputLine) => void,
    signal: AbortSignal | undefined,
    resolve: (result: ProcessResult) => void,
  ): void {
    const splitters = (["stdout", "stderr"] as const).map(stream => {
      const splitter = new LineSplitter((text, cut) => onLine({ stream, text, cut }));
      child[stream]?.on("data", (bytes: Buffer) => splitter.push(bytes));
      return splitter;
    });
    let kill: Disposable | undefined;
    const onAbort = () => {
      signalGroup(child, "SIGTERM");
      kill = this.#clock.after(KILL_AFTER_MS, () => signalGroup(child, "SIGKILL"));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    let settled = false;
    const settle = (result: ProcessResult) => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener("abort", onAbort);
      this.#running.delete(child);
      for (const splitter of splitters) splitter.end();
      // after a cancel the timer stays: it ends the children that ignored TERM
      if (signal?.aborted !== true || !groupLives(child)) kill?.dispose();
      resolve(signal?.aborted === true ? { kind: "cancelled" } : result);
    };
    child.on("error", error => {
      if (child.pid === undefined) settle(spawnFailure(error, spec));
    });
    child.on("close", (code, killedBy) => settle(ending(code, killedBy)));
    child.on("exit", (code, killedBy) => {
      this.#clock.after(DRAIN_MS, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        settle(ending(code, killedBy));
      });
    });
  }

  /** Ends everything that still runs. */
  dispose(): void {
    for (const child of this.#running) signalGroup(child, "SIGTERM");
    this.#running.clear();
  }
}

function ending(code: number | null, killedBy: NodeJS.Signals | null): ProcessResult {
  return code === null ? { kind: "killed", signal: killedBy ?? "unknown" } : { kind: "exited", code };
}

function spawnFailure(error: Error, spec: ProcessSpec): ProcessResult {
  const reason: SpawnFailure =
    spec.cwd !== undefined && !existsSync(spec.cwd)
      ? "noSuchFolder"
      : hasCode(error, "ENOENT")
        ? "notFound"
        : hasCode(error, "EACCES", "EPERM")
          ? "notExecutable"
          : "other";
  return { kind: "spawnFailed", reason, message: error.message };
}

function signalGroup(child: ChildProcess, name: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(child.pid), "/T", "/F"], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    // the group is gone already, or what is left of it runs as somebody else, as below sudo
    if (!hasCode(error, "ESRCH", "EPERM")) throw error;
  }
}

function groupLives(child: ChildProcess): boolean {
  if (child.pid === undefined || process.platform === "win32") return false;
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch {
    // nobody left to signal
    return false;
  }
}
