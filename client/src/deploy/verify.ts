// Asking a host which system it has, and judging from its answer what a deployment did. An exit code alone proves nothing.

import { t } from "../l10n";
import type { Clock } from "../ports/clock";
import { capture, type ProcessRunner } from "../ports/process";
import { quoteRemote } from "../ports/quoteRemote";
import { redact } from "../redact";
import type { Outcome } from "../state/ledger";
import { adviceFor } from "./advice";
import type { ActivationState } from "./guardReport";
import { ASK, type HostAnswer, parseAnswer } from "./hostAnswer";
import { pauseAfter, refusalIn } from "./refusedLogin";
import { type SshConnection, sshArguments } from "./sshOptions";
import type { DeployAction } from "./tools/adapter";

/** Asks over a new connection. Never rejects for a host that does not answer. */
export async function askSystem(
  processes: ProcessRunner,
  connection: SshConnection,
  signal?: AbortSignal,
): Promise<HostAnswer> {
  const spec = { command: "ssh", args: [...sshArguments(connection), `sh -c ${quoteRemote(ASK)}`] };
  const { result, stdout, stderr } = await capture(processes, spec, signal);
  if (result.kind === "exited" && result.code !== 255) return parseAnswer(stdout);
  if (result.kind === "cancelled") return { kind: "failed", why: t("cancelled before it answered") };
  if (result.kind === "spawnFailed")
    return { kind: "failed", why: t("ssh can't be started: {0}", result.message) };
  const lines = stderr.trim().split("\n");
  const said = redact(lines.at(-1) ?? "") || t("ssh failed");
  const advice = lines.map(adviceFor).find(text => text !== undefined);
  const cause = refusalIn(stderr);
  const why = advice === undefined ? said : `${said}. ${advice}`;
  return { kind: "failed", why, ...(cause === undefined ? {} : { cause }) };
}

const POLL_MS = 2_000;
const SWITCH_LIMIT_MS = 10 * 60_000;

/** Asks until no switch runs any more: one whose connection died goes on. */
export async function askSettled(
  processes: ProcessRunner,
  connection: SshConnection,
  clock: Clock,
  patienceMs = 0,
): Promise<HostAnswer> {
  const started = clock.elapsed();
  for (;;) {
    const answer = await askSystem(processes, connection);
    const waited = clock.elapsed() - started;
    const wait =
      answer.kind === "failed" ? waited < patienceMs : answer.switching && waited < SWITCH_LIMIT_MS;
    if (!wait) return answer;
    await clock.sleep(answer.kind === "failed" ? pauseAfter(answer.why, POLL_MS) : POLL_MS);
  }
}

export interface Evidence {
  readonly action: Extract<DeployAction, "deploy" | "boot" | "rollback">;
  /** Why a step failed; undefined when all went well by their own account. */
  readonly failure: string | undefined;
  /** How the host itself ended the activation; undefined where a tool did it. */
  readonly activation: ActivationState | undefined;
  /** The system that should run now; undefined where the tool did not let us know. */
  readonly expected: string | undefined;
  readonly before: HostAnswer | undefined;
  /** Undefined where the host cannot be asked. */
  readonly after: HostAnswer | undefined;
}

export interface Verdict {
  readonly outcome: Outcome;
  /** One line for people. */
  readonly why: string;
  readonly previous: string | undefined;
  /** What is there now. */
  readonly now: string | undefined;
}

/** What became of the host. */
export function judge(evidence: Evidence): Verdict {
  const { action, failure, before, after } = evidence;
  const previous = systemIn(before, action);
  const now = systemIn(after, action);
  const told = failure === undefined ? "" : t(" ({0})", failure);
  if (after?.kind === "reached" && after.switching) {
    return { outcome: "unknown", why: t("a switch is still running on the host") + told, previous, now };
  }
  if (now === undefined && neverHadOne(evidence)) {
    return { outcome: "failed", why: t("the host has no system, as before") + told, previous, now };
  }
  if (now === undefined) {
    const why =
      after?.kind === "failed"
        ? t("the host can't be asked: {0}", after.why)
        : t("the host does not tell which system it has");
    return { outcome: "unknown", why: why + told, previous, now };
  }
  return { ...compare(evidence, previous, now, told), previous, now };
}

/** A host without a NixOS system before and after. */
function neverHadOne({ before, after, failure }: Evidence): boolean {
  const none = (answer: HostAnswer | undefined) =>
    answer?.kind === "reached" && answer.system.current === undefined && answer.system.profile === undefined;
  return failure !== undefined && none(before) && none(after);
}

type Judgement = Pick<Verdict, "outcome" | "why">;

function compare(evidence: Evidence, previous: string | undefined, now: string, told: string): Judgement {
  const { action, failure, activation, before } = evidence;
  // where a roll back goes to, only the host knew
  const rollsBack = action === "rollback";
  const expected = rollsBack && before?.kind === "reached" ? before.older?.system : evidence.expected;
  if (now === expected) {
    const why = previous === now ? t("the host had this system already") : t("the host has the new system");
    return { outcome: "landed", why: why + nextBoot(evidence) + told };
  }
  if (now === previous) {
    if (activation === "reverted" || activation === "restored")
      return {
        outcome: "reverted",
        why: t("the host went back to the system before") + nextBoot(evidence) + told,
      };
    if (failure !== undefined)
      return {
        outcome: "failed",
        why: t("the host has the same system as before") + nextBoot(evidence) + told,
      };
    if (expected !== undefined)
      return {
        outcome: "reverted",
        why: t("the tool reported success, but the host has the previous system"),
      };
    return {
      outcome: "unknown",
      why: t("the host has the same system as before; whether that is the new one is not known"),
    };
  }
  if (before?.kind === "reached" && now === before.system.profile && failure !== undefined)
    return {
      outcome: "reverted",
      why: t("the host went back to its generation before, which did not run yet") + told,
    };
  if (expected === undefined && failure === undefined && !rollsBack && grew(evidence))
    return { outcome: "landed", why: t("the host has a new generation, and runs it") };
  return {
    outcome: "unknown",
    why: t("the host has a system that this deployment does not know: {0}", now) + told,
  };
}

/** The profile has a generation that is newer than before, and it is the one that counts. */
function grew({ before, after }: Evidence): boolean {
  if (before?.kind !== "reached" || after?.kind !== "reached") return false;
  if (before.generation === undefined || after.generation === undefined) return false;
  return after.generation > before.generation && after.system.current === after.system.profile;
}

/** Said where what runs is one thing and what the next boot gets another, since this deployment: it surprises later. */
function nextBoot({ action, before, after }: Evidence): string {
  if (action === "boot" || after?.kind !== "reached" || before?.kind !== "reached") return "";
  const { current, profile } = after.system;
  const differed = before.system.current !== before.system.profile;
  return profile !== undefined && current !== profile && !differed
    ? t("; but its next boot gets another system: {0}", profile)
    : "";
}

/** The system that the action is about: what runs, or what the next boot gets. */
function systemIn(answer: HostAnswer | undefined, action: Evidence["action"]): string | undefined {
  if (answer?.kind !== "reached") return undefined;
  return action === "boot" ? answer.system.profile : answer.system.current;
}
