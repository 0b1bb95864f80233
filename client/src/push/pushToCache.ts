// The command "Push to a Cache": asks, pushes with progress, and says what came of it.

import { t } from "../l10n";
import { redact } from "../redact";
import { buildOutputs } from "../stores/nixPaths";
import { UserError } from "../userError";
import { destinationLabel } from "./destination";
import { type PushResult, push } from "./push";
import { chooseDestination, choosePaths, makeJob, type PushApp } from "./pushQuestions";

export async function pushToCache(app: PushApp): Promise<void> {
  const destination = await chooseDestination(app);
  const what = await choosePaths(app);
  const job = await makeJob(app, destination);
  const label = destinationLabel(destination);
  const result = await app.ui.withProgress(t("Pushing to {0}", label), async ({ report, signal }) => {
    const ports = { ...app.ports, http: app.http, nix: app.config.read().tools.nix };
    const built = what.build === undefined ? [] : await buildOutputs(ports, what.build, signal);
    return push(ports, { ...job, paths: [...built, ...what.paths] }, report, signal);
  });
  app.log.info("push", { label, ...result, silent: Object.fromEntries(result.silent) });
  const message = summary(label, result);
  if (result.outcome === "failed") throw new UserError(message);
  void app.ui.showInfo(message);
}

/** One sentence for people. */
export function summary(label: string, result: PushResult): string {
  const { closure, upstream, leftOut, attempts } = result;
  const silent = redact([...result.silent.keys()].join(", "));
  const parts = [first(label, result)];
  if (upstream > 0) {
    parts.push(
      leftOut > 0
        ? t("Of {0} paths other caches have {1}; {2} of these were left out.", closure, upstream, leftOut)
        : t("Of {0} paths other caches have {1}; this cache takes whole closures only.", closure, upstream),
    );
  }
  if (attempts > 1) parts.push(t("It took {0} attempts.", attempts));
  if (silent !== "") parts.push(t("No answer from {0}.", silent));
  return parts.join(" ");
}

function first(label: string, { outcome, said }: PushResult): string {
  switch (outcome) {
    case "pushed":
      return t("Pushed to {0}.", label);
    case "nothing-to-do":
      return t("Nothing was pushed to {0}: other caches have all of it.", label);
    case "failed":
      return t("Pushing to {0} failed: {1}", label, redact(said));
  }
}
