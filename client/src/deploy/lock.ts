// The courtesy lock on a host: two operators must not deploy to it at once without knowing of each other. It says who holds it,
// why and since when; it is released however the deployment ends, and a stale one is broken only if the user says so by name.

import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { App } from "../app";
import { t } from "../l10n";
import type { Confirmation } from "../ports/ui";
import { LOCK } from "../remote/lockScript";
import type { HostLock } from "./hooks";
import { type HostScript, runOnHost } from "./hostScript";
import type { HostPlan } from "./plan";
import { pauseAfter } from "./refusedLogin";
import type { SshConnection } from "./sshOptions";

export type LockApp = Pick<App, "log" | "ui"> & { readonly ports: Pick<App["ports"], "processes" | "clock"> };

/** Who holds a lock, by the host's own word. */
export interface LockHolder {
  readonly token: string;
  readonly owner: string;
  readonly reason: string;
  /** By the host's clock; undefined where it makes no sense. */
  readonly seconds: number | undefined;
}

export type LockState =
  | { readonly kind: "free" }
  | { readonly kind: "held"; readonly by: LockHolder }
  | { readonly kind: "unknown"; readonly why: string };

type Taken = { readonly kind: "taken" } | Exclude<LockState, { readonly kind: "free" }>;

/** A lock that is older may be broken; ours may be broken at once, because another window of ours says so itself. */
const STALE_SECONDS = 30 * 60;
const RELEASE_TRIES = 3;
const RELEASE_PAUSE_MS = 2_000;

export function lockOwner(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** Takes the lock of a host, asking the user where a stale one stands in the way. */
export async function takeLock(
  app: LockApp,
  plan: Pick<HostPlan, "host" | "action" | "tool" | "connection">,
  signal: AbortSignal,
  note: (text: string) => void,
  token: string = randomUUID(),
): Promise<HostLock> {
  const { host, connection } = plan;
  if (connection === undefined) return { kind: "held", release: async () => undefined };
  const { processes } = app.ports;
  const reason = `${plan.action} (${plan.tool})`;
  const script = (verb: "take" | "break", stale = ""): HostScript => ({
    body: LOCK,
    args: [verb, token, lockOwner(), reason, stale],
    as: "root",
  });
  const attempt = async (verb: "take" | "break", stale?: string) =>
    readTaken(await runOnHost(processes, connection, script(verb, stale), signal));
  let taken = await attempt("take");
  if (taken.kind === "held") {
    if (!mayBreak(taken.by)) return { kind: "refused", why: refusal(host, taken.by) };
    if (!(await app.ui.confirm(breakQuestion(host, taken.by))))
      return { kind: "refused", why: refusal(host, taken.by) };
    app.log.warn("lock broken", { host, owner: taken.by.owner, seconds: taken.by.seconds });
    taken = await attempt("break", taken.by.token);
  }
  if (taken.kind === "held") return { kind: "refused", why: refusal(host, taken.by) };
  // an answer that broke off may have come too late for a lock that was taken: it is released all the same
  if (taken.kind === "unknown") {
    note(t("{0} could not be locked against others: {1}", host, taken.why));
    return {
      kind: "held",
      release: () => releaseLock(app, { host, connection, token, tries: 1, note: () => undefined }),
    };
  }
  return {
    kind: "held",
    release: () => releaseLock(app, { host, connection, token, tries: RELEASE_TRIES, note }),
  };
}

/** Whether somebody holds the lock; changes nothing. */
export async function lookAtLock(
  app: { readonly ports: Pick<App["ports"], "processes"> },
  connection: SshConnection,
  signal?: AbortSignal,
): Promise<LockState> {
  const script = { body: LOCK, args: ["look", "", "", "", ""], as: "login" } as const;
  const end = await runOnHost(app.ports.processes, connection, script, signal);
  if (end.kind === "failed") return { kind: "unknown", why: end.why };
  const taken = readTaken(end);
  return end.answers.one("free") === "yes" || taken.kind === "taken" ? { kind: "free" } : taken;
}

function readTaken(end: Awaited<ReturnType<typeof runOnHost>>): Taken {
  if (end.kind === "failed") return { kind: "unknown", why: end.why };
  const { answers } = end;
  if (answers.one("taken") === "yes") return { kind: "taken" };
  const error = answers.one("error");
  if (error !== undefined) return { kind: "unknown", why: error };
  const age = Number(answers.one("age"));
  return {
    kind: "held",
    by: {
      token: answers.one("token") ?? "",
      owner: (answers.one("owner") ?? "").slice(0, 100) || t("somebody"),
      reason: (answers.one("reason") ?? "").slice(0, 200),
      // a lock without a time was made this moment, or by hand
      seconds: Number.isSafeInteger(age) && age >= 0 && age < 10 * 365 * 86_400 ? age : undefined,
    },
  };
}

function mayBreak(holder: LockHolder): boolean {
  return holder.owner === lockOwner() || holder.seconds === undefined || holder.seconds >= STALE_SECONDS;
}

function refusal(host: string, holder: LockHolder): string {
  return t("{0} is locked by {1} since {2}: {3}", host, holder.owner, ageOf(holder), holder.reason);
}

function breakQuestion(host: string, holder: LockHolder): Confirmation {
  return {
    message: t("{0} is locked by {1}. Break the lock?", host, holder.owner),
    detail: t(
      "Since {0}, for: {1}. If that deployment still runs, two would change {2} at once. Break the lock only if you know that it ended.",
      ageOf(holder),
      holder.reason,
      host,
    ),
    verb: t("Break the Lock of {0}", holder.owner),
  };
}

function ageOf({ seconds }: LockHolder): string {
  if (seconds === undefined) return t("an unknown time");
  if (seconds < 120) return t("{0} s", seconds);
  return seconds < 2 * 3600 ? t("{0} min", Math.round(seconds / 60)) : t("{0} h", Math.round(seconds / 3600));
}

export interface HeldLock {
  readonly host: string;
  readonly connection: SshConnection;
  readonly token: string;
  readonly tries: number;
  note(text: string): void;
}

/** Not bound to the user's cancel: a lock that stays is in everybody's way. */
export async function releaseLock(
  app: LockApp,
  { host, connection, token, tries, note }: HeldLock,
): Promise<void> {
  const script = { body: LOCK, args: ["release", token, "", "", ""], as: "root" } as const;
  for (let left = tries; ; left--) {
    const end = await runOnHost(app.ports.processes, connection, script);
    if (end.kind === "told") return;
    if (left > 1) {
      await app.ports.clock.sleep(pauseAfter(end.why, RELEASE_PAUSE_MS));
      continue;
    }
    app.log.warn("lock not released", { host, why: end.why });
    note(t("The lock on {0} could not be released: {1}. A restart of the host removes it.", host, end.why));
    return;
  }
}
