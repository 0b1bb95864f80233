// Troubles with keys and signatures: which key is missing, wrong or malformed, and what is not signed at all.

import type { EditOperation } from "../../../server/src/protocol";
import { t } from "../l10n";
import { quoteRemote } from "../ports/quoteRemote";
import { advice, command, type Explain, type Explanation, edit, type TroubleContext } from "./explanation";
import { signWhatIsServed } from "./httpServer";
import type { TroubleKind } from "./trouble";

function missingKey(c: TroubleContext): Explanation {
  const title = t("Missing key");
  const names = c.signatureNames.join(", ");
  const text = t(
    "The path is signed by {0}, and {1} trusts no key of that name: it is refused, and built instead.",
    names,
    c.host,
  );
  if (c.signerKeys.length === 0)
    return advice(title, text, t("Add the public key of {0} to trusted-public-keys of {1}", names, c.host));
  return edit(title, text, t("Let {0} trust {1}", c.host, names), [
    trusted("addToList", c.host, c.signerKeys),
  ]);
}

function wrongKey(c: TroubleContext): Explanation {
  const title = t("Wrong key");
  const text = t(
    "{0} trusts a key of the signer's name, but another one; of two keys with one name only the first counts.",
    c.host,
  );
  if (c.signerKeys.length === 0)
    return advice(title, text, t("Replace the key of {0} by the signer's own", c.signatureNames.join(", ")));
  return edit(title, text, t("Replace the key that {0} trusts", c.host), [
    trusted("removeFromList", c.host, c.contradicting),
    trusted("addToList", c.host, c.signerKeys),
  ]);
}

function trusted(
  kind: "addToList" | "removeFromList",
  host: string,
  items: readonly string[],
): EditOperation {
  return { kind, target: { hosts: [host] }, option: "nix.settings.trusted-public-keys", items };
}

function unsigned(c: TroubleContext): Explanation {
  const title = t("Not signed");
  if (c.httpServer !== undefined && c.server !== undefined && c.signingKeyFile !== undefined) {
    const text = t("{0} on {1} hands out paths without signing them.", c.httpServer.service, c.server);
    const what = t("Let {0} sign with {1}", c.httpServer.service, c.signingKeyFile);
    return edit(title, text, what, [signWhatIsServed(c.httpServer, c.server, c.signingKeyFile)]);
  }
  const text = t(
    "The cache has the path without a signature. A signing key signs only what is built after it was set; paths that were copied there are never signed by it.",
  );
  const host = c.server;
  if (host === undefined) return advice(title, text, t("Sign the paths on the cache's side"));
  const file = c.signingKeyFile ?? "KEYFILE";
  return command(title, text, t("Sign the path and all it needs on {0}", host), {
    host,
    command: `nix --extra-experimental-features nix-command store sign -r -k ${quoteRemote(file)} ${c.path ?? "/run/current-system"}`,
  });
}

function remembered(c: TroubleContext): Explanation {
  const text = t(
    "The cache signs the path with a key that {0} trusts, but Nix there goes by what the cache said before, for up to 30 days.",
    c.host,
  );
  return command(t("Old answer remembered"), text, t("Let {0} ask the cache anew", c.host), {
    host: c.host,
    command: `nix-store --option narinfo-cache-positive-ttl 0 --realise ${c.path ?? "PATH"}`,
  });
}

export const KEY_TROUBLES = {
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
} satisfies Partial<Record<TroubleKind, Explain>>;
