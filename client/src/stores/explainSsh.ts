// Troubles between ssh on the asking host and sshd on the serving one: who knows whom, who may log in, what is spoken then.

import { t } from "../l10n";
import { advice, command, type Explain, type Explanation, edit, type TroubleContext } from "./explanation";
import type { TroubleKind } from "./trouble";

function hostKeyUnknown(c: TroubleContext): Explanation {
  const address = c.serverAddress ?? c.url;
  const text = t(
    "ssh on {0} does not know the host key of {1}, and nobody is there to answer its question. Declare the key instead of typing yes.",
    c.host,
    address,
  );
  return declareHostKey(c, t("Unknown host key"), text);
}

function hostKeyChanged(c: TroubleContext): Explanation {
  const text = t(
    "{0} shows another host key than {1} knows. If it was reinstalled, declare the new key; if not, somebody is in between.",
    c.serverAddress ?? c.url,
    c.host,
  );
  return declareHostKey(c, t("Changed host key"), text);
}

function declareHostKey(c: TroubleContext, title: string, text: string): Explanation {
  const address = c.serverAddress ?? c.url;
  if (c.serverHostKey === undefined)
    return advice(title, text, t('Set programs.ssh.knownHosts."{0}".publicKey on {1}', address, c.host));
  const option = `programs.ssh.knownHosts.${JSON.stringify(address)}.publicKey`;
  return edit(title, text, t("Let {0} know the host key of {1}", c.host, address), [
    { kind: "set", target: { hosts: [c.host] }, option, value: c.serverHostKey },
  ]);
}

function notAllowed(c: TroubleContext): Explanation {
  const title = t("Not allowed to log in");
  const text = t("The server does not accept the SSH key of {0}'s root, which is who asks caches.", c.host);
  const { server, clientKey } = c;
  if (server === undefined || clientKey === undefined)
    return advice(
      title,
      text,
      t("Add the public key of {0}'s root to nix.sshServe.keys of the server", c.host),
    );
  return edit(title, text, t("Let {0} in on {1}", c.host, server), [
    { kind: "addToList", target: { hosts: [server] }, option: "nix.sshServe.keys", items: [clientKey] },
  ]);
}

function daemonDown({ server }: TroubleContext): Explanation {
  const title = t("The Nix daemon is down");
  const text = t("Login works, but the server's nix-daemon does not answer.");
  if (server === undefined) return advice(title, text, t("Start nix-daemon on the server"));
  return command(title, text, t("Start nix-daemon on {0}", server), {
    host: server,
    command: "systemctl restart nix-daemon.socket nix-daemon",
  });
}

function protocolMismatch(c: TroubleContext): Explanation {
  const wanted = c.url.startsWith("ssh-ng:") ? "ssh-ng" : "ssh";
  const title = t("Protocol mismatch");
  const text = t("The URL speaks {0} and the server the other of ssh and ssh-ng.", wanted);
  if (c.server === undefined)
    return advice(title, text, t("Use the scheme that the server's nix.sshServe.protocol names"));
  return edit(title, text, t("Let {0} speak {1}", c.server, wanted), [
    { kind: "set", target: { hosts: [c.server] }, option: "nix.sshServe.protocol", value: wanted },
  ]);
}

export const SSH_TROUBLES = {
  "host-key-unknown": hostKeyUnknown,
  "host-key-changed": hostKeyChanged,
  "not-allowed": notAllowed,
  "forced-command-missing": () =>
    advice(
      t("Nix is missing on the server"),
      t("Login works, but the program that serves the store is not there."),
      t("Enable nix.sshServe on the server, which sets the right command"),
    ),
  "protocol-mismatch": protocolMismatch,
  "daemon-down": daemonDown,
  penalised: () =>
    advice(
      t("Shut out for a while"),
      t("The server's sshd closes the connection at once, as it does after many failed logins."),
      t("Wait some minutes and try again"),
    ),
  "read-only": () =>
    advice(
      t("Read-only"),
      t("The server does not take paths."),
      t("Set nix.sshServe.write on the server, or push in another way"),
    ),
} satisfies Partial<Record<TroubleKind, Explain>>;
