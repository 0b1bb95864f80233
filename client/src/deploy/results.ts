// What is said when a deployment is over.

import { t } from "../l10n";
import type { HostResult } from "./events";

export interface Summary {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
}

/** One sentence for all hosts; problems first. */
export function summarize(results: readonly HostResult[]): Summary {
  const good = results.filter(isGood);
  const bad = results.filter(result => !isGood(result));
  const [only] = results;
  if (results.length === 1 && only !== undefined) {
    return { severity: severity(bad), message: t("{0}: {1}, {2}", only.host, outcomeText(only), only.why) };
  }
  if (bad.length === 0)
    return { severity: "info", message: t("All {0} hosts: {1}", good.length, only?.outcome ?? "") };
  const details = bad.map(result => `${result.host}: ${outcomeText(result)}, ${result.why}`).join("; ");
  return {
    severity: severity(bad),
    message: t("{0} of {1} hosts are well. {2}", good.length, results.length, details),
  };
}

/** The outcome in words: a host that has the new system and yet is not well does not look like one that is. */
export function outcomeText({ outcome, clean }: Pick<HostResult, "outcome" | "clean">): string {
  return outcome === "landed" && !clean ? t("landed with problems") : outcome;
}

/** Everything went as asked. */
export function isGood(result: HostResult): boolean {
  return result.clean && (result.outcome === "landed" || result.outcome === "done");
}

/** The hosts for which trying again makes sense: all that are not as asked. What landed is left alone. */
export function hostsToRetry(results: readonly HostResult[]): readonly string[] {
  return results.filter(result => result.outcome !== "landed" && !isGood(result)).map(({ host }) => host);
}

function severity(bad: readonly HostResult[]): Summary["severity"] {
  if (bad.length === 0) return "info";
  return bad.every(result => result.cancelled || result.outcome === "landed") ? "warning" : "error";
}
