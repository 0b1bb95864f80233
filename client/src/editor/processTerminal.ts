// Runs a program in a terminal of VS Code, which gives it a tty: a task whose process VS Code starts itself.

import * as vscode from "vscode";
import { DisposableStore } from "../disposableStore";
import type { ProcessResult } from "../ports/process";
import type { TerminalRunner } from "../ports/terminalRunner";

export const processTerminals: TerminalRunner = {
  async run(name, { command, args, cwd, env }, signal) {
    if (signal.aborted) return { kind: "cancelled" };
    const values = Object.entries(env ?? {}).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const options = {
      env: Object.fromEntries(values),
      ...(cwd === undefined ? {} : { cwd }),
    };
    const execution = new vscode.ProcessExecution(command, [...args], options);
    const task = new vscode.Task(
      { type: "process" },
      vscode.TaskScope.Workspace,
      name,
      "Nix Deploy",
      execution,
    );
    task.presentationOptions = {
      reveal: vscode.TaskRevealKind.Always,
      panel: vscode.TaskPanelKind.New,
      echo: true,
      focus: true,
    };
    return ended(task, signal);
  },
};

async function ended(task: vscode.Task, signal: AbortSignal): Promise<ProcessResult> {
  const store = new DisposableStore();
  let settle: (result: ProcessResult) => void = () => undefined;
  const result = new Promise<ProcessResult>(resolve => {
    settle = resolve;
  });
  let started: vscode.TaskExecution | undefined;
  // a program may end before it is known which task it was
  const early: { readonly of: vscode.TaskExecution; readonly then: () => void }[] = [];
  const about = (of: vscode.TaskExecution, then: () => void) => {
    if (started === undefined) early.push({ of, then });
    else if (of === started) then();
  };
  store.add(
    vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      about(execution, () => settle(resultOf(exitCode)));
    }),
  );
  // a program that can't be started ends its task without a process
  store.add(
    vscode.tasks.onDidEndTask(({ execution }) => {
      const none = () => settle({ kind: "spawnFailed", reason: "other", message: task.name });
      about(execution, () => setTimeout(none, NO_PROCESS_MS));
    }),
  );
  const stop = () => started?.terminate();
  signal.addEventListener("abort", stop, { once: true });
  try {
    started = await vscode.tasks.executeTask(task);
    for (const { of, then } of early) about(of, then);
    if (signal.aborted) stop();
    const end = await result;
    return signal.aborted ? { kind: "cancelled" } : end;
  } finally {
    signal.removeEventListener("abort", stop);
    store.dispose();
  }
}

function resultOf(exitCode: number | undefined): ProcessResult {
  return exitCode === undefined ? { kind: "killed", signal: "unknown" } : { kind: "exited", code: exitCode };
}

/** The end of the process is told beside the end of the task. */
const NO_PROCESS_MS = 1_000;
