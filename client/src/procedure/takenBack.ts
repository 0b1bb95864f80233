// What a step that was taken back came to, by the word of the hosts: a configuration without it says nothing of what runs.

import { t } from "../l10n";
import { ask, type HostsByName } from "../remote/askHost";
import type { Answers, FixedScript } from "../remote/fixedScript";

export interface LookAfter {
  readonly hosts: readonly string[];
  readonly script: (host: string) => FixedScript;
  /** Whether these answers say that it is gone from the host. */
  readonly gone: (answers: Answers) => boolean;
}

/** Asks the hosts after their deployment and says in one line which run without it; a host that does not answer is named. */
export async function takenBack(
  ports: HostsByName,
  { hosts, script, gone }: LookAfter,
  signal: AbortSignal,
): Promise<string> {
  const [without, still, silent]: [string[], string[], string[]] = [[], [], []];
  for (const host of hosts) {
    const answers = await ask(ports, host, script(host), signal);
    if (typeof answers === "string") silent.push(answers);
    else (gone(answers) ? without : still).push(host);
  }
  const parts = [
    without.length > 0 ? t("Taken back on {0}.", without.join(", ")) : t("Taken back in the configuration."),
    ...(still.length > 0 ? [t("{0} still runs what was: deploy it.", still.join(", "))] : []),
    ...silent,
  ];
  return parts.join(" ");
}
