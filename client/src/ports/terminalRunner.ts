// A program in a real terminal, for those that ask for a password there. What it prints is seen by the user alone.

import type { ProcessResult, ProcessSpec } from "./process";

export interface TerminalRunner {
  /** Runs to the end in a terminal that is shown and has the focus. Aborting the signal ends it. Never rejects. */
  run(name: string, spec: ProcessSpec, signal: AbortSignal): Promise<ProcessResult>;
}
