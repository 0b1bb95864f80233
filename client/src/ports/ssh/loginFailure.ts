// Why a login did not come about, for people: one table from what ssh2, the socket and known_hosts say to what it means.

import { t } from "../../l10n";
import type { AuthLog } from "./identities";
import type { PresentedHostKey, SshFailure } from "./outcome";
import type { ResolvedDestination } from "./sshConfig";

/** A host key that is not taken. */
export function refusal(key: PresentedHostKey): SshFailure {
  const shown = `${key.type} ${key.fingerprint}`;
  const where =
    key.conflict === undefined ? "" : ` ${t("({0}, line {1})", key.conflict.file, key.conflict.line)}`;
  const { authority } = key;
  const certified =
    authority === undefined
      ? ""
      : t(
          ". A certificate authority is trusted for it ({0}, line {1}), but certificates are not checked here",
          authority.file,
          authority.line,
        );
  const message = {
    unknown: t(
      "the host key of {0} is not known: {1}{2}. Compare it with the host's own and accept it",
      key.name,
      shown,
      certified,
    ),
    changed: t(
      "the host key of {0} has changed: it now shows {1}, while known_hosts{2} has another one. Either the host was installed anew, or somebody answers in its place. If you know why, remove that line",
      key.name,
      shown,
      where,
    ),
    revoked: t("the host key of {0} is revoked{1}: {2}", key.name, where, shown),
  }[key.verdict];
  return { kind: "hostKey", message, hostKey: key };
}

export type SshError = Error & { level?: string; code?: string };

/** What an error of ssh2 or of the socket means. */
export function explain(
  error: SshError,
  to: ResolvedDestination,
  log: AuthLog,
  timeoutMs: number,
): SshFailure {
  const where = to.port === 22 ? to.hostName : `${to.hostName} port ${to.port}`;
  if (error.level === "client-authentication") {
    const tried =
      log.tried.length === 0 ? t("no usable key was found") : t("tried {0}", log.tried.join(", "));
    const notes = log.notes.length === 0 ? "" : `; ${log.notes.join("; ")}`;
    return { kind: "auth", message: t("{0} refuses the login as {1}: {2}{3}", where, to.user, tried, notes) };
  }
  if (error.level === "client-timeout" || error.code === "ETIMEDOUT")
    return {
      kind: "timeout",
      message: t("{0} did not answer within {1} s", where, Math.round(timeoutMs / 1000)),
    };
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN" || error.level === "client-dns")
    return { kind: "dns", message: t("the name {0} can't be resolved", to.hostName) };
  if (error.code === "ECONNREFUSED")
    return { kind: "unreachable", message: t("{0} refuses connections: is sshd running there?", where) };
  if (error.level === "client-socket" || error.code !== undefined)
    return {
      kind: "unreachable",
      message: t("{0} can't be reached ({1})", where, error.code ?? error.message),
    };
  return { kind: "protocol", message: `${where}: ${error.message}` };
}
