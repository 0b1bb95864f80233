// What hosts answered about their keys, in words: why one could not be made, and what became of one that should go.

import { t } from "../l10n";
import type { Answers } from "./fixedScript";

/** Why no cache key could be made on the host; `why` is what `cacheKeyScript` told as `refused`. */
export function keyRefusal(host: string, file: string, why: string | undefined): string {
  switch (why) {
    case "exists":
      return t("{0} exists already on {1} and is not overwritten.", file, host);
    case "git":
      return t("{0} on {1} is inside a Git work tree, where a secret key must not be.", file, host);
    case "place":
      return t("{0} is no place for a secret key: it must be an absolute path outside the Nix store.", file);
    case "malformed":
      return t("{0} on {1} is there but holds no secret key of 64 bytes. It is left as it is.", file, host);
    case "no-nix":
      return t("There is no Nix on {0}.", host);
    default:
      return t("The key {0} could not be made on {1}.", file, host);
  }
}

export interface KeyRemoval {
  /** Whether the host can do without it now; else it was kept, because something there still uses it. */
  readonly over: boolean;
  readonly note: string;
}

/** What became of a key file that should go. */
export function keyRemoval(answers: Answers, host: string, file: string): KeyRemoval {
  if (answers.one("removed") !== undefined) return { over: true, note: t("removed {0} on {1}", file, host) };
  switch (answers.one("kept")) {
    case "used":
      return {
        over: false,
        note: t("{1} still signs with {0}, so it was kept: deploy {1}, then do this again", file, host),
      };
    case "absent":
      return { over: true, note: t("{0} on {1} is gone already", file, host) };
    case "other":
      return { over: true, note: t("left {0} on {1}, which is another key now", file, host) };
    default:
      return { over: false, note: t("{0} on {1} could not be removed", file, host) };
  }
}
