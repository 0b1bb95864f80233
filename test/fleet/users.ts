// Logins other than root on test hosts.
import { createHash } from "node:crypto";
import { requireCommand } from "./command";
import { restartNixDaemon } from "./faults";
import type { Host } from "./fleet";

export interface UserOptions {
  /** Undefined: no sudo at all. nothing: it asks nothing. password: it asks for PASSWORD. */
  readonly sudo?: "nothing" | "password";
  /** Listed in trusted-users of the host's Nix. */
  readonly trusted?: boolean;
}

export const PASSWORD = `pw-${createHash("sha256").update("toy").digest("hex").slice(0, 8)}`;

/** Makes a user who logs in with the key of the deploying side. */
export async function addUser(host: Host, name: string, options: UserOptions): Promise<void> {
  const hash = (await requireCommand(["openssl", "passwd", "-6", PASSWORD])).trim();
  const rule = options.sudo === "nothing" ? "NOPASSWD: ALL" : "ALL";
  await host.sh(`
    useradd --create-home --shell /bin/bash --password '${hash}' ${name}
    mkdir -p /home/${name}/.ssh && cp /root/.ssh/authorized_keys /home/${name}/.ssh/ && chown -R ${name} /home/${name}/.ssh
    ${options.sudo === undefined ? "" : `mkdir -p /etc/sudoers.d && echo '${name} ALL=(ALL) ${rule}' > /etc/sudoers.d/${name}`}
    ${options.trusted === true ? `echo 'extra-trusted-users = ${name}' >> /etc/nix/nix.conf` : ""}`);
  if (options.trusted === true) await restartNixDaemon(host);
}
