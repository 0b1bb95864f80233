// What a trouble with a cache means for people, and the fix that is right for it: an edit of the configuration, a command
// to run, or words.

import type { EditOperation } from "../../../server/src/protocol";
import { t } from "../l10n";
import { HTTP_PORT, type HttpService, openPort, signWhatIsServed } from "./httpServer";
import type { TroubleKind } from "./trouble";

export interface Explanation {
  /** The trouble's name as a heading. */
  readonly title: string;
  readonly text: string;
  readonly fix: CacheFix;
}

export type CacheFix =
  | { readonly kind: "edit"; readonly title: string; readonly operations: readonly EditOperation[] }
  /** A line for a shell on the named host. */
  | { readonly kind: "command"; readonly title: string; readonly host: string; readonly command: string }
  | { readonly kind: "advice"; readonly title: string };

/** What is known about the two sides; a fix needs some of it to be more than words. */
export interface TroubleContext {
  /** The host that asks. */
  readonly host: string;
  readonly url: string;
  /** The host as it stands in the URL. */
  readonly serverAddress: string | undefined;
  /** The name in the fleet of the host that serves the cache, where it is one of ours. */
  readonly server: string | undefined;
  /** Public keys as `NAME:BASE64`: with which the path is known to be signed. */
  readonly signerKeys: readonly string[];
  /** Names under which the path is signed. */
  readonly signatureNames: readonly string[];
  /** Keys of the asking host that bear such a name but are other keys. */
  readonly contradicting: readonly string[];
  /** The SSH public key of the asking host's root. */
  readonly clientKey: string | undefined;
  /** The serving host's own SSH public key, asked of that host over a connection that we trust. */
  readonly serverHostKey: string | undefined;
  readonly signingKeyFile: string | undefined;
  /** What serves the cache over HTTP, where that is known. */
  readonly service: HttpService | undefined;
  readonly path: string | undefined;
}

type Explain = (context: TroubleContext) => Explanation;

const advice = (title: string, text: string, what: string): Explanation => ({
  title,
  text,
  fix: { kind: "advice", title: what },
});

function listEdit(
  kind: "addToList" | "removeFromList",
  host: string,
  option: string,
  items: readonly string[],
): EditOperation {
  return { kind, target: { hosts: [host] }, option, items };
}

const TRUSTED = "nix.settings.trusted-public-keys";

function missingKey(c: TroubleContext): Explanation {
  const title = t("Missing key");
  const names = c.signatureNames.join(", ");
  const text = t(
    "The path is signed by {0}, and {1} trusts no key of that name: it is refused, and built instead.",
    names,
    c.host,
  );
  if (c.signerKeys.length === 0)
    return {
      title,
      text,
      fix: {
        kind: "advice",
        title: t("Add the public key of {0} to trusted-public-keys of {1}", names, c.host),
      },
    };
  const operations = [listEdit("addToList", c.host, TRUSTED, c.signerKeys)];
  return { title, text, fix: { kind: "edit", title: t("Let {0} trust {1}", c.host, names), operations } };
}

function wrongKey(c: TroubleContext): Explanation {
  const title = t("Wrong key");
  const text = t(
    "{0} trusts a key of the signer's name, but another one; of two keys with one name only the first counts.",
    c.host,
  );
  if (c.signerKeys.length === 0)
    return {
      title,
      text,
      fix: {
        kind: "advice",
        title: t("Replace the key of {0} by the signer's own", c.signatureNames.join(", ")),
      },
    };
  const operations = [
    listEdit("removeFromList", c.host, TRUSTED, c.contradicting),
    listEdit("addToList", c.host, TRUSTED, c.signerKeys),
  ];
  return {
    title,
    text,
    fix: { kind: "edit", title: t("Replace the key that {0} trusts", c.host), operations },
  };
}

function unsigned(c: TroubleContext): Explanation {
  const title = t("Not signed");
  if (c.service !== undefined && c.server !== undefined && c.signingKeyFile !== undefined) {
    const text = t("{0} on {1} hands out paths without signing them.", c.service, c.server);
    const operations = [signWhatIsServed(c.service, c.server, c.signingKeyFile)];
    return {
      title,
      text,
      fix: { kind: "edit", title: t("Let {0} sign with {1}", c.service, c.signingKeyFile), operations },
    };
  }
  const text = t(
    "The cache has the path without a signature. A signing key signs only what is built after it was set; paths that were copied there are never signed by it.",
  );
  const host = c.server;
  if (host === undefined) return advice(title, text, t("Sign the paths on the cache's side"));
  const file = c.signingKeyFile ?? "KEYFILE";
  const command = `nix --extra-experimental-features nix-command store sign -r -k ${file} ${c.path ?? "/run/current-system"}`;
  return {
    title,
    text,
    fix: { kind: "command", title: t("Sign the path and all it needs on {0}", host), host, command },
  };
}

function remembered(c: TroubleContext): Explanation {
  const text = t(
    "The cache signs the path with a key that {0} trusts, but Nix there goes by what the cache said before, for up to 30 days.",
    c.host,
  );
  const command = `nix-store --option narinfo-cache-positive-ttl 0 --realise ${c.path ?? "PATH"}`;
  const title = t("Let {0} ask the cache anew", c.host);
  return { title: t("Old answer remembered"), text, fix: { kind: "command", title, host: c.host, command } };
}

function hostKeyUnknown(c: TroubleContext): Explanation {
  const title = t("Unknown host key");
  const address = c.serverAddress ?? c.url;
  const text = t(
    "ssh on {0} does not know the host key of {1}, and nobody is there to answer its question. Declare the key instead of typing yes.",
    c.host,
    address,
  );
  if (c.serverHostKey === undefined)
    return {
      title,
      text,
      fix: {
        kind: "advice",
        title: t('Set programs.ssh.knownHosts."{0}".publicKey on {1}', address, c.host),
      },
    };
  const operation: EditOperation = {
    kind: "set",
    target: { hosts: [c.host] },
    option: `programs.ssh.knownHosts.${JSON.stringify(address)}.publicKey`,
    value: c.serverHostKey,
  };
  return {
    title,
    text,
    fix: {
      kind: "edit",
      title: t("Let {0} know the host key of {1}", c.host, address),
      operations: [operation],
    },
  };
}

function notAllowed(c: TroubleContext): Explanation {
  const title = t("Not allowed to log in");
  const text = t("The server does not accept the SSH key of {0}'s root, which is who asks caches.", c.host);
  const { server, clientKey } = c;
  if (server === undefined || clientKey === undefined)
    return {
      title,
      text,
      fix: {
        kind: "advice",
        title: t("Add the public key of {0}'s root to nix.sshServe.keys of the server", c.host),
      },
    };
  const operations = [listEdit("addToList", server, "nix.sshServe.keys", [clientKey])];
  return { title, text, fix: { kind: "edit", title: t("Let {0} in on {1}", c.host, server), operations } };
}

function daemonDown(c: TroubleContext): Explanation {
  const title = t("The Nix daemon is down");
  const text = t("Login works, but the server's nix-daemon does not answer.");
  const fix: CacheFix =
    c.server === undefined
      ? { kind: "advice", title: t("Start nix-daemon on the server") }
      : {
          kind: "command",
          title: t("Start nix-daemon on {0}", c.server),
          host: c.server,
          command: "systemctl restart nix-daemon.socket nix-daemon",
        };
  return { title, text, fix };
}

function hostKeyChanged(c: TroubleContext): Explanation {
  const known = hostKeyUnknown(c);
  return {
    title: t("Changed host key"),
    text: t(
      "{0} shows another host key than {1} knows. If it was reinstalled, declare the new key; if not, somebody is in between.",
      c.serverAddress ?? c.url,
      c.host,
    ),
    fix: known.fix,
  };
}

function protocolMismatch(c: TroubleContext): Explanation {
  const wanted = c.url.startsWith("ssh-ng:") ? "ssh-ng" : "ssh";
  const title = t("Protocol mismatch");
  const text = t("The URL speaks {0} and the server the other of ssh and ssh-ng.", wanted);
  if (c.server === undefined)
    return advice(title, text, t("Use the scheme that the server's nix.sshServe.protocol names"));
  const operation: EditOperation = {
    kind: "set",
    target: { hosts: [c.server] },
    option: "nix.sshServe.protocol",
    value: wanted,
  };
  return {
    title,
    text,
    fix: { kind: "edit", title: t("Let {0} speak {1}", c.server, wanted), operations: [operation] },
  };
}

/** Over HTTP a cache that is out of reach fails nothing: others are asked, or the path is built. */
function serverNotReached(title: string, what: string, c: TroubleContext): Explanation {
  const text = t("{0} does not reach the cache.", c.host);
  if (c.service === undefined || c.server === undefined) return advice(title, text, what);
  const operations = [openPort(c.service, c.server)];
  const fix = t("Open port {0} in the firewall of {1}", HTTP_PORT, c.server);
  return { title, text: `${text} ${what}`, fix: { kind: "edit", title: fix, operations } };
}

function notReached(title: string, what: string): Explain {
  return c => {
    if (!c.url.startsWith("ssh")) return serverNotReached(title, what, c);
    const operation: EditOperation = {
      kind: "set",
      target: { hosts: [c.host] },
      option: "nix.settings.fallback",
      value: true,
    };
    const text = t(
      "{0} does not reach the cache. With an SSH cache this fails every build there, unless fallback is set. {1}",
      c.host,
      what,
    );
    return {
      title,
      text,
      fix: {
        kind: "edit",
        title: t("Let {0} build without the cache (nix.settings.fallback)", c.host),
        operations: [operation],
      },
    };
  };
}

const EXPLANATIONS: Readonly<Record<TroubleKind, Explain>> = {
  "missing-key": missingKey,
  "wrong-key": wrongKey,
  unsigned,
  "signature-refused": c =>
    advice(
      t("Signature refused"),
      t("{0} accepts no signature of the path.", c.host),
      t("Compare trusted-public-keys of {0} with the cache's key", c.host),
    ),
  remembered,
  "malformed-key": c =>
    advice(
      t("Malformed key"),
      t(
        "An entry of trusted-public-keys on {0} is no key, which breaks every cache, also the good ones.",
        c.host,
      ),
      t("Correct the entry; the problems view shows it"),
    ),
  "secret-key-file": c =>
    advice(
      t("Bad signing key file"),
      t("A file in secret-key-files of {0} is not a secret key.", c.host),
      t("Make a new key, or name the right file"),
    ),
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
  refused: notReached(
    t("Connection refused"),
    t("Nothing listens at that address and port: check the server and its firewall."),
  ),
  "timed-out": notReached(
    t("No answer"),
    t("The server does not answer: check that it is on, and the firewall."),
  ),
  "no-route": notReached(t("No route"), t("There is no way to the server from there.")),
  "name-unknown": notReached(
    t("Unknown name"),
    t(
      "The name of the server has no address on this host: check it for typing errors, a trailing slash, and DNS.",
    ),
  ),
  penalised: () =>
    advice(
      t("Shut out for a while"),
      t("The server's sshd closes the connection at once, as it does after many failed logins."),
      t("Wait some minutes and try again"),
    ),
  absent: () =>
    advice(
      t("Not in the cache"),
      t("The cache works and does not have this path."),
      t(
        "Build the path where the cache is fed, or push it; Nix remembers for an hour that it was absent (use --refresh)",
      ),
    ),
  unauthorized: c =>
    advice(
      t("Not authorised"),
      t("The cache wants credentials."),
      t("Put them into the netrc file of {0} (nix.settings.netrc-file), not into the URL", c.host),
    ),
  "server-error": () =>
    advice(
      t("Server error"),
      t("The cache answers with an error of its own."),
      t("Look at the cache's server"),
    ),
  "other-store": () =>
    advice(
      t("Another store folder"),
      t("The cache is for another store folder than /nix/store; Nix never uses it."),
      t("Remove the cache"),
    ),
  "not-a-cache": () =>
    advice(
      t("Not a binary cache"),
      t("There is no usable nix-cache-info at that address."),
      t("Check the URL"),
    ),
  "no-s3": c =>
    advice(
      t("Nix without S3"),
      t("Nix on {0} was built without S3, as Debian's was up to 2.26.", c.host),
      t("Use a Nix with S3 there, or reach the bucket over HTTPS"),
    ),
  corrupt: () =>
    advice(
      t("Corrupt answer"),
      t("The cache answers with what Nix can't read."),
      t("Look at the cache's server, or what is in between"),
    ),
  "bad-url": () =>
    advice(
      t("Not a store URL"),
      t("Nix can't read the URL."),
      t("Correct the URL; the problems view shows what is wrong"),
    ),
  tls: () =>
    advice(
      t("TLS failed"),
      t("No secure connection could be made."),
      t("Check the certificate and the host's clock"),
    ),
  "not-trusted-user": c =>
    advice(
      t("Not a trusted user"),
      t("The daemon ignores caches that this user names."),
      t("Put the cache into nix.settings.substituters of {0}", c.host),
    ),
  "read-only": () =>
    advice(
      t("Read-only"),
      t("The server does not take paths."),
      t("Set nix.sshServe.write on the server, or push in another way"),
    ),
  "no-nix": c => advice(t("Nix is missing"), t("There is no Nix on {0}.", c.host), t("Install Nix")),
  "no-login": c =>
    advice(t("Not asked"), t("{0} could not be asked.", c.host), t("Check the connection to the host")),
  unknown: () =>
    advice(t("Failed"), t("It failed in a way that is not known here."), t("Read what Nix said")),
};

export function explain(kind: TroubleKind, context: TroubleContext): Explanation {
  return EXPLANATIONS[kind](context);
}
