// A copy that says nothing may wait for a lock that the receiver of an earlier, lost copy still holds on the host. This finds
// such receivers, says so, and ends them if the user wants it.

import { t } from "../l10n";
import { capture } from "../ports/process";
import { quoteRemote } from "../ports/quoteRemote";
import type { Receiver } from "./hooks";
import type { StepRun } from "./runStep";
import { sshArguments } from "./sshOptions";
import type { LocalStep, RemoteStep } from "./step";

/** How long a copy may be silent before somebody looks. */
const SILENT_MS = 15_000;

/** Read-only: processes that receive paths, with their age. */
const LIST = "ps axo pid=,etimes=,args= | grep -E '[n]ix-store --serve --write'";
/** "$@": process ids. Ends only what still is a receiver; what ignores the polite signal is ended all the same. */
const END = String.raw`receives() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -q 'nix-store --serve --write'; }
for pid; do if receives "$pid"; then kill "$pid"; fi; done
sleep 2
for pid; do if receives "$pid"; then kill -KILL "$pid"; fi; done`;

export interface CopyWatch {
  /** The copy said something. */
  heard(): void;
  end(): void;
}

/** Watches a step while it runs; does nothing for steps that don't copy. */
export function watchCopy(run: StepRun, step: LocalStep | RemoteStep): CopyWatch {
  const { clock } = run;
  if (step.phase !== "copy" || run.plan.connection === undefined)
    return { heard: () => undefined, end: () => undefined };
  const started = clock.elapsed();
  let timer = clock.after(SILENT_MS, look);
  let ended = false;
  function look(): void {
    void clearReceivers(run, (clock.elapsed() - started) / 1000).then(again => {
      if (again && !ended) timer = clock.after(SILENT_MS, look);
    });
  }
  return {
    heard() {
      timer.dispose();
      timer = clock.after(SILENT_MS, look);
    },
    end() {
      ended = true;
      timer.dispose();
    },
  };
}

/** Whether to look again later. */
async function clearReceivers(run: StepRun, copySeconds: number): Promise<boolean> {
  const { host } = run.plan;
  const told = await onHost(run, LIST);
  const old = parseReceivers(told).filter(({ seconds }) => seconds > copySeconds + 1);
  if (old.length === 0) return true;
  const list = old.map(({ pid, seconds }) => t("{0} (since {1} s)", pid, seconds)).join(", ");
  const text = t(
    "The copy waits. On the host, an earlier one still holds its locks, perhaps of a connection that was lost: process {0}.",
    list,
  );
  run.emit({ kind: "note", host, text });
  if ((await run.hooks.endStaleReceivers?.(host, old)) !== true) return false;
  await onHost(run, ["sh", "-c", END, "sh", ...old.map(({ pid }) => String(pid))].map(quoteRemote).join(" "));
  run.emit({ kind: "note", host, text: t("Ended the earlier copy on the host.") });
  return true;
}

async function onHost({ plan, processes, signal }: StepRun, text: string): Promise<string> {
  if (plan.connection === undefined) return "";
  const spec = { command: "ssh", args: [...sshArguments(plan.connection), text] };
  return (await capture(processes, spec, signal)).stdout;
}

export function parseReceivers(text: string): readonly Receiver[] {
  return text.split("\n").flatMap(line => {
    const [, pid, seconds, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || seconds === undefined || command === undefined
      ? []
      : [{ pid: Number(pid), seconds: Number(seconds), command }];
  });
}
