// What a host reports of an activation, and what that means for people.

import { t } from "../l10n";
import type { HostAnswer } from "./hostAnswer";

/** What the host did in the end; `lost` when it could not be asked any more. */
export type ActivationState =
  | "kept"
  | "reverted"
  | "restored"
  | "revert-failed"
  | "set-failed"
  | "busy"
  | "absent"
  | "dead"
  | "untouched"
  | "lost";

export interface ActivationEnd {
  readonly state: ActivationState;
  /** Undefined when all went well by its own account. */
  readonly failure: string | undefined;
  /** What the host said about its systems at the end, over the connection that confirmed; undefined where it did not. */
  readonly answer?: HostAnswer;
}

const STATES = [
  "kept",
  "reverted",
  "restored",
  "revert-failed",
  "set-failed",
  "busy",
  "absent",
  "dead",
  "untouched",
] as const;
/** One line of the host, and its answer to the question what it runs. */
export interface Report {
  readonly state: (typeof STATES)[number] | "waiting";
  readonly code: string;
  /** Who decided, if anybody did. */
  readonly decided: string;
  readonly answer?: HostAnswer;
}

interface Circumstances {
  readonly guardSeconds: number;
  /** Why we did not confirm, if we did not. */
  readonly rejection: string | undefined;
}

/** The end that a report tells, in words. */
export function endOf(report: Report, state: ActivationState, circumstances: Circumstances): ActivationEnd {
  const end = { state, failure: failureOf(report, state, circumstances) };
  return report.answer === undefined ? end : { ...end, answer: report.answer };
}

function failureOf(
  { code, decided }: Report,
  state: ActivationState,
  { guardSeconds, rejection }: Circumstances,
): string | undefined {
  const switchCode =
    code === "0" || code === "-" ? undefined : t("switch-to-configuration on the host: exit code {0}", code);
  switch (state) {
    case "kept":
      return switchCode;
    case "set-failed":
      return t("{0} on the host: exit code {1}", "nix-env", code);
    case "busy":
      return t("another activation is running on the host");
    case "absent":
      return t("the host knows nothing of this activation: it did not start, or the host was restarted");
    case "untouched":
      return rejection;
    case "dead":
      return t("the activation on the host ended without a word");
    case "reverted":
    case "restored":
    case "revert-failed":
    case "lost": {
      const why =
        decided === "timeout"
          ? t("it was not confirmed within {0} s", guardSeconds)
          : decided === "revert"
            ? (rejection ?? t("cancelled"))
            : (switchCode ?? t("the host went back"));
      return state === "revert-failed" ? t("{0}; going back failed too", why) : why;
    }
  }
}

/** A line of a follow script; undefined for every other line. */
export function parseReport(line: string): Report | undefined {
  const [, word, code, decided] = /^@nix-deploy (\S+) (\S+) (\S+)$/.exec(line) ?? [];
  const state = word === "waiting" ? word : STATES.find(known => known === word);
  return state === undefined || code === undefined || decided === undefined
    ? undefined
    : { state, code, decided };
}
