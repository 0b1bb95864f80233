// Taking a host to another generation: asked for by name, run by a fixed script that goes on when the connection is lost,
// and judged by asking the host afterwards. It is written to the ledger like a deployment.

import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { t } from "../l10n";
import type { RemoteScript } from "../ports/ssh/command";
import type { SshTarget } from "../ports/ssh/connection";
import type { SshOutcome } from "../ports/ssh/outcome";
import type { Generation, HostFacts } from "../state/hostFacts";
import type { Outcome } from "../state/ledger";
import type { Observation } from "../state/observedStore";
import { takeRevertLock } from "./revertLock";

/**
 * Fixed text. Arguments: number and store path of the generation. The work leads a session of its own and writes to a
 * file, so that a lost connection does not stop it half-way. Exit 91: the generation is not what the user saw.
 */
const TEXT = `
revert() {
number=$1 want=$2
PATH=$PATH:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
profile=/nix/var/nix/profiles/system
have=$(readlink -f "$profile-$number-link")
if [ "$have" != "$want" ]; then echo "generation $number is now $have" >&2; return 91; fi
log=$(mktemp) || return 90
work='nix-env --profile "$1" --switch-generation "$2" && "$1/bin/switch-to-configuration" switch'
apart=
if command -v setsid >/dev/null; then apart='setsid --wait'; fi
trap '' HUP
$apart sh -c "$work" revert "$profile" "$number" >"$log" 2>&1 </dev/null &
wait $!
code=$?
tail -n 50 "$log" >&2
rm -f "$log"
return $code
}
revert "$@"
`;

function revertScript(generation: Generation, facts: HostFacts): RemoteScript {
  const args = [String(generation.number), generation.storePath];
  return { name: t("the switch"), text: TEXT, args, elevate: elevation(facts) };
}

function elevation(facts: HostFacts): readonly string[] {
  return facts.login.isRoot ? [] : ["sudo", "-n"];
}

function operator(): string {
  return `${userInfo().username}@${hostname()}`;
}

export interface RevertEnd {
  readonly outcome: Outcome;
  /** One line for people. */
  readonly why: string;
  readonly clean: boolean;
}

export type RevertApp = Pick<App, "log" | "ui"> & {
  readonly ports: Pick<App["ports"], "ssh" | "clock">;
  readonly state: Pick<App["state"], "observed" | "ledger" | "deployments">;
};

export interface Revert {
  readonly host: HostSnapshot;
  readonly target: SshTarget;
  readonly facts: HostFacts;
  readonly generation: Generation;
  readonly signal: AbortSignal;
  /** Asks the host anew, over a connection of its own. */
  askAgain(): Promise<void>;
}

const SWITCH_LIMIT_MS = 10 * 60_000;

/** Runs an approved revert to its end; undefined while another deployment runs on the host. */
export async function runRevert(app: RevertApp, revert: Revert): Promise<RevertEnd | undefined> {
  const { host, target, facts, generation, signal } = revert;
  const { clock, ssh } = app.ports;
  const startedAt = clock.now();
  const claim = app.state.deployments.claim({ host: host.name, action: "revert", tool: "ssh", startedAt });
  if (claim === undefined) return undefined;
  const reason = `revert to generation ${generation.number}`;
  const request = { target, elevate: elevation(facts), owner: operator(), reason };
  const lock = await takeRevertLock(app, request, signal);
  if (lock.kind === "refused") {
    claim.end();
    return { outcome: "failed", why: lock.why, clean: false };
  }
  try {
    claim.enter("switch", startedAt);
    const begin = clock.elapsed();
    const script = revertScript(generation, facts);
    const outcome = await ssh.run(target, script, { signal, runTimeoutMs: SWITCH_LIMIT_MS });
    const switched = clock.elapsed();
    claim.enter("verify", clock.now());
    await revert.askAgain();
    const observation = app.state.observed.get(host.name);
    const end = judgeRevert(outcome, observation, startedAt, { before: facts, generation });
    await remember(app, revert, end, [
      { phase: "switch", seconds: round(switched - begin) },
      { phase: "verify", seconds: round(clock.elapsed() - switched) },
    ]);
    return end;
  } finally {
    await lock.release();
    claim.end();
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

/** What became of the host, by its own word; `startedAt` tells its answer from an older one. */
function judgeRevert(
  outcome: SshOutcome,
  observation: Observation | undefined,
  startedAt: number,
  { before, generation }: { readonly before: HostFacts; readonly generation: Generation },
): RevertEnd {
  const failure = failureOf(outcome);
  const clean = failure === undefined;
  const told = clean ? "" : t(" ({0})", failure);
  if (observation === undefined || observation.at < startedAt || observation.answer.kind === "failed") {
    const why = observation?.answer.kind === "failed" ? observation.answer.why : t("it does not answer");
    return { outcome: "unknown", why: t("the host can't be asked: {0}", why) + told, clean };
  }
  const { current, profile } = observation.answer.system;
  const wanted = generation.storePath;
  if (current === wanted && profile === wanted)
    return { outcome: "landed", why: t("the host runs generation {0}", generation.number) + told, clean };
  if (current === before.currentSystem && profile === before.profileSystem)
    return { outcome: "failed", why: t("the host runs the same system as before") + told, clean };
  if (current === before.currentSystem)
    return { outcome: "failed", why: t("the next boot gets another system than runs now") + told, clean };
  return { outcome: "unknown", why: t("the host runs {0}", current ?? t("nothing known")) + told, clean };
}

function failureOf(outcome: SshOutcome): string | undefined {
  if (outcome.kind === "failed") return outcome.failure.message;
  if (outcome.exitCode === 0) return undefined;
  const said = outcome.stderr.trim().split("\n").at(-1) ?? "";
  const code =
    outcome.exitCode === undefined ? t("the connection broke") : t("exit code {0}", outcome.exitCode);
  return said === "" ? code : `${code}: ${said.slice(0, 300)}`;
}

async function remember(
  app: RevertApp,
  { host, facts, generation, signal }: Revert,
  end: RevertEnd,
  phases: readonly { readonly phase: string; readonly seconds: number }[],
): Promise<void> {
  const answer = app.state.observed.get(host.name)?.answer;
  const now = answer?.kind === "reached" ? answer.system.current : undefined;
  try {
    await app.state.ledger.append({
      version: 1,
      id: randomUUID(),
      run: randomUUID(),
      at: new Date(app.ports.clock.now()).toISOString(),
      who: operator(),
      host: host.name,
      action: "revert",
      tool: "ssh",
      root: host.root,
      commit: null,
      dirty: null,
      previousSystem: facts.currentSystem ?? null,
      newSystem: now ?? null,
      outcome: end.outcome,
      why: end.why,
      cancelled: signal.aborted,
      clean: end.clean,
      phases,
    });
  } catch (error) {
    app.log.error("the history could not be written", { path: app.state.ledger.path, error });
    void app.ui.showWarning(
      t(
        "The revert of {0} to generation {1} could not be written to the history.",
        host.name,
        generation.number,
      ),
    );
  }
}
