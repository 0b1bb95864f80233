// Why a command did not do what it should, in a few words.

import { t } from "../l10n";
import { type ProcessResult, succeeded } from "../ports/process";

/** Undefined for a command that ended well. */
export function stepFailure(name: string, result: ProcessResult): string | undefined {
  if (succeeded(result)) return undefined;
  switch (result.kind) {
    case "cancelled":
      return t("cancelled");
    case "exited":
      return t("{0}: exit code {1}", name, result.code);
    case "killed":
      return t("{0}: ended by {1}", name, result.signal);
    case "spawnFailed":
      return result.reason === "notFound"
        ? t("{0} was not found", name)
        : t("{0} can't be started: {1}", name, result.message);
  }
}
