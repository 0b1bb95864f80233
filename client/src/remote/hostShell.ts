// Running fixed scripts on hosts of the fleet as root: directly, or by a sudo that asks nothing.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { PresentedHostKey } from "../ports/ssh/outcome";
import type { SshPort } from "../ports/ssh/sshPort";
import { sshTargetOf } from "../state/hostAddress";
import { type Answers, type FixedScript, prepare } from "./fixedScript";

export type HostAnswer =
  | { readonly kind: "told"; readonly answers: Answers }
  /** `why` is for people and names the host. */
  | { readonly kind: "failed"; readonly why: string; readonly hostKey?: PresentedHostKey };

export interface HostShell {
  /** Runs the script as root. Never rejects. */
  asRoot(host: HostSnapshot, script: FixedScript, options?: HostRunOptions): Promise<HostAnswer>;
}

export interface HostRunOptions {
  readonly signal?: AbortSignal;
  /** Default 60 s. */
  readonly timeoutMs?: number;
}

export function createHostShell(ssh: Pick<SshPort, "run" | "resolve">): HostShell {
  return {
    async asRoot(host, script, options = {}) {
      const target = sshTargetOf(host);
      if (target === undefined)
        return failed(t("The address of {0} can't be known by reading its configuration.", host.name));
      const user = target.user ?? (await ssh.resolve(target)).user;
      const { remote, read } = prepare(script, user === "root" ? [] : ["sudo", "-n"]);
      const outcome = await ssh.run(target, remote, {
        signal: options.signal ?? new AbortController().signal,
        runTimeoutMs: options.timeoutMs ?? 60_000,
      });
      if (outcome.kind === "failed") {
        const { message, hostKey } = outcome.failure;
        return { ...failed(`${host.name}: ${message}`), ...(hostKey === undefined ? {} : { hostKey }) };
      }
      const answers = read(outcome.stdout);
      if (answers.complete) return { kind: "told", answers };
      return failed(whyIncomplete(host.name, user, outcome.stderr));
    },
  };
}

function whyIncomplete(host: string, user: string, stderr: string): string {
  const last = stderr.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
  if (/sudo/.test(stderr))
    return t(
      "{0}: this needs root, and sudo asks {1} for a password. Log in as root, or allow sudo without one ({2})",
      host,
      user,
      last,
    );
  return last === ""
    ? t("{0}: the answer broke off.", host)
    : t("{0}: the answer broke off: {1}", host, last);
}

function failed(why: string): { readonly kind: "failed"; readonly why: string } {
  return { kind: "failed", why };
}
