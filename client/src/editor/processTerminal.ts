// Runs a program in a terminal of VS Code, which gives it a tty: a task whose process VS Code starts itself.

import * as vscode from "vscode";
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
  const started = await vscode.tasks.executeTask(task);
  return new Promise(resolve => {
    const stop = () => started.terminate();
    signal.addEventListener("abort", stop, { once: true });
    const settle = (result: ProcessResult) => {
      signal.removeEventListener("abort", stop);
      processEnds.dispose();
      taskEnds.dispose();
      resolve(signal.aborted ? { kind: "cancelled" } : result);
    };
    const processEnds = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution !== started) return;
      settle(
        exitCode === undefined ? { kind: "killed", signal: "unknown" } : { kind: "exited", code: exitCode },
      );
    });
    // a program that can't be started ends its task without a process
    const taskEnds = vscode.tasks.onDidEndTask(({ execution }) => {
      if (execution !== started) return;
      setTimeout(() => settle({ kind: "spawnFailed", reason: "other", message: task.name }), NO_PROCESS_MS);
    });
    if (signal.aborted) stop();
  });
}

/** The end of the process is told beside the end of the task. */
const NO_PROCESS_MS = 1_000;
