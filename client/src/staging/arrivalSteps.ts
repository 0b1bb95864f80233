// The configuration of a staging cache: written, then deployed to the server and to its clients until each says that it is there.

import { t } from "../l10n";
import type { StepResult } from "../procedure/procedure";
import { done, failed, undone } from "../procedure/results";
import { takenBack } from "../procedure/takenBack";
import { ask } from "../remote/askHost";
import type { Answers, FixedScript } from "../remote/fixedScript";
import { cacheUrl, type StagingFacts } from "./facts";
import { stagingOperations, whatIsThere } from "./operations";
import { clientStateScript, serverStateScript } from "./scripts";
import type { StagingPorts, StagingStep } from "./stagingStep";

export const configuration: StagingStep = {
  id: "configuration",
  title: () => t("The configuration"),
  async run(facts, ports) {
    const operations = stagingOperations(facts, ports.findHost);
    const message = t("Make {0} the binary cache of {1}?", facts.server, facts.clients.join(", "));
    const changed = await ports.change(message, operations);
    const known = { ...facts, changed: [...facts.changed, ...changed] };
    if (changed.length === 0) return done(known, t("Everything stands there already."));
    return done(known, t("Changed {0}", changed.map(({ path }) => path).join(", ")));
  },
  async undo(facts, ports, signal) {
    if (facts.changed.length === 0) return undone(facts, t("Nothing had been changed."));
    const hosts = [...facts.clients, facts.server];
    await ports.undoChange(t("Take the cache {0} out of the configuration?", cacheUrl(facts)), facts.changed);
    await ports.deploy(hosts, signal);
    // a client whose configuration had the cache before us keeps it
    const without = facts.clients.filter(
      client => whatIsThere(facts, ports.findHost(client)).url === undefined,
    );
    const look = {
      hosts: without,
      script: (client: string) => clientStateScript(facts, ports.findHost(client)),
      gone: (answers: Answers) => answers.one("asks") !== "yes",
    };
    return undone({ ...facts, changed: [] }, await takenBack(ports, look, signal));
  },
};

export const server: StagingStep = {
  id: "server",
  title: facts => t("Deploy {0}, which serves", facts.server),
  run: (facts, ports, signal) =>
    untilThere(
      facts,
      ports,
      [{ host: facts.server, look: seconds => serverStateScript(facts, seconds) }],
      signal,
    ),
};

export const clients: StagingStep = {
  id: "clients",
  title: facts => t("Deploy {0}, which will ask", facts.clients.join(", ")),
  run: (facts, ports, signal) =>
    untilThere(
      facts,
      ports,
      facts.clients.map(host => ({ host, look: () => clientStateScript(facts, ports.findHost(host)) })),
      signal,
    ),
};

/** Seconds that a service may take to start after a deployment. */
const START_SECONDS = 20;

/** Deploys the hosts on which the configuration has not arrived yet, and asks them again. */
async function untilThere(
  facts: StagingFacts,
  ports: StagingPorts,
  /** `look` waits so many seconds for what is just starting. */
  hosts: readonly { readonly host: string; readonly look: (seconds: number) => FixedScript }[],
  signal: AbortSignal,
): Promise<StepResult<StagingFacts>> {
  const missingOf = async (seconds: number): Promise<ReadonlyMap<string, string> | string> => {
    const missing = new Map<string, string>();
    for (const { host, look } of hosts) {
      const answers = await ask(ports, host, look(seconds), signal);
      if (typeof answers === "string") return answers;
      const parts = answers.all("missing");
      if (parts.length > 0) missing.set(host, parts.join(", "));
    }
    return missing;
  };
  const before = await missingOf(0);
  if (typeof before === "string") return failed(facts, before);
  if (before.size === 0) return done(facts, t("Was there already."));
  await ports.deploy([...before.keys()], signal);
  const after = await missingOf(START_SECONDS);
  if (typeof after === "string") return failed(facts, after);
  if (after.size === 0) return done(facts, t("Deployed: {0}", [...before.keys()].join(", ")));
  const lacks = [...after].map(([host, parts]) => t("{0} lacks {1}", host, parts));
  return failed(facts, t("Not there yet: {0}. Deploy and resume.", lacks.join("; ")));
}
