// Programs of services that keep running, as the work of a terminal: every line without its secrets.

import { t } from "../l10n";
import type { ProcessRunner } from "../ports/process";
import type { TerminalWork } from "../ports/terminalWork";
import { redact } from "../redact";
import { type Invocation, invoke } from "../services/invocation";

/** Opens a terminal with this name in which the work runs. */
export type StartTask = (name: string, work: TerminalWork) => Promise<void>;

export function workOf(processes: ProcessRunner, invocation: Invocation): TerminalWork {
  return async (write, signal) => {
    write([invocation.command, ...invocation.args].map(word => redact(word)).join(" "));
    const result = await invoke(processes, invocation, line => write(redact(line.text)), signal);
    switch (result.kind) {
      case "exited":
        return result.code;
      case "cancelled":
        write(t("Stopped."));
        return 0;
      case "killed":
        write(t("Ended by {0}.", result.signal));
        return 1;
      case "spawnFailed":
        write(result.message);
        return 1;
    }
  };
}
