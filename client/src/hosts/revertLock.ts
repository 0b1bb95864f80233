// The courtesy lock of a host, held while it is taken to another generation: the same lock that deployments hold.

import { randomUUID } from "node:crypto";
import type { App } from "../app";
import { t } from "../l10n";
import type { SshTarget } from "../ports/ssh/connection";
import { type Answers, prepare } from "../remote/fixedScript";
import { LOCK } from "../remote/lockScript";

export interface LockRequest {
  readonly target: SshTarget;
  readonly elevate: readonly string[];
  readonly owner: string;
  readonly reason: string;
}

export type RevertLock =
  | { readonly kind: "held"; release(): Promise<void> }
  /** Somebody else holds it. One line for people. */
  | { readonly kind: "refused"; readonly why: string };

type LockApp = Pick<App, "log"> & { readonly ports: Pick<App["ports"], "ssh" | "clock"> };

const RELEASE_TRIES = 3;
const RELEASE_PAUSE_MS = 2_000;

/** Takes the lock. A host on which nothing can be locked is no reason to leave it as it is. */
export async function takeRevertLock(
  app: LockApp,
  request: LockRequest,
  signal: AbortSignal,
): Promise<RevertLock> {
  const token = randomUUID();
  const answers = await ask(app, request, ["take", token], signal);
  if (answers?.one("token") !== undefined) {
    const owner = answers.one("owner")?.slice(0, 100) || t("somebody");
    const reason = answers.one("reason")?.slice(0, 200) ?? "";
    return { kind: "refused", why: t("the host is locked by {0}: {1}", owner, reason) };
  }
  return { kind: "held", release: () => release(app, request, token) };
}

/** Not bound to the user's cancel: a lock that stays is in everybody's way. */
async function release(app: LockApp, request: LockRequest, token: string): Promise<void> {
  const never = new AbortController().signal;
  for (let tries = 1; tries <= RELEASE_TRIES; tries++) {
    const answers = await ask(app, request, ["release", token], never);
    if (answers !== undefined) return;
    if (tries < RELEASE_TRIES) await app.ports.clock.sleep(RELEASE_PAUSE_MS);
  }
  app.log.warn("lock not released", { host: request.target.host });
}

/** Undefined where the host did not answer to the end. */
async function ask(
  app: LockApp,
  { target, elevate, owner, reason }: LockRequest,
  [verb, token]: readonly [verb: string, token: string],
  signal: AbortSignal,
): Promise<Answers | undefined> {
  const script = { name: t("the lock"), body: LOCK, args: [verb, token, owner, reason, ""] };
  const { remote, read } = prepare(script, elevate);
  const outcome = await app.ports.ssh.run(target, remote, { signal });
  if (outcome.kind === "failed") return undefined;
  const answers = read(outcome.stdout);
  return answers.complete ? answers : undefined;
}
