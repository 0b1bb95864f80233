// Troubles with what a cache answers: it does not have the path, wants credentials, or is no cache for this store.

import { t } from "../l10n";
import { advice, type Explain } from "./explanation";
import type { TroubleKind } from "./trouble";

export const ANSWER_TROUBLES = {
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
  unknown: () =>
    advice(t("Failed"), t("It failed in a way that is not known here."), t("Read what Nix said")),
} satisfies Partial<Record<TroubleKind, Explain>>;
