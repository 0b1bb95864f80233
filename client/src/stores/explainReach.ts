// Troubles on the way: the cache is not reached, or whoever asks cannot ask at all.

import { t } from "../l10n";
import { advice, type Explain, type Explanation, edit, type TroubleContext } from "./explanation";
import { openPort } from "./httpServer";
import type { TroubleKind } from "./trouble";

function notReached(c: TroubleContext, title: string, what: string): Explanation {
  if (!c.url.startsWith("ssh")) return serverNotReached(c, title, what);
  const text = t(
    "{0} does not reach the cache. With an SSH cache this fails every build there, unless fallback is set. {1}",
    c.host,
    what,
  );
  const target = { hosts: [c.host] };
  return edit(title, text, t("Let {0} build without the cache (nix.settings.fallback)", c.host), [
    { kind: "set", target, option: "nix.settings.fallback", value: true },
  ]);
}

/** Over HTTP a cache that is out of reach fails nothing: others are asked, or the path is built. */
function serverNotReached(c: TroubleContext, title: string, what: string): Explanation {
  const text = t("{0} does not reach the cache.", c.host);
  if (c.httpServer === undefined || c.server === undefined) return advice(title, text, what);
  const fix = t("Open port {0} in the firewall of {1}", c.httpServer.port, c.server);
  return edit(title, `${text} ${what}`, fix, [openPort(c.httpServer, c.server)]);
}

export const REACH_TROUBLES = {
  refused: c =>
    notReached(
      c,
      t("Connection refused"),
      t("Nothing listens at that address and port: check the server and its firewall."),
    ),
  "timed-out": c =>
    notReached(c, t("No answer"), t("The server does not answer: check that it is on, and the firewall.")),
  "no-route": c => notReached(c, t("No route"), t("There is no way to the server from there.")),
  "name-unknown": c =>
    notReached(
      c,
      t("Unknown name"),
      t(
        "The name of the server has no address on this host: check it for typing errors, a trailing slash, and DNS.",
      ),
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
  "no-s3": c =>
    advice(
      t("Nix without S3"),
      t("Nix on {0} was built without S3, as Debian's was up to 2.26.", c.host),
      t("Use a Nix with S3 there, or reach the bucket over HTTPS"),
    ),
  "no-nix": c => advice(t("Nix is missing"), t("There is no Nix on {0}.", c.host), t("Install Nix")),
  "no-login": c =>
    advice(t("Not asked"), t("{0} could not be asked.", c.host), t("Check the connection to the host")),
} satisfies Partial<Record<TroubleKind, Explain>>;
