// A host key that is not known is shown with its fingerprint for the user to accept; one that has changed or is revoked
// is explained and never accepted.

import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { t } from "../l10n";
import type { PresentedHostKey } from "../ports/ssh/outcome";
import { CancelledError, NothingToDo, UserError } from "../userError";
import type { Probing } from "./probing";

export type HostKeyApp = Pick<App, "ui"> & {
  readonly ports: Pick<App["ports"], "ssh">;
  readonly state: Pick<App["state"], "observed">;
};

/** Deals with the host key that kept us from asking the host. */
export async function showHostKey(app: HostKeyApp, probing: Probing, host: HostSnapshot): Promise<void> {
  const answer = app.state.observed.get(host.name)?.answer;
  if (answer?.kind !== "failed" || answer.hostKey === undefined)
    throw new NothingToDo(t("Nothing is wrong with the host key of {0}.", host.name));
  const key = answer.hostKey;
  if (key.verdict !== "unknown") throw refused(host, key, answer.why);
  if (key.acceptIn === undefined)
    throw new UserError(t("The SSH configuration names no known_hosts file for {0}.", host.name));
  const ofWhom = key.jumpHost ?? host.name;
  if (!(await app.ui.confirm(question(ofWhom, key, key.acceptIn.file)))) throw new CancelledError();
  await app.ports.ssh.acceptHostKey(key);
  await probing.ask([host.name], { signal: new AbortController().signal });
}

function question(ofWhom: string, key: PresentedHostKey, file: string) {
  const kind = key.type.replace(/^ssh-|^ecdsa-sha2-/, "").replace(/^nistp\d+$/, "ecdsa");
  return {
    message: t("Trust the host key of {0}?", ofWhom),
    detail: [
      t("{0} shows a host key that is not known yet:", key.name),
      `${key.type}\n${key.fingerprint}`,
      ...(key.authority === undefined
        ? []
        : [
            t(
              "A certificate authority is trusted for this host ({0}, line {1}). Certificates are not checked here, so its own key must be known too.",
              key.authority.file,
              key.authority.line,
            ),
          ]),
      t(
        "Compare it with what the host itself says, for example on its console: ssh-keygen -lf /etc/ssh/ssh_host_{0}_key.pub",
        kind,
      ),
      t("Accepting writes it to {0}.", file),
    ].join("\n\n"),
    verb: t("Accept Key"),
  };
}

function refused(host: HostSnapshot, key: PresentedHostKey, why: string): UserError {
  const { conflict } = key;
  return new UserError(
    t("{0} is not asked: {1}.", host.name, why),
    conflict === undefined
      ? undefined
      : {
          title: t("Open known_hosts"),
          run: { kind: "file", path: conflict.file, line: conflict.line },
        },
  );
}
