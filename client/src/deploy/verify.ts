// Asking a host which system it runs, and judging from its answer what a deployment did. An exit code alone proves nothing.

import { parseStorePath } from "../../../server/src/core/formats/storePath";
import { t } from "../l10n";
import { capture, type ProcessRunner } from "../ports/process";
import { redact } from "../redact";
import type { Outcome } from "../state/ledger";
import type { Answer, SystemPaths } from "../state/observedStore";
import { type SshConnection, sshArguments } from "./sshOptions";
import type { DeployAction } from "./tools/adapter";

/** Read-only, fixed text; each link is printed on a line of its own, itself where it does not exist. */
const ASK = "readlink -f /run/current-system; readlink -f /nix/var/nix/profiles/system";

/** Asks over a new connection. Never rejects for a host that does not answer. */
export async function askSystem(
  processes: ProcessRunner,
  connection: SshConnection,
  signal?: AbortSignal,
): Promise<Answer> {
  const spec = { command: "ssh", args: [...sshArguments(connection), ASK] };
  const { result, stdout, stderr } = await capture(processes, spec, signal);
  if (result.kind === "exited" && result.code !== 255) {
    const lines = stdout.split("\n");
    return { kind: "reached", system: { current: systemOf(lines[0]), profile: systemOf(lines[1]) } };
  }
  if (result.kind === "cancelled") return { kind: "failed", why: t("cancelled before it answered") };
  if (result.kind === "spawnFailed")
    return { kind: "failed", why: t("ssh can't be started: {0}", result.message) };
  const said = stderr.trim().split("\n").at(-1) ?? "";
  return { kind: "failed", why: redact(said) || t("ssh failed") };
}

function systemOf(line: string | undefined): string | undefined {
  const path = line === undefined ? undefined : parseStorePath(line.trim());
  return path === undefined ? undefined : `/nix/store/${path.baseName}`;
}

export interface Evidence {
  readonly action: Extract<DeployAction, "deploy" | "boot" | "rollback">;
  /** Why a step failed; undefined when all went well by their own account. */
  readonly failure: string | undefined;
  /** The system that should run now; undefined where the tool did not let us know. */
  readonly expected: string | undefined;
  readonly before: Answer | undefined;
  /** Undefined where the host cannot be asked. */
  readonly after: Answer | undefined;
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
  const { action, failure, after } = evidence;
  const previous = systemIn(evidence.before, action);
  const now = systemIn(after, action);
  const told = failure === undefined ? "" : t(" ({0})", failure);
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
  return { ...compare({ ...evidence, previous, now }, told), previous, now };
}

/** A host without a NixOS system before and after. */
function neverHadOne({ before, after, failure }: Evidence): boolean {
  const none = (answer: Answer | undefined) =>
    answer?.kind === "reached" && answer.system.current === undefined && answer.system.profile === undefined;
  return failure !== undefined && none(before) && none(after);
}

function compare(
  evidence: Evidence & { readonly previous: string | undefined; readonly now: string },
  told: string,
): Pick<Verdict, "outcome" | "why"> {
  const { failure, expected, previous, now } = evidence;
  if (now === expected) {
    const why = previous === now ? t("the host had this system already") : t("the host has the new system");
    return { outcome: "landed", why: why + told };
  }
  if (now === previous) {
    if (failure !== undefined)
      return { outcome: "failed", why: t("the host has the same system as before") + told };
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
  if (expected === undefined && failure === undefined && previous !== undefined) {
    return { outcome: "landed", why: t("the host has another system than before") };
  }
  return {
    outcome: "unknown",
    why: t("the host has a system that this deployment does not know: {0}", now) + told,
  };
}

/** The system that the action is about: what runs, or what the next boot gets. */
function systemIn(answer: Answer | undefined, action: Evidence["action"]): string | undefined {
  if (answer?.kind !== "reached") return undefined;
  const system: SystemPaths = answer.system;
  return action === "boot" ? system.profile : system.current;
}
